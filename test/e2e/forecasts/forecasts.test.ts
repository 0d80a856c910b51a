import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiHere, type Api } from '../../harness/servers/api';
import { flexmeasures } from '../../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT, withClient } from '../../harness/databases/templates';
import { waitForEvents } from '../../harness/databases/wait-for-events';

const HOUR_MS = 3_600_000;
/** Id of the toy account's price sensor. */
const PRICES = 3;

describe('Forecasts over HTTP', () => {
  let database: TestDatabase;
  let api: Api;
  let token: string;
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const iso = (ms: number): string => new Date(ms).toISOString();

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    const run = (...args: string[]) => flexmeasures(args, { databaseUri: database.uri });
    await run(
      ...['add', 'sensor', '--name', 'load', '--asset-id', '2', '--unit', 'MW', '--event-resolution', '60'],
      ...['--timezone', 'Europe/Amsterdam'],
    );
    for (const name of ['tariff', 'market'])
      await run(
        ...[
          'add',
          'sensor',
          '--name',
          name,
          '--asset-id',
          '2',
          '--unit',
          'EUR/MWh',
          '--event-resolution',
          '60',
        ],
        ...['--timezone', 'Europe/Amsterdam'],
      );
    const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-'));
    const file = join(folder, 'prices.csv');
    const prices = Array.from({ length: 24 }, (_, i) => `${iso(nowMs + i * HOUR_MS)},${50 + i}`);
    writeFileSync(file, `time,price\n${prices.join('\n')}\n`);
    await run('add', 'beliefs', file, '--sensor-id', String(PRICES), '--source', 'market');
    rmSync(folder, { recursive: true });
    api = await startApiHere(database.uri);
    token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const send = (path: string, json: object) => api.request('POST', `/api/v3_0${path}`, { token, json });
  const get = async (path: string) =>
    (await api.request('GET', `/api/v3_0${path}`, { token })).body as Record<string, unknown>;

  /** Values of a sensor for a number of hours from a time on. */
  const values = async (sensor: number, startMs: number, hours: number, filter = '') => {
    const query = `sensor=${sensor}&start=${iso(startMs)}&duration=PT${hours}H&unit=MW${filter}`;
    return (await get(`/sensors/data?${query}`))['values'] as (number | null)[];
  };

  const until = async <T>(ask: () => Promise<T>, isDone: (found: T) => boolean): Promise<T> => {
    for (;;) {
      const found = await ask();
      if (isDone(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };

  const idOf = async (name: string): Promise<number> => {
    const sensors = (await api.request('GET', '/api/v3_0/sensors', { token })).body as {
      name: string;
      entity_address: string;
    }[];
    return Number(sensors.find((one) => one.name === name)!.entity_address.split('fm1.')[1]);
  };

  /** Posts hourly measurements from a time on. */
  const post = async (sensor: number, startMs: number, unit: string, measured: number[]) => {
    const { status } = await send('/sensors/data', {
      ...{ sensor, start: iso(startMs), duration: `PT${measured.length}H`, unit, horizon: 'PT0H' },
      values: measured,
    });
    expect(status).toBe(200);
  };

  it('are made when measurements arrive, can be found by horizon and prior, and are used by schedules', async () => {
    const load = await idOf('load');
    const hours = 24 * 30;
    const startMs = nowMs - hours * HOUR_MS;
    const usual = (ms: number): number => 0.2 + 0.1 * Math.sin((2 * Math.PI * ms) / (24 * HOUR_MS));
    await post(
      load,
      startMs,
      'MW',
      Array.from({ length: hours }, (_, i) => usual(startMs + i * HOUR_MS)),
    );

    const forecasts = await until(
      () => values(load, nowMs, 48),
      (found) => found.every((value) => value !== null),
    );
    for (const [i, value] of forecasts.entries())
      expect(Math.abs(value! - usual(nowMs + i * HOUR_MS))).toBeLessThan(0.03);

    // Six hours after the latest measurement there is the forecast, and nothing later.
    const sixHoursAhead = await values(load, nowMs, 48, '&horizon=PT6H');
    expect(sixHoursAhead.slice(0, 6).every((value) => value !== null)).toBe(true);
    expect(await values(load, nowMs, 6, '&horizon=PT72H')).toEqual(new Array(6).fill(null));
    const before = `&prior=${iso(nowMs - 20 * HOUR_MS)}`;
    const priorValues = await values(load, nowMs, 48, before);
    // Twenty hours ago, the forecasts with a horizon of 48 hours reached 28 hours into the future.
    expect(priorValues.slice(0, 27).every((value) => value !== null)).toBe(true);
    expect(priorValues.slice(29).every((value) => value === null)).toBe(true);

    const triggered = await send(`/sensors/${await idOf('discharging')}/schedules/trigger`, {
      start: iso(nowMs),
      duration: 'PT24H',
      'flex-model': { 'soc-at-start': 225, 'soc-unit': 'kWh' },
      'flex-context': {
        'consumption-price-sensor': PRICES,
        'inflexible-device-sensors': [load],
      },
    });
    const { schedule } = triggered.body as { schedule: string };
    const job = await until(
      () => get(`/jobs/${schedule}`),
      ({ state }) => state === 'finished' || state === 'failed',
    );
    // Unknown loads would be reported here.
    expect(job).toMatchObject({ state: 'finished', result: { warnings: [] } });
  });

  it('of prices are used by schedules, and older forecasts stay when more prices are known', async () => {
    const tariff = await idOf('tariff');
    // Low prices at night, except for the last hour.
    const price = (ms: number): number => (new Date(ms).getUTCHours() < 8 ? 20 : 80);
    const hours = 24 * 30;
    const startMs = nowMs - HOUR_MS - hours * HOUR_MS;
    const prices = Array.from({ length: hours }, (_, i) => price(startMs + i * HOUR_MS));
    await post(tariff, startMs, 'EUR/MWh', prices);
    const ask = (filter = '') =>
      get(`/sensors/data?sensor=${tariff}&start=${iso(nowMs)}&duration=PT47H&unit=EUR/MWh${filter}`);
    const known = async (filter = '') => (await ask(filter))['values'] as (number | null)[];
    const isComplete = (found: (number | null)[]) => found.every((value) => value !== null);
    const before = await until(known, isComplete);
    for (const [i, value] of before.entries())
      expect(Math.abs(value! - price(nowMs + i * HOUR_MS))).toBeLessThan(10);
    const priorQuery = `&prior=${iso(nowMs - HOUR_MS)}`;
    const then = await known(priorQuery);
    expect(then).toEqual(before);
    const dayAhead = await known(`${priorQuery}&horizon=PT24H`);
    expect(dayAhead.slice(0, 23).every((value) => value !== null)).toBe(true);

    const scheduled = await send(`/sensors/${await idOf('discharging')}/schedules/trigger`, {
      ...{ start: iso(nowMs), duration: 'PT24H' },
      'flex-model': { 'soc-at-start': 225, 'soc-unit': 'kWh' },
      'flex-context': {
        'consumption-price-sensor': tariff,
        'inflexible-device-sensors': [await idOf('load')],
      },
    });
    const { schedule } = scheduled.body as { schedule: string };
    const job = await until(
      () => get(`/jobs/${schedule}`),
      ({ state }) => state === 'finished' || state === 'failed',
    );
    expect(job).toMatchObject({ state: 'finished', result: { warnings: [] } });
    const { values: powers } = (await get(
      `/sensors/${await idOf('discharging')}/schedules/${schedule}?duration=PT24H`,
    )) as unknown as { values: number[] };
    const perHour = powers.length / 24;
    const charged = { night: 0, day: 0 };
    for (const [i, power] of powers.entries())
      charged[price(nowMs + Math.floor(i / perHour) * HOUR_MS) === 20 ? 'night' : 'day'] += power;
    expect(charged.night).toBeGreaterThan(0);
    expect(charged.day).toBeLessThan(0);

    await post(tariff, nowMs - HOUR_MS, 'EUR/MWh', [500]);
    await until(
      async () =>
        (
          await get(
            `/sensors/data?sensor=${tariff}&start=${iso(nowMs + 47 * HOUR_MS)}&duration=PT1H&unit=EUR/MWh`,
          )
        )['values'] as (number | null)[],
      isComplete,
    );
    await until(known, (found) => JSON.stringify(found) !== JSON.stringify(before));
    expect(await known(priorQuery)).toEqual(before);
    expect(await known(`${priorQuery}&horizon=PT24H`)).toEqual(dayAhead);
  });

  it('continue after the posted prices for tomorrow, and do not change those', async () => {
    const market = await idOf('market');
    const hours = 24 * 31;
    const startMs = nowMs - 24 * 30 * HOUR_MS;
    const prices = Array.from(
      { length: hours },
      (_, i) => (i % 24 < 8 ? 20 : 80) + (i >= hours - 24 ? 500 : 0),
    );
    const { status } = await send('/sensors/data', {
      ...{ sensor: market, start: iso(startMs), duration: `PT${hours}H`, unit: 'EUR/MWh', values: prices },
    });
    expect(status).toBe(200);
    const ahead = async () =>
      (await get(`/sensors/data?sensor=${market}&start=${iso(nowMs)}&duration=PT72H&unit=EUR/MWh`))[
        'values'
      ] as (number | null)[];
    const found = await until(ahead, (values) => values.every((value) => value !== null));
    expect(found.slice(0, 24)).toEqual(prices.slice(-24));
    expect(found[24]).not.toBe(found[23]);
  });

  it('are compared with measurements and with naive forecasts', async () => {
    const load = await idOf('load');
    const dayMs = 24 * HOUR_MS;
    const window = `event_starts_after=${iso(nowMs - dayMs)}&event_ends_before=${iso(nowMs)}`;
    const found = await get(`/sensors/${load}/accuracy?${window}&horizon=PT24H`);
    expect(found).toMatchObject({
      ...{ sensor: load, unit: 'MW', status: 200 },
      forecasts: [
        {
          ...{ horizon: 'PT24H', count: 24, source: { name: 'Seita', model: 'linear-OLS' } },
          baselines: [
            { method: 'last-value' },
            { method: 'same-time-yesterday' },
            { method: 'same-time-last-week' },
          ],
        },
      ],
    });
    expect(await get(`/sensors/${load}/accuracy?${window}&source=999`)).toMatchObject({
      message: { query: { source: ['No data source found with id 999.'] } },
    });
    const { stdout } = await flexmeasures(
      ['show', 'accuracy', '--sensor-id', String(load), '--horizon', '24'],
      {
        databaseUri: database.uri,
      },
    );
    expect(stdout).toContain('Seita (linear-OLS v5)');
    expect(stdout).toMatch(/- same time yesterday +24 /);
  });

  it('are not made from forecasts of other sources', async () => {
    const countJobs = async () => {
      const { stdout } = await flexmeasures(['jobs', 'show-queues'], { databaseUri: database.uri });
      return /forecasting.*/.exec(stdout)![0];
    };
    await withClient(database.uri, waitForEvents);
    const before = await until(countJobs, (line) => /^forecasting +0 +0 /.test(line));
    const load = await idOf('load');
    for (const said of [
      { start: iso(nowMs + 100 * HOUR_MS) },
      // A forecast for an hour in the past.
      { start: iso(nowMs - 2 * HOUR_MS), horizon: 'PT6H' },
    ]) {
      const { status } = await send('/sensors/data', {
        ...{ sensor: load, duration: 'PT1H', unit: 'MW', values: [1] },
        ...said,
      });
      expect(status).toBe(200);
    }
    await withClient(database.uri, waitForEvents);
    expect(await countJobs()).toBe(before);
  });
});
