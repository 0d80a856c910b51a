import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { BeliefImportService, BeliefsService, type ImportOptions } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { aSensor, aSource } from '../../harness/databases/factories';

const HOUR_MS = 3_600_000;
const MANY = 120_000;

describe('importing beliefs', () => {
  let app: TestApp;
  let folder: string;
  let sourceId: number;

  beforeAll(async () => {
    app = await startTestApp();
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-import-'));
    sourceId = await aSource(app);
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const fileOf = (content: string): string => {
    const path = join(folder, 'beliefs.csv');
    writeFileSync(path, content);
    return path;
  };
  const load = (sensor: Sensor, content: string, options: Partial<ImportOptions> = {}) =>
    app
      .get(BeliefImportService)
      .importFile(sensor, fileOf(content), { sourceId, timezone: 'UTC', ...options });
  const count = async (sensor: Sensor): Promise<number> =>
    (await app.get(BeliefsService).search(sensor, {})).values.length;
  const quarters = (rows: number): string =>
    Array.from({ length: rows }, (_, i) => `${new Date(i * 900_000).toISOString()},${i % 10}\n`).join('');

  it('keeps belief times when it resamples, and counts horizons from the events of the sensor', async () => {
    const rows = '2026-03-04T00:00,4,2026-03-03T12:00\n2026-03-04T01:00,8,2026-03-03T12:00\n';
    const timing = { knowledgeHorizonFnc: 'ex_ante', knowledgeHorizonPar: { ex_ante_horizon: 'PT0H' } };
    const [known, ahead] = [
      await aSensor(app, { eventResolutionMs: HOUR_MS / 2 }),
      await aSensor(app, timing),
    ];
    await load(known, rows, { beliefcol: 2 });
    await load(ahead, rows, { beliefcol: 2, nrows: 1, resample: false });
    const horizonsOf = async (sensor: Sensor): Promise<number[]> =>
      Array.from((await app.get(BeliefsService).search(sensor, {})).beliefHorizons, (ms) => ms / HOUR_MS);
    expect(await horizonsOf(known)).toEqual([12.5, 13, 13.5, 14]);
    expect(await horizonsOf(ahead)).toEqual([12]);
    const [fixed, longer] = [
      await aSensor(app),
      await aSensor(app, { eventResolutionMs: 2 * HOUR_MS, timezone: 'UTC' }),
    ];
    await load(fixed, rows, { horizonMs: HOUR_MS });
    await load(longer, rows, { horizonMs: HOUR_MS, priorMs: Date.parse('2026-03-03T13:00Z') });
    expect(await horizonsOf(fixed)).toEqual(Array(8).fill(1));
    expect(await horizonsOf(longer)).toEqual([13]);
  });

  it.each([
    [
      'a bad value',
      `${quarters(MANY)}2030-01-01T00:00Z,x\n`,
      `line ${MANY + 1}, column 2: 'x' is not a number`,
    ],
    [
      'a row out of step',
      `${quarters(MANY)}2030-01-01T00:07Z,1\n`,
      `line ${MANY + 1}, column 1: the event at`,
    ],
  ])('saves none of the many rows before %s, and closes the file', async (_name, content, message) => {
    const sensor = await aSensor(app);
    await expect(load(sensor, content)).rejects.toThrow(`beliefs.csv, ${message}`);
    expect(await count(sensor)).toBe(0);
    expect(openFiles()).not.toContain(join(folder, 'beliefs.csv'));
    await load(sensor, quarters(10));
    expect(await count(sensor)).toBe(10);
  });

  it('closes the file when the database refuses its beliefs', async () => {
    const sensor = await aSensor(app);
    const values = [1, 2, 3].map((value) => `2026-03-04T0${value}:00Z,${value}\n`).join('');
    await load(sensor, values, { nowMs: 0 });
    const others = `${values.replace(',1', ',5')}${quarters(MANY)}`;
    await expect(load(sensor, others, { nowMs: 0, resample: false })).rejects.toMatchObject({
      code: 'INVALID_REPLACEMENT',
    });
    await expect(
      load(Object.assign(Object.create(sensor) as Sensor, { id: 99_999 }), others),
    ).rejects.toMatchObject({
      code: 'SENSOR_NOT_FOUND',
    });
    expect(openFiles()).not.toContain(join(folder, 'beliefs.csv'));
  });

  it('uses the time after it has locked the sensor as the current time', async () => {
    const sensor = await aSensor(app);
    const other = new Client(app.databaseUri);
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM sensor WHERE id = $1 FOR UPDATE', [sensor.id]);
    const loading = load(sensor, quarters(4));
    await sleep(300);
    const released = Date.now();
    await other.query('COMMIT');
    await other.end();
    await loading;
    const { eventStarts, beliefHorizons } = await app.get(BeliefsService).search(sensor, {});
    expect(eventStarts[0]! + 900_000 - beliefHorizons[0]!).toBeGreaterThanOrEqual(released);
  });

  it('reports its progress', async () => {
    const shares: number[] = [];
    await load(await aSensor(app), quarters(MANY), { onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    expect(shares.at(-1)).toBe(1);
  });
});

/** Paths of the open files of this process, where the system provides them. */
function openFiles(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return [];
    }
  });
}
