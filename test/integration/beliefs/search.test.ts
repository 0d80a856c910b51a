import fc from 'fast-check';
import { BeliefsService, knowledgeHorizonOf, type BeliefSearch } from '#lib/beliefs';
import {
  mostRecentPerEvent,
  mostRecentPerEventAndSource,
  oneDeterministicBeliefPerEvent,
  searchBeliefs,
  type BeliefColumns,
} from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { SourcesService, type Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { timeoutMs, scaledRuns, seedOrDefault } from '../../harness/effort';
import { aSensor, saveEvents, saveValues } from '../../harness/databases/factories';
import { EVENTS, FIRST_EVENT_MS, histories, toSortedRows } from './random-history';

jest.setTimeout(timeoutMs(240_000));

const HOUR_MS = 3_600_000;
const TYPES = ['forecasting script', 'scheduling script', 'CLI script'];

const KNOWLEDGE_HORIZONS = [
  { knowledgeHorizonFnc: 'ex_post', knowledgeHorizonPar: {} },
  { knowledgeHorizonFnc: 'ex_ante', knowledgeHorizonPar: { ex_ante_horizon: 'PT1H30M' } },
  { knowledgeHorizonFnc: 'at_date', knowledgeHorizonPar: { knowledge_time: '2026-03-28T12:00Z' } },
  { knowledgeHorizonFnc: 'x_days_ago_at_y_oclock', knowledgeHorizonPar: { x: 1, y: 12, z: 'Europe/Paris' } },
];

// Mostly undefined: a search with many filters would find nothing to compare.
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 5 }, { arbitrary, weight: 1 });
const instants = fc
  .integer({ min: -40, max: 2 * EVENTS })
  .map((halves) => FIRST_EVENT_MS + (halves * HOUR_MS) / 2);
const horizons = fc.integer({ min: -3, max: 6 }).map((hours) => hours * HOUR_MS);

