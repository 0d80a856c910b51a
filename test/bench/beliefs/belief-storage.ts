import 'reflect-metadata';
import { BeliefPartitions, BeliefsService, type BeliefSearch, type PartitionWindow } from '#lib/beliefs';
import { pickBeliefs, type BeliefColumns } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { aSensor, beliefs, DAY_MS, QUARTER_MS, START, YEAR } from '../bench-app';
import { INDEXED_FORMS, PARTITIONED_FORMS, type BeliefForm } from './belief-forms';
import { fillTable, sizes, withServer, withTables, type BeliefTable } from './belief-tables';
import { measure, measureAlternating, type Figure } from '../figures';

const MILLION = 1_000_000;
const DAY_START = START + 100 * DAY_MS;
const DAY: BeliefSearch = { eventStartsAfterMs: DAY_START, eventStartsBeforeMs: DAY_START + DAY_MS };
const YEAR_LONG: BeliefSearch = {
  eventStartsAfterMs: START,
  eventStartsBeforeMs: START + YEAR * QUARTER_MS,
};
const DAY_PRIOR: BeliefSearch = { ...DAY, beliefsBeforeMs: DAY_START + DAY_MS / 2 };
const YEAR_PRIOR: BeliefSearch = { ...YEAR_LONG, beliefsBeforeMs: START + 200 * DAY_MS };

/** Compares the table of beliefs with and without partitions. */
export const benchBeliefPartitions = (): Promise<Figure[]> => compare(PARTITIONED_FORMS);

/** Compares other indexes, and foreign keys. */
export const benchBeliefIndexes = (): Promise<Figure[]> => compare(INDEXED_FORMS);

/** Measures sizes and query plans of the current table, and the time to partition it. */
export function benchBeliefTable(): Promise<Figure[]> {
  return withServer(async (uri) => {
    for (const order of ['by sensor', 'by day'] as const) {
      const table = await fillTable(uri, {}, { order });
      console.log(`written ${order}: ${await sizes(table)}`);
      await table.app.close();
    }
    const table = await fillTable(uri, {}, { settings: { beliefPartitioning: 'monthly' } });
    try {
      console.log(`written by quarter-hour: ${await sizes(table)}`);
      await printPlans(table);
      const figures = [...(await benchSearch([table])), ...(await benchDivision(table))];
      await table.app.get(Transactions).query('VACUUM ANALYZE timed_belief');
      console.log(`\ndivided: ${await sizes(table)}`);
      await printPlans(table);
      return [...figures, ...(await benchSearch([{ ...table, name: 'divided' }]))];
    } finally {
      await table.app.close();
    }
  });
}

async function benchDivision({ app }: BeliefTable): Promise<Figure[]> {
  const partitions = app.get(BeliefPartitions);
  const create = (name: string, window: PartitionWindow) =>
    measure(name, async () => `${(await partitions.create(window)).length} created`, { runs: 1, warmUps: 0 });
  return [
    await create('divide 5,000,000 beliefs of the past: none moves', { nowMs: Date.UTC(2026, 0) }),
    await create('go on a month later', { nowMs: Date.UTC(2026, 1) }),
    await create('divide the past, too: all move', { fromMs: START, nowMs: Date.UTC(2026, 1) }),
  ];
}

function compare(forms: BeliefForm[]): Promise<Figure[]> {
  return withTables(forms, async (tables) => {
    for (const table of tables) console.log(`${table.name}: ${await sizes(table)}`);
    return [
      ...(await benchImport(tables)),
      ...(await benchSave(tables)),
      ...(await benchSearch(tables)),
      ...(await benchSaveAgain(tables)),
    ];
  });
}

function benchImport(tables: BeliefTable[]): Promise<Figure[]> {
  const ways = tables.map(({ name, app, sourceId }) => ({
    name: `save 1,000,000 beliefs: ${name}`,
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
  return measureAlternating(ways, { runs: 7, warmUps: 1 });
}

async function* inBatches(all: BeliefColumns): AsyncIterable<BeliefColumns> {
  for (let at = 0; at < all.values.length; at += 10_000) {
    const rows = Int32Array.from({ length: 10_000 }, (_, i) => at + i);
    yield await Promise.resolve(pickBeliefs(all, rows));
  }
}

function benchSave(tables: BeliefTable[]): Promise<Figure[]> {
  const ways = tables.map(({ name, app, sensor, sourceId }) => {
    let day = 0;
    return {
      name: `save one day at 15 min (96): ${name}`,
      work: async () => {
        const start = START + YEAR * QUARTER_MS + day++ * DAY_MS;
        await app.get(BeliefsService).save(sensor, beliefs(96, sourceId, start));
      },
    };
  });
  return measureAlternating(ways, { runs: 300, warmUps: 30 });
}

function benchSaveAgain(tables: BeliefTable[]): Promise<Figure[]> {
  const ways = tables.map(({ name, app, sensor, sourceId }) => {
    let update = 0;
    return {
      name: `save one day again, 1 to 65 versions known: ${name}`,
      work: async () => {
        const again = beliefs(96, sourceId, DAY_START, -QUARTER_MS * ++update, update);
        await app.get(BeliefsService).save(sensor, again);
      },
    };
  });
  return measureAlternating(ways, { runs: 60, warmUps: 5 });
}

async function benchSearch(tables: BeliefTable[]): Promise<Figure[]> {
  const search = (what: string, filter: BeliefSearch, runs: number, of: 'sensor' | 'meter' = 'sensor') =>
    measureAlternating(
      tables.map((table) => ({
        name: `latest per event, ${what}: ${table.name}`,
        work: () => table.app.get(BeliefsService).latestPerEvent(table[of], filter),
      })),
      { runs, warmUps: 5 },
    );
  return [
    ...(await search('one day', DAY, 300)),
    ...(await search('one day, prior', DAY_PRIOR, 300)),
    ...(await search('one year', YEAR_LONG, 40)),
    ...(await search('one year, prior', YEAR_PRIOR, 40)),
    ...(await search('one year of a meter', YEAR_LONG, 40, 'meter')),
  ];
}

/** Query plans of the statements of the service, with all data in memory. */
async function printPlans({ app, sensor, meter }: BeliefTable): Promise<void> {
  const database = app.get(Transactions);
  const select = database.select.bind(database);
  for (const [what, about, search] of [
    ['one day, prior', sensor, DAY_PRIOR],
    ['one year, prior', sensor, YEAR_PRIOR],
    ['one year of a meter', meter, YEAR_LONG],
  ] as const) {
    await app.get(BeliefsService).latestPerEvent(about, search);
    database.select = async <Row>(sql: string, parameters: unknown[]): Promise<Row[]> => {
      const plan = await database.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ${sql}`,
        parameters,
      );
      console.log(`\nlatest per event, ${what}:\n${plan.map((line) => line['QUERY PLAN']).join('\n')}`);
      return select<Row>(sql, parameters);
    };
    await app.get(BeliefsService).latestPerEvent(about, search);
    database.select = select;
  }
}
