import { BeliefsService, knowledgeHorizonOf } from '#lib/beliefs';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { sourceFiguresSql } from '../../../libs/beliefs/store/sql/source-figures.sql';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { aSensor, aSource } from '../../harness/databases/factories';
import { insertRawBeliefs } from '../../harness/databases/raw-beliefs';

const HOUR_MS = 3_600_000;
const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);

describe('key figures of a sensor', () => {
  let app: TestApp;
  let sensor: Sensor;
  let [meter, forecaster] = [0, 0];

  const figures = (search = {}) => app.get(BeliefsService).figuresBySource(sensor, search);

  beforeAll(async () => {
    app = await startTestApp();
    sensor = await aSensor(app);
    meter = await aSource(app);
    forecaster = await aSource(app);
    await insertRawBeliefs(app, sensor.id, [
      { event: '2026-03-01T00:00Z', source: meter, value: 9, horizonMs: HOUR_MS },
      { event: '2026-03-01T00:00Z', source: meter, value: 1 },
      { event: '2026-03-01T00:15Z', source: meter, value: -4.5 },
      { event: '2026-03-01T00:30Z', source: meter, value: 2, horizonMs: -HOUR_MS },
      { event: '2026-03-01T00:00Z', source: forecaster, value: 5, probability: 0.2, horizonMs: HOUR_MS },
      { event: '2026-03-01T00:00Z', source: forecaster, value: 6, probability: 0.5, horizonMs: HOUR_MS },
      { event: '2026-03-01T00:00Z', source: forecaster, value: 7, probability: 0.9, horizonMs: HOUR_MS },
    ]);
  });
  afterAll(() => app.close());

  it('count the most recent belief of each source about each event', async () => {
    expect(await figures()).toEqual([
      {
        source: expect.objectContaining({ id: meter, type: 'CLI script', model: null }) as object,
        count: 3,
        firstEventStartMs: at('00:00'),
        lastEventStartMs: at('00:30'),
        lastBeliefTimeMs: at('01:45'),
        min: -4.5,
        max: 2,
        mean: -0.5,
        sum: -1.5,
      },
      {
        source: expect.objectContaining({ id: forecaster }) as object,
        count: 1,
        firstEventStartMs: at('00:00'),
        lastEventStartMs: at('00:00'),
        lastBeliefTimeMs: at('00:15') - HOUR_MS,
        min: 6,
        max: 6,
        mean: 6,
        sum: 6,
      },
    ]);
  });

  it('can be limited to a window of events', async () => {
    const window = { eventStartsAfterMs: at('00:15'), eventEndsBeforeMs: at('00:30') };
    expect(await figures(window)).toMatchObject([{ source: { id: meter }, count: 1, sum: -4.5 }]);
    expect(await figures({ eventStartsAfterMs: at('00:45') })).toEqual([]);
  });

  it('are read from the primary key, not from the table', async () => {
    await app.get(Transactions).query(
      `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, event_value)
       SELECT $1 + number % 100, timestamptz '2025-01-01Z' + number * interval '1 minute', 0, $2, number
       FROM generate_series(1, 20000) AS number`,
      [sensor.id + 1000, meter],
    );
    await app.get(Transactions).query('ANALYZE timed_belief');
    const { sql, parameters } = sourceFiguresSql({
      sensorId: sensor.id + 1000,
      eventResolutionMs: sensor.eventResolutionMs,
      knowledgeHorizon: knowledgeHorizonOf(sensor),
    });
    const plan = await app.get(Transactions).query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, parameters);
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('timed_belief_default_pkey');
    expect(text).not.toContain('Seq Scan on timed_belief');
  });
});
