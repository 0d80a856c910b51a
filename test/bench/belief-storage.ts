import 'reflect-metadata';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { BeliefsService, type BeliefSearch } from '#lib/beliefs';
import { pickBeliefs, type BeliefColumns } from '#lib/beliefs/model';
import { EmbeddedPostgres, Migrator, Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { aSensor, aSource, beliefs, DAY_MS, QUARTER_MS, START, startBenchApp, YEAR } from './bench-app';
import { measureInTurns, type Figure } from './figures';
import { BELIEF_FORMS, fillBeliefs } from './belief-forms';

const MILLION = 1_000_000;
const TABLE_ROWS = 5_000_000;

interface Subject {
  name: string;
  app: INestApplicationContext;
  sensor: Sensor;
  sourceId: number;
}

/** The ways to store beliefs that docs/data-model.md compares, on an embedded server of their own. */
export async function benchBeliefStorage(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const server = new EmbeddedPostgres(home);
  const subjects: Subject[] = [];
  try {
    const uri = await server.ensureRunning();
    for (const [name, statements] of Object.entries(BELIEF_FORMS)) {
      subjects.push(await startSubject(uri, name, statements));
    }
    return [
      ...(await benchImport(subjects)),
      ...(await benchSave(subjects)),
      ...(await benchSearch(subjects)),
    ];
  } finally {
    for (const { app } of subjects) await app.close();
    server.stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    rmSync(home, { recursive: true });
  }
}

/** A database whose table of beliefs has one of the forms, with 5 million beliefs. */
async function startSubject(serverUri: string, name: string, statements: string[]): Promise<Subject> {
  const uri = serverUri.replace(/\/[^/]*$/, `/${name.replaceAll(/\W+/g, '_')}`);
  const migrator = new Migrator(serverUri);
  await migrator.upgrade();
  const admin = await startBenchApp(serverUri);
  await admin.get(Transactions).query(`CREATE DATABASE ${new URL(uri).pathname.slice(1)}`);
  await admin.close();
  await new Migrator(uri).upgrade();
  const app = await startBenchApp(uri);
  const database = app.get(Transactions);
  for (const statement of statements) await database.query(statement);
  const sensor = await aSensor(app);
  const sourceId = await aSource(app);
  const forecaster = await aSource(app, 'bench forecaster');
  const service = app.get(BeliefsService);
  await service.save(sensor, beliefs(YEAR, forecaster, START, DAY_MS, 1));
  await service.save(sensor, beliefs(YEAR, forecaster, START, 6 * 3_600_000, 2));
  await service.save(sensor, beliefs(YEAR, sourceId, START, 0));
  await fillBeliefs(database, TABLE_ROWS - 3 * YEAR);
  await database.query('VACUUM ANALYZE timed_belief');
  await database.query('CHECKPOINT');
  return { name, app, sensor, sourceId };
}

async function benchImport(subjects: Subject[]): Promise<Figure[]> {
  const works = subjects.map(({ name, app, sourceId }) => ({
    name: `import 1,000,000 beliefs: ${name}`,
    work: async () => {
      const sensor = await aSensor(app);
      await app.get(BeliefsService).save(sensor, inBatches(beliefs(MILLION, sourceId, START)));
      return async () => {
        const database = app.get(Transactions);
        await database.query('DELETE FROM timed_belief WHERE sensor_id = $1', [sensor.id]);
        await database.query('VACUUM timed_belief');
        await database.query('CHECKPOINT');
      };
    },
  }));
  return measureInTurns(works, { runs: 7, warmUps: 1 });
}

async function* inBatches(all: BeliefColumns): AsyncIterable<BeliefColumns> {
  for (let at = 0; at < all.values.length; at += 10_000) {
    yield await Promise.resolve(
      pickBeliefs(
        all,
        Int32Array.from({ length: 10_000 }, (_, i) => at + i),
      ),
    );
  }
}

function benchSave(subjects: Subject[]): Promise<Figure[]> {
  const works = subjects.map(({ name, app, sensor, sourceId }) => {
    let day = 0;
    return {
      name: `save one day at 15 min (96): ${name}`,
      work: async () => {
        const start = START + YEAR * QUARTER_MS + day++ * DAY_MS;
        await app.get(BeliefsService).save(sensor, beliefs(96, sourceId, start));
      },
    };
  });
  return measureInTurns(works, { runs: 300, warmUps: 30 });
}

async function benchSearch(subjects: Subject[]): Promise<Figure[]> {
  const dayStart = START + 100 * DAY_MS;
  const day: BeliefSearch = { eventStartsAfterMs: dayStart, eventStartsBeforeMs: dayStart + DAY_MS };
  const year: BeliefSearch = { eventStartsAfterMs: START, eventStartsBeforeMs: START + YEAR * QUARTER_MS };
  const search = (what: string, filter: BeliefSearch, runs: number) =>
    measureInTurns(
      subjects.map(({ name, app, sensor }) => ({
        name: `latest per event, ${what}: ${name}`,
        work: async () => void (await app.get(BeliefsService).latestPerEvent(sensor, filter)),
      })),
      { runs, warmUps: 5 },
    );
  return [
    ...(await search('one day', day, 300)),
    ...(await search('one day, prior', { ...day, beliefsBeforeMs: dayStart + DAY_MS / 2 }, 300)),
    ...(await search('one year', year, 40)),
    ...(await search('one year, prior', { ...year, beliefsBeforeMs: START + 200 * DAY_MS }, 40)),
  ];
}