describe('searching beliefs', () => {
  let app: TestApp;
  let sourceIds: number[];

  beforeAll(async () => {
    app = await startTestApp();
    const add = (type: string) => app.get(SourcesService).findOrCreate({ name: 'someone', type });
    sourceIds = [await add(TYPES[0]!), await add(TYPES[1]!), await add(TYPES[2]!)];
  });
  afterAll(() => app.close());

  const filters: fc.Arbitrary<BeliefSearch> = fc.record({
    eventStartsAfterMs: optional(instants),
    eventStartsBeforeMs: optional(instants),
    eventEndsAfterMs: optional(instants),
    eventEndsBeforeMs: optional(instants),
    beliefsBeforeMs: optional(instants),
    beliefsAfterMs: optional(instants),
    horizonAtLeastMs: optional(horizons),
    horizonAtMostMs: optional(horizons),
    sourceTypes: optional(fc.subarray(TYPES)),
    excludeSourceTypes: optional(fc.subarray(TYPES)),
  });

  /** Inserts beliefs unchanged; the rules of saving are tested elsewhere. */
  const store = async (sensor: Sensor, beliefs: BeliefColumns): Promise<void> => {
    const database = app.get(Transactions);
    await database.query('DELETE FROM timed_belief WHERE sensor_id = $1', [sensor.id]);
    await database.query(
      `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
       SELECT $1, to_timestamp(start), horizon, source, probability, value
       FROM unnest($2::float8[], $3::bigint[], $4::int[], $5::float8[], $6::float8[])
         AS row (start, horizon, source, probability, value)`,
      [
        sensor.id,
        Array.from(beliefs.eventStarts, (ms) => ms / 1000),
        ...[beliefs.beliefHorizons, beliefs.sourceIds, beliefs.cumulativeProbabilities, beliefs.values].map(
          (column) => Array.from(column),
        ),
      ],
    );
  };

  /** The result of the search in the reference model. */
  const expected = (
    sensor: Sensor,
    beliefs: BeliefColumns,
    { excludeSourceTypes = [], ...filter }: BeliefSearch,
  ) => {
    const { eventResolutionMs: resolutionMs, timezone } = sensor;
    const timing = { resolutionMs, timezone, knowledgeHorizon: knowledgeHorizonOf(sensor) };
    const typeOfSource = new Map(sourceIds.map((id, i) => [id, TYPES[i]!]));
    const sourceTypes = (filter.sourceTypes ?? TYPES).filter((type) => !excludeSourceTypes.includes(type));
    return searchBeliefs(beliefs, { ...timing, typeOfSource }, { ...filter, sourceTypes });
  };

  describe.each([
    ...KNOWLEDGE_HORIZONS.map((rule) => ({ ...rule, resolution: HOUR_MS })),
    { ...KNOWLEDGE_HORIZONS[0]!, resolution: 0 },
    { ...KNOWLEDGE_HORIZONS[0]!, resolution: 24 * HOUR_MS },
  ])('of a sensor with $knowledgeHorizonFnc and resolution $resolution', ({ resolution, ...rule }) => {
    it('equals the reference model for any history and filter', async () => {
      const sensor = await aSensor(app, { ...rule, eventResolutionMs: resolution });
      const service = app.get(BeliefsService);
      await fc.assert(
        fc.asyncProperty(
          histories(sourceIds),
          fc.array(filters, { minLength: 1, maxLength: 6 }),
          async (beliefs, searches) => {
            await store(sensor, beliefs);
            for (const search of searches) {
              const passing = expected(sensor, beliefs, search);
              const latest = oneDeterministicBeliefPerEvent(passing);
              expect(toSortedRows(await service.search(sensor, search))).toEqual(toSortedRows(passing));
              expect(toSortedRows(await service.search(sensor, search, 'per-event'))).toEqual(
                toSortedRows(mostRecentPerEvent(passing)),
              );
              const recent = await service.search(sensor, search, 'per-event-and-source');
              expect(toSortedRows(recent)).toEqual(toSortedRows(mostRecentPerEventAndSource(passing)));
              expect(await service.searchFew(sensor, search)).toEqual(recent);
              const found = await service.latestPerEvent(sensor, search);
              expect(Array.from(found.eventStarts)).toEqual(Array.from(latest.eventStarts));
              expect(Array.from(found.values)).toEqual(Array.from(latest.values));
            }
          },
        ),
        { numRuns: scaledRuns(12), seed: seedOrDefault(20_260_328) },
      );
    });
  });

  it('includes beliefs formed exactly at the given moment, and none formed a millisecond later', async () => {
    const sensor = await aSensor(app, { eventResolutionMs: HOUR_MS });
    // An event of an hour is known at its end: this belief is formed two hours before.
    await saveValues(app, sensor, '2026-03-04T12:00Z', [7], { horizonMs: 2 * HOUR_MS });
    const formedMs = Date.parse('2026-03-04T11:00Z');
    const service = app.get(BeliefsService);
    const count = async (search: BeliefSearch) => (await service.search(sensor, search)).values.length;
    expect(await count({ beliefsBeforeMs: formedMs })).toBe(1);
    expect(await count({ beliefsBeforeMs: formedMs - 1 })).toBe(0);
    expect(await count({ beliefsAfterMs: formedMs })).toBe(1);
    expect(await count({ beliefsAfterMs: formedMs + 1 })).toBe(0);
  });

  it('finds the last hour of a day of 25 hours, also at the start of a window', async () => {
    const sensor = await aSensor(app, { eventResolutionMs: 24 * HOUR_MS, unit: 'kW' });
    const firstMs = Date.parse('2026-10-24T22:00Z');
    await saveValues(app, sensor, '2026-10-24T22:00Z', [7]);
    const window = { startMs: firstMs + 24 * HOUR_MS, endMs: firstMs + 26 * HOUR_MS };
    const service = app.get(BeliefsService);
    const { values } = await service.read(sensor, { ...window, resolution: { hours: 1 } });
    expect(Array.from(values)).toEqual([7, NaN]);
    const steps = { startMs: window.startMs, stepMs: HOUR_MS / 2, steps: 3 };
    expect(Array.from(await service.latestOnSteps(sensor, steps))).toEqual([7, 7, NaN]);
  });

  it('finds for several sensors what it finds for each alone', async () => {
    const daily = { eventResolutionMs: 24 * HOUR_MS, unit: 'kW' };
    const sensors = [
      await aSensor(app, { timezone: 'UTC' }),
      await aSensor(app, { timezone: 'Asia/Tokyo' }),
      await aSensor(app, { eventResolutionMs: HOUR_MS }),
      await aSensor(app, { eventResolutionMs: 0 }),
      await aSensor(app, daily),
      await aSensor(app, { ...daily, timezone: 'Asia/Tokyo' }),
      await aSensor(app, {
        ...{ eventResolutionMs: HOUR_MS, unit: 'EUR/MWh', knowledgeHorizonFnc: 'x_days_ago_at_y_oclock' },
        knowledgeHorizonPar: { x: 1, y: 12, z: 'Europe/Paris' },
      }),
      await aSensor(app),
    ];
    for (const [i, sensor] of sensors.slice(0, -1).entries()) {
      const start = sensor.timezone === 'Asia/Tokyo' ? '2026-03-03T15:00Z' : '2026-03-03T23:00Z';
      const values = Array.from({ length: 12 }, (_, k) => i + k);
      if (sensor.eventResolutionMs > 0) await saveValues(app, sensor, start, values);
      else
        await saveEvents(
          app,
          sensor,
          values.map((value, k) => ({ startMs: Date.parse(start) + k * HOUR_MS, value })),
        );
      await saveValues(
        app,
        sensor,
        start,
        values.slice(0, 4).map((value) => -value),
        { horizonMs: 6 * HOUR_MS },
      );
    }
    const service = app.get(BeliefsService);
    const steps = { startMs: Date.parse('2026-03-03T22:30Z'), stepMs: HOUR_MS / 2, steps: 60 };
    for (const search of [
      {},
      { horizonAtLeastMs: 1 },
      { beliefsBeforeMs: Date.parse('2026-03-04T02:00Z') },
    ]) {
      const onSteps = await service.latestOnStepsOf(sensors, steps, search);
      const perEvent = await service.latestPerEventOf(sensors, search);
      for (const sensor of sensors) {
        expect(onSteps.get(sensor.id)).toEqual(await service.latestOnSteps(sensor, steps, search));
        expect(perEvent.get(sensor.id)).toEqual(await service.latestPerEvent(sensor, search));
      }
    }
  });

  describe('resampled beliefs', () => {
    const startsAndValues = ({ eventStarts, values }: BeliefColumns) =>
      Array.from(eventStarts, (start, i) => [new Date(start).toISOString().slice(11, 16), values[i]]);
    const between = (start: string, end: string) => ({
      eventStartsAfterMs: Date.parse(`2026-03-04T${start}Z`),
      eventEndsBeforeMs: Date.parse(`2026-03-04T${end}Z`),
    });

    it('of longer events are those of all their parts, within the bounds', async () => {
      const sensor = await aSensor(app, { timezone: 'UTC' });
      await saveValues(app, sensor, '2026-03-04T12:00Z', [1, 2, 3, 6, 10, 10, 10, 10, 7, 7]);
      const find = async (start: string, end: string) =>
        startsAndValues(
          await app.get(BeliefsService).searchResampled(sensor, HOUR_MS, between(start, end), 'per-event'),
        );
      expect(await find('12:00', '14:00')).toEqual([
        ['12:00', 3],
        ['13:00', 10],
      ]);
      expect(await find('12:30', '14:30')).toEqual([['13:00', 10]]);
      expect(await find('12:30', '13:00')).toEqual([]);
    });

    it('of shorter events are parts also of events that reach beyond the bounds', async () => {
      const sensor = await aSensor(app, { timezone: 'UTC', eventResolutionMs: HOUR_MS });
      await saveValues(app, sensor, '2026-03-04T12:00Z', [1, 2]);
      const found = await app
        .get(BeliefsService)
        .searchResampled(sensor, HOUR_MS / 4, between('12:30', '13:20'), 'per-event');
      expect(startsAndValues(found)).toEqual([
        ['12:30', 1],
        ['12:45', 1],
        ['13:00', 2],
      ]);
    });
  });

  it('reads only a part of the primary key, and never the table', async () => {
    const sensor = await aSensor(app);
    const database = app.get(Transactions);
    await database.query(
      `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, event_value)
       SELECT 900000 + i % 20, 1, timestamptz '2026-01-01Z' + (i / 20) * interval '15 min', 0, i FROM generate_series(1, 40000) AS i`,
    );
    await database.query('VACUUM ANALYZE timed_belief');
    const plan = await database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT DISTINCT ON (event_start) event_start, event_value FROM timed_belief
       WHERE sensor_id = $1 AND event_start >= '2026-02-01Z' AND event_start < '2026-02-02Z'
       ORDER BY event_start, belief_horizon, source_id DESC`,
      [sensor.id],
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index Only Scan using timed_belief_\w+_pkey/);
    expect(text).not.toContain('Seq Scan');
  });
});
