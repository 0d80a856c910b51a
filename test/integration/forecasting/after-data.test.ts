import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetRemovalService } from '#lib/administration';
import {
  BELIEFS_SAVED,
  BeliefImportService,
  BeliefMaintenanceService,
  BeliefResamplingService,
  BeliefsService,
  SensorDataService,
} from '#lib/beliefs';
import { Transactions } from '#lib/database';
import { DeliveriesRepository, EventSubscriptions } from '#lib/events';
import { ForecastingService } from '#lib/forecasting';
import type { ForecastJob } from '#lib/forecasting';
import { SourcesService, type Sensor } from '#lib/sensors';
import { ModelCache } from '../../../libs/forecasting/forecasts/model-cache';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { eventually } from '../../harness/eventually';
import { aSensor, aSource, anAsset, saveValues } from '../../harness/databases/factories';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HORIZONS = ['PT1H', 'PT24H', 'PT48H', 'PT6H'];

describe('forecasts after new data', () => {
  let app: TestApp;
  let folder: string;
  let sourceId: number;
  /** The hour that has just begun. */
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const iso = (ms: number): string => new Date(ms).toISOString();

  beforeAll(async () => {
    app = await startTestApp({}, { delivers: true });
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-'));
    sourceId = await aSource(app);
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const anHourlySensor = (more: Parameters<typeof aSensor>[1] = {}) =>
    aSensor(app, { unit: 'kW', eventResolutionMs: HOUR_MS, ...more });

  /** Forecast jobs of a sensor. They stay in the queue. */
  const jobsOf = async (sensor: Sensor): Promise<ForecastJob[]> => {
    const rows = await app.get(Transactions).query<{ payload: ForecastJob }>(
      `SELECT payload FROM job WHERE queue = 'forecasting' AND payload ->> 'sensorId' = $1
       ORDER BY created_at, payload ->> 'horizon'`,
      [String(sensor.id)],
    );
    return rows.map(({ payload }) => payload);
  };
  const waitForJobs = (sensor: Sensor, count = HORIZONS.length): Promise<ForecastJob[]> =>
    eventually(
      () => jobsOf(sensor),
      (jobs) => jobs.length >= count,
    );
  /** Waits until all events so far have been processed. */
  const waitForEvents = () =>
    eventually(
      () => app.get(DeliveriesRepository).listProgress(),
      (figures) =>
        figures.every(
          ({ behindS, waiting, running, failing }) => behindS === null && waiting + running + failing === 0,
        ),
    );

  const post = (sensor: Sensor, startMs: number, values: number[], more: object = {}) =>
    app.get(SensorDataService).post(sensor, {
      ...{ startMs, durationMs: values.length * HOUR_MS, unit: sensor.unit, sourceId, nowMs: Date.now() },
      values: Float64Array.from(values),
      ...more,
    });

  /** Imports a file of hourly values, like uploads and the command line. */
  const importFile = (sensor: Sensor, startMs: number, values: number[]) => {
    const path = join(folder, `${sensor.id}.csv`);
    const rows = values.map((value, i) => `${iso(startMs + i * HOUR_MS)},${value}`);
    writeFileSync(path, `time,value\n${rows.join('\n')}\n`);
    return app.get(BeliefImportService).importFile(sensor, path, { sourceId });
  };

  it('are queued for each horizon after the posted data, with the knowledge at that time', async () => {
    const sensor = await anHourlySensor();
    const beforeMs = Date.now();
    await post(sensor, nowMs - 3 * HOUR_MS, [1, 2, 3]);
    const afterMs = Date.now();
    const jobs = await waitForJobs(sensor);
    expect(jobs.map(({ horizon }) => horizon)).toEqual(HORIZONS);
    const [hour] = jobs;
    expect(hour).toEqual({
      sensorId: sensor.id,
      horizon: 'PT1H',
      from: iso(nowMs - 2 * HOUR_MS),
      until: iso(nowMs + HOUR_MS),
      beliefTime: expect.any(String) as string,
    });
    for (const { beliefTime } of jobs) {
      expect(beliefTime).toBe(hour!.beliefTime);
      expect(Date.parse(beliefTime!)).toBeGreaterThanOrEqual(beforeMs);
      expect(Date.parse(beliefTime!)).toBeLessThanOrEqual(afterMs);
    }
  });

  it('are queued once for a burst of posts, from their first event to their last', async () => {
    const sensor = await anHourlySensor();
    for (let hour = 40; hour > 0; hour--) await post(sensor, nowMs - hour * HOUR_MS, [hour]);
    await waitForJobs(sensor);
    await waitForEvents();
    const jobs = await jobsOf(sensor);
    expect(jobs).toHaveLength(HORIZONS.length);
    expect(jobs[0]).toMatchObject({ from: iso(nowMs - 39 * HOUR_MS), until: iso(nowMs + HOUR_MS) });
  });

  it('become part of jobs that still wait, so that data does not pile up jobs', async () => {
    const sensor = await anHourlySensor();
    await post(sensor, nowMs - 5 * HOUR_MS, [1]);
    const [first] = await waitForJobs(sensor);
    await post(sensor, nowMs - HOUR_MS, [2]);
    await waitForEvents();
    const jobs = await jobsOf(sensor);
    expect(jobs.map(({ horizon }) => horizon)).toEqual(HORIZONS);
    expect(jobs[0]).toMatchObject({ from: iso(nowMs - 4 * HOUR_MS), until: iso(nowMs + HOUR_MS) });
    expect(Date.parse(jobs[0]!.beliefTime!)).toBeGreaterThan(Date.parse(first!.beliefTime!));
    // A job that runs does not change any more.
    await app
      .get(Transactions)
      .query(
        "UPDATE job SET state = 'started', attempts = 1 WHERE kind = 'forecast' AND payload ->> 'sensorId' = $1",
        [String(sensor.id)],
      );
    await post(sensor, nowMs - 2 * HOUR_MS, [3]);
    const all = await waitForJobs(sensor, 2 * HORIZONS.length);
    expect(all).toHaveLength(2 * HORIZONS.length);
    expect(all).toEqual(expect.arrayContaining(jobs));
  });

  it('are queued for the last two days of a file, with newly fitted models', async () => {
    const sensor = await anHourlySensor();
    await importFile(
      sensor,
      nowMs - 100 * HOUR_MS,
      Array.from({ length: 100 }, (_, i) => i),
    );
    expect((await waitForJobs(sensor))[0]).toMatchObject({
      from: iso(nowMs - 47 * HOUR_MS),
      until: iso(nowMs + HOUR_MS),
      refit: true,
    });
  });

  it('are queued after resampling, but not after its preview', async () => {
    const sensor = await aSensor(app, { unit: 'kW', attributes: { 'forecast-after-data': false } });
    await post(sensor, nowMs - 8 * HOUR_MS, [1, 2, 3, 4, 5, 6, 7, 8]);
    await waitForEvents();
    await app.get(Transactions).query("UPDATE sensor SET attributes = '{}' WHERE id = $1", [sensor.id]);
    await app.get(BeliefResamplingService).preview([sensor.id], HOUR_MS);
    await waitForEvents();
    expect(await jobsOf(sensor)).toEqual([]);
    await app.get(BeliefResamplingService).resample([sensor.id], HOUR_MS);
    const [job] = await waitForJobs(sensor);
    expect(job).toMatchObject({ horizon: 'PT1H', until: iso(nowMs + HOUR_MS) });
  });

  it('start after the last price that was published in advance', async () => {
    const sensor = await anHourlySensor({ unit: 'EUR/MWh' });
    await post(sensor, nowMs + HOUR_MS, new Array<number>(24).fill(50));
    const [job] = await waitForJobs(sensor, 1);
    expect(job).toEqual({
      sensorId: sensor.id,
      viewpoint: job!.beliefTime,
      from: iso(nowMs + 25 * HOUR_MS),
      until: iso(nowMs + (25 + 48) * HOUR_MS),
      beliefTime: expect.any(String) as string,
    });
  });

  it.each([
    ['what somebody forecast', { startMs: nowMs + 5 * HOUR_MS }],
    [
      'what had been forecast of the past',
      { startMs: nowMs - 5 * HOUR_MS, more: { horizonMs: 6 * HOUR_MS } },
    ],
    ['what was said before the fact', { startMs: nowMs - 5 * HOUR_MS, more: { priorMs: nowMs - DAY_MS } }],
  ])('are not queued after %s', async (_, { startMs, more = {} }: { startMs: number; more?: object }) => {
    const sensor = await anHourlySensor();
    await post(sensor, startMs, [1, 2], more);
    await waitForEvents();
    expect(await jobsOf(sensor)).toEqual([]);
  });

  it('are not queued after forecasts, schedules or unchanged data', async () => {
    const sensor = await anHourlySensor({ unit: 'EUR/MWh' });
    for (const type of ['forecasting script', 'scheduling script']) {
      const computed = await app.get(SourcesService).findOrCreate({ name: 'Seita', type });
      await saveValues(app, sensor, iso(nowMs - 9 * HOUR_MS), [1, 2, 3], { sourceId: computed });
    }
    await waitForEvents();
    expect(await jobsOf(sensor)).toEqual([]);
    await post(sensor, nowMs - 5 * HOUR_MS, [1, 2]);
    await waitForJobs(sensor, 2);
    await waitForEvents();
    await post(sensor, nowMs - 5 * HOUR_MS, [1, 2]);
    await waitForEvents();
    expect(await jobsOf(sensor)).toHaveLength(2);
  });

  it('are not queued for instants or deleted sensors', async () => {
    const instants = await aSensor(app, { unit: '°C', eventResolutionMs: 0 });
    await saveValues(app, instants, iso(nowMs - HOUR_MS), [20]);
    const deleted = await anHourlySensor();
    await post(deleted, nowMs - 5 * HOUR_MS, [1, 2]);
    await app.get(AssetRemovalService).removeSensors([deleted.id]);
    await waitForEvents();
    for (const sensor of [instants, deleted]) expect(await jobsOf(sensor)).toEqual([]);
  });

  describe('are enabled or disabled', () => {
    const attribute = (wish: unknown) => ({ 'forecast-after-data': wish });

    it.each<[string, { site?: unknown; asset?: unknown; sensor?: unknown }, boolean]>([
      ['by default', {}, true],
      ['as the sensor says', { sensor: false }, false],
      ['as the asset says', { asset: false }, false],
      ['as the site says that the asset is part of', { site: false }, false],
      ['as the sensor says before its asset', { asset: false, sensor: true }, true],
      ['as the asset says before its site', { site: true, asset: false }, false],
      ['whatever else than true or false is said', { site: false, asset: 'yes', sensor: null }, false],
    ])('%s', async (_, wishes, isWanted) => {
      const site = await anAsset(app, { attributes: attribute(wishes.site) });
      const asset = await anAsset(app, { attributes: attribute(wishes.asset), parentAssetId: site.id });
      const sensor = await anHourlySensor({ asset, attributes: attribute(wishes.sensor) });
      await post(sensor, nowMs - 2 * HOUR_MS, [1, 2]);
      if (isWanted) await waitForJobs(sensor);
      await waitForEvents();
      expect(await jobsOf(sensor)).toHaveLength(isWanted ? HORIZONS.length : 0);
    });

    it('by the setting, unless an attribute overrides it', async () => {
      const off = await startTestApp({ forecastAfterData: false }, { delivers: true });
      try {
        const sensors = [
          await aSensor(off, { unit: 'kW', eventResolutionMs: HOUR_MS }),
          await aSensor(off, { unit: 'kW', eventResolutionMs: HOUR_MS, attributes: attribute(true) }),
        ];
        for (const sensor of sensors) await saveValues(off, sensor, iso(nowMs - 2 * HOUR_MS), [1, 2]);
        const rows = await eventually(
          () =>
            off
              .get(Transactions)
              .query<{ id: number }>("SELECT (payload ->> 'sensorId')::int AS id FROM job"),
          (found) => found.length >= HORIZONS.length,
        );
        expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([sensors[1]!.id]));
      } finally {
        await off.close();
      }
    });
  });

  describe('of a late worker', () => {
    /** A load with a daily pattern and a little noise. */
    const aLoad = (days: number): number[] =>
      Array.from(
        { length: 24 * days },
        (_, hour) => 10 + 3 * Math.sin((2 * Math.PI * hour) / 24) + 0.3 * Math.sin(hour * hour),
      );

    it('use only the knowledge at the time of the request', async () => {
      const sensor = await anHourlySensor({ attributes: { 'forecast-after-data': false } });
      const startMs = nowMs - 40 * DAY_MS;
      await saveValues(app, sensor, iso(startMs), aLoad(40));
      const beliefTimeMs = Date.now();
      const request = {
        ...{ sensorId: sensor.id, horizonMs: 6 * HOUR_MS, refit: true },
        ...{ fromMs: nowMs, untilMs: nowMs + 6 * HOUR_MS },
      };
      const medians = async (worker: TestApp) => [
        ...(await worker.get(ForecastingService).compute(request, beliefTimeMs)).forecasts.values,
      ];
      const early = await medians(app);
      expect(early.every(Number.isFinite)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await post(
        sensor,
        startMs,
        aLoad(40).map((value) => 3 * value),
      );
      const late = await startTestApp({}, { beside: app });
      try {
        expect(await medians(late)).toEqual(early);
        const [now] = (await late.get(ForecastingService).compute(request, Date.now())).forecasts.values;
        expect(now).not.toBe(early[0]);
      } finally {
        await late.close();
      }
    });

    /** The ids of the sensors with data whose notice has come to a process, after its model cache has handled it. */
    const savesNoticedBy = (worker: TestApp): ReadonlySet<number> => {
      const sensorIds = new Set<number>();
      worker.get(EventSubscriptions).onNotice({
        events: [BELIEFS_SAVED],
        handle: (events) => {
          for (const { payload } of events) sensorIds.add(payload.sensorId);
        },
        onMissed: () => undefined,
      });
      return sensorIds;
    };

    it('do not use models that were fitted in any process to data which was later corrected or deleted', async () => {
      const workers = [app, await startTestApp({}, { beside: app, delivers: true })];
      try {
        const sensor = await anHourlySensor({ attributes: { 'forecast-after-data': false } });
        const startMs = nowMs - 40 * DAY_MS;
        const noticed = workers.map((worker) => savesNoticedBy(worker));
        await saveValues(app, sensor, iso(startMs), aLoad(40), { sourceId });
        // A late notice of this data would delete the models that are fitted below.
        await eventually(
          () => noticed.map((sensorIds) => sensorIds.has(sensor.id)),
          (found) => found.every(Boolean),
        );
        const request = {
          ...{ sensorId: sensor.id, horizonMs: HOUR_MS, fromMs: nowMs, untilMs: nowMs + HOUR_MS },
        };
        const key = {
          ...{ sensorId: sensor.id, eventResolutionMs: HOUR_MS, timezone: sensor.timezone },
          regressorIds: [],
        };
        const counts = () => workers.map((worker) => worker.get(ModelCache).get(key).length);
        const learn = async () => {
          for (const worker of workers) await worker.get(ForecastingService).compute(request, Date.now());
          expect(counts().every((count) => count > 0)).toBe(true);
        };
        const forgotten = () => eventually(counts, (found) => found.every((count) => count === 0));

        await learn();
        await post(sensor, nowMs - HOUR_MS, [12]);
        await waitForEvents();
        expect(counts().every((count) => count > 0)).toBe(true);
        await post(sensor, nowMs - 30 * DAY_MS, [500]);
        await forgotten();

        await learn();
        await app.get(BeliefMaintenanceService).delete({ sensorIds: [sensor.id], kind: 'measurements' });
        await forgotten();
        expect(await app.get(BeliefsService).countUpTo(1, sensor, {})).toBe(0);
      } finally {
        await workers[1]!.close();
      }
    });
  });
});
