import 'reflect-metadata';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { BeliefImportService, BeliefsService } from '#lib/beliefs';
import { readSettings } from '#lib/config';
import { getDatabaseUri, EmbeddedPostgres, Migrator, Transactions } from '#lib/database';
import { aSensor, aSource, beliefs, DAY_MS, QUARTER_MS, START, startBenchApp, YEAR } from '../bench-app';
import { measure, type Figure } from '../figures';

const MILLION = 1_000_000;
const TABLE_ROWS = 5_000_000;

/** Saves, searches and imports beliefs in the embedded or the configured database. */
export async function benchBeliefs(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const settings = { ...readSettings(), home };
  const uri = await getDatabaseUri(settings);
  await new Migrator(uri).upgrade();
  const app = await startBenchApp(uri);
  try {
    await fillTable(app);
    return [...(await benchImport(app, home)), ...(await benchSave(app)), ...(await benchSearch(app))];
  } finally {
    await app.close();
    if (settings.databaseUri === undefined) {
      new EmbeddedPostgres(home).stop();
      rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    }
    rmSync(home, { recursive: true });
  }
}

/** A file of quarter-hourly values; every `changeEvery`-th differs from those of a file without changes. */
async function writeFile(path: string, changeEvery = Infinity): Promise<void> {
  const file = createWriteStream(path);
  file.write('event_start,value\n');
  let chunk = '';
  for (let i = 0; i < MILLION; i++) {
    const value = Math.round(1000 * Math.sin(i / 10)) / 1000 + (i % changeEvery === changeEvery - 1 ? 1 : 0);
    chunk += `${new Date(START + i * QUARTER_MS).toISOString()},${value}\n`;
    if (i % 10_000 === 9999) {
      if (!file.write(chunk)) await once(file, 'drain');
      chunk = '';
    }
  }
  file.end(chunk);
  await finished(file);
}

async function benchImport(app: INestApplicationContext, home: string): Promise<Figure[]> {
  const fresh = join(home, 'fresh.csv');
  const halfChangedFile = join(home, 'half.csv');
  await writeFile(fresh);
  await writeFile(halfChangedFile, 2);
  const sourceId = await aSource(app);
  const importer = app.get(BeliefImportService);
  const figures: Figure[] = [];
  let sensor = await aSensor(app);
  const importFile = async (path: string): Promise<string> => {
    const start = performance.now();
    await importer.importFile(sensor, path, { sourceId, nowMs: Date.now() });
    const rate = Math.round(MILLION / ((performance.now() - start) / 1000));
    return `${rate} beliefs/s, peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`;
  };
  figures.push(
    await measure('import 1,000,000 beliefs, nothing known', () => importFile(fresh), {
      runs: 1,
      warmUps: 0,
    }),
    await measure('import 1,000,000 beliefs, half of them known', () => importFile(halfChangedFile), {
      runs: 1,
      warmUps: 0,
    }),
  );
  sensor = await aSensor(app);
  figures.push(
    await measure('import 1,000,000 beliefs, nothing known', () => importFile(fresh), {
      runs: 1,
      warmUps: 0,
    }),
  );
  return figures;
}

async function benchSave(app: INestApplicationContext): Promise<Figure[]> {
  const service = app.get(BeliefsService);
  const sourceId = await aSource(app);
  const sensor = await aSensor(app);
  let day = 0;
  const saveDay = () => service.save(sensor, beliefs(96, sourceId, START + day++ * DAY_MS));
  const saveYear = async () => service.save(await aSensor(app), beliefs(YEAR, sourceId, START));
  return [
    await measure('save one day at 15 min (96)', saveDay, { runs: 50, warmUps: 10 }),
    await measure('save one year at 15 min (35,040)', saveYear, { runs: 7, warmUps: 1 }),
  ];
}

async function benchSearch(app: INestApplicationContext): Promise<Figure[]> {
  const service = app.get(BeliefsService);
  const sensor = await aSensor(app);
  const [first, second] = [await aSource(app), await aSource(app, 'bench forecaster')];
  await service.save(sensor, beliefs(YEAR, second, START, DAY_MS, 1));
  await service.save(sensor, beliefs(YEAR, second, START, 6 * 3_600_000, 2));
  await service.save(sensor, beliefs(YEAR, first, START, 0));
  await settle(app);
  const year = { eventStartsAfterMs: START, eventStartsBeforeMs: START + YEAR * QUARTER_MS };
  const dayStart = START + 100 * DAY_MS;
  const day = { eventStartsAfterMs: dayStart, eventStartsBeforeMs: dayStart + DAY_MS };
  const search = (name: string, filter: Parameters<BeliefsService['latestPerEvent']>[1]) =>
    measure(name, async () => `${(await service.latestPerEvent(sensor, filter)).values.length} events`, {
      runs: 31,
      warmUps: 10,
    });
  return [
    await search('latest per event, one year (105,120 rows)', year),
    await search('latest per event, one year, prior', { ...year, beliefsBeforeMs: START + 200 * DAY_MS }),
    await search('latest per event, one year, horizon', { ...year, horizonAtLeastMs: 3_600_000 }),
    await search('latest per event, one day', day),
    await search('latest per event, one day, prior', { ...day, beliefsBeforeMs: dayStart + DAY_MS / 2 }),
    await search('latest per event, one day, horizon', { ...day, horizonAtLeastMs: 3_600_000 }),
  ];
}

/** Runs the work of autovacuum before the measurement, so that it does not start during it. */
async function settle(app: INestApplicationContext): Promise<void> {
  const database = app.get(Transactions, { strict: false });
  for (const statement of ['VACUUM ANALYZE timed_belief', 'CHECKPOINT']) await database.query(statement);
}

/** Beliefs about other sensors, so that the table has a realistic size. */
async function fillTable(app: INestApplicationContext): Promise<void> {
  const database = app.get(Transactions, { strict: false });
  const [row] = await database.query<{ count: string }>('SELECT count(*) FROM timed_belief');
  const missing = TABLE_ROWS - Number(row?.count);
  if (missing > 0) {
    await database.query(
      `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, event_value)
       SELECT 1000000 + i % 50, 1, timestamptz '2020-01-01Z' + (i / 50) * interval '15 minutes', 0, i
       FROM generate_series(1, $1::int) AS i`,
      [missing],
    );
  }
  await settle(app);
}
