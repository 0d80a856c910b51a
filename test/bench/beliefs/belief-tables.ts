import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { Client } from 'pg';
import { BeliefsService } from '#lib/beliefs';
import type { Settings } from '#lib/config';
import { EmbeddedPostgres, Migrator, Transactions } from '#lib/database';
import { Sensor } from '#lib/sensors';
import { aSensor, aSource, beliefs, DAY_MS, START, startBenchApp, YEAR } from '../bench-app';
import type { BeliefForm } from './belief-forms';

const TABLE_ROWS = 5_000_000;

/** The first of the sensors that fill the table. */
const METER_ID = 1_000_000;

/** The order in which beliefs of many sensors arrive: as meter data, as forecasts and schedules, or imported. */
export type WritingOrder = 'by quarter-hour' | 'by day' | 'by sensor';

/** A database with 5 million beliefs. */
export interface BeliefTable {
  name: string;
  app: INestApplicationContext;
  /** A sensor with three beliefs per quarter-hour of a year, saved together. */
  sensor: Sensor;
  /** A sensor with one belief per quarter-hour, saved between those of all other sensors. */
  meter: Sensor;
  sourceId: number;
}

/** Runs `work` with an embedded server that has the settings of production. */
export async function withServer<T>(work: (uri: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const server = new EmbeddedPostgres(home);
  try {
    return await work(await server.ensureRunning());
  } finally {
    server.stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    rmSync(home, { recursive: true });
  }
}

/** Runs `work` on one database per form. */
export function withTables<T>(forms: BeliefForm[], work: (tables: BeliefTable[]) => Promise<T>): Promise<T> {
  return withServer(async (uri) => {
    const tables: BeliefTable[] = [];
    try {
      for (const form of forms) tables.push(await fillTable(uri, form));
      return await work(tables);
    } finally {
      for (const { app } of tables) await app.close();
    }
  });
}

/** Fills a new database. Without a form, its table of beliefs is that of the migrations. */
export async function fillTable(
  serverUri: string,
  { name, create, afterwards = [] }: Partial<BeliefForm>,
  { settings = {}, order = 'by quarter-hour' }: { settings?: Partial<Settings>; order?: WritingOrder } = {},
): Promise<BeliefTable> {
  const uri = await createDatabase(serverUri);
  const app = await startBenchApp(uri, settings);
  const database = app.get(Transactions);
  if (create) for (const statement of ['DROP TABLE timed_belief', ...create]) await database.query(statement);
  const sensor = await aSensor(app);
  const sourceId = await aSource(app);
  const forecaster = await aSource(app, 'bench forecaster');
  const service = app.get(BeliefsService);
  await service.save(sensor, beliefs(YEAR, forecaster, START, DAY_MS, 1));
  await service.save(sensor, beliefs(YEAR, forecaster, START, 6 * 3_600_000, 2));
  await service.save(sensor, beliefs(YEAR, sourceId, START, 0));
  await fillBeliefs(database, TABLE_ROWS - 3 * YEAR, order);
  for (const statement of [...afterwards, 'VACUUM ANALYZE timed_belief', 'CHECKPOINT'])
    await database.query(statement);
  return {
    name: name ?? 'as migrated',
    app,
    sensor,
    meter: Object.assign(new Sensor(), sensor, { id: METER_ID + 7 }),
    sourceId,
  };
}

/** Bytes per belief of the heap and of all indexes together. */
export async function sizes({ app }: BeliefTable): Promise<string> {
  const [row] = await app.get(Transactions).query<{ rows: string; heap: string; indexes: string }>(
    `SELECT (SELECT count(*) FROM timed_belief) AS rows, sum(pg_relation_size(oid)) AS heap,
       sum(pg_indexes_size(oid)) AS indexes
     FROM pg_class WHERE relname ~ '^timed_belief' AND relkind = 'r'`,
  );
  const perBelief = (bytes: string): string => (Number(bytes) / Number(row!.rows)).toFixed(1);
  return `${Number(row!.rows)} beliefs, bytes per belief: heap ${perBelief(row!.heap)}, indexes ${perBelief(row!.indexes)}`;
}

let databases = 0;

/** A new database, migrated. */
async function createDatabase(serverUri: string): Promise<string> {
  const name = `bench_${++databases}`;
  const client = new Client(serverUri);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const uri = serverUri.replace(/\/[^/]*$/, `/${name}`);
  await new Migrator(uri).upgrade();
  return uri;
}

/** Beliefs about 140 other sensors for a year, in the order of arrival. */
async function fillBeliefs(database: Transactions, rows: number, order: WritingOrder): Promise<void> {
  const sorting = {
    'by quarter-hour': 'i',
    'by day': "date_trunc('day', event_start), sensor_id, i",
    'by sensor': 'sensor_id, i',
  };
  await database.query(
    `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, event_value)
     SELECT sensor_id, 1, event_start, 0, i
     FROM generate_series(0, $1::int - 1) AS i,
       LATERAL (SELECT ${METER_ID} + i % 140, timestamptz '2020-01-01Z' + (i / 140) * interval '15 minutes')
         AS event (sensor_id, event_start)
     ORDER BY ${sorting[order]}`,
    [rows],
  );
}
