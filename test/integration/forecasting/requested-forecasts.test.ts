import { AccountsService } from '#lib/accounts';
import { BeliefsService } from '#lib/beliefs';
import { Transactions } from '#lib/database';
import type { ForecastConfig, RequestedForecast } from '#lib/forecasting';
import { AnnotationsService, SourcesService, type Sensor } from '#lib/sensors';
import { RequestedForecasts } from '../../../libs/forecasting/requests/requested-forecasts.service';
import { RequestedForecastJobHandler } from '../../../libs/forecasting/jobs/requested-forecast.job';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor, aSource, saveEvents, saveValues } from '../../harness/databases/factories';
import { withClient } from '../../harness/databases/templates';
import { addUser } from '../../harness/databases/users';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-01-01T00:00Z');
const DAYS = 40;
const iso = (ms: number): string => new Date(ms).toISOString();
/** A time by its day after the start of the data. */
const onDay = (day: number): string => iso(START_MS + day * DAY_MS);

/** A daily pattern between 1 and 3. */
const pattern = (hour: number): number => 2 + Math.sin((2 * Math.PI * hour) / 24);
/** A series without a pattern, between 0 and 10. */
const noise = (hour: number): number => 5 + 5 * Math.sin(hour * hour * 0.7);
const hours = (count: number, valueOf: (hour: number) => number): number[] =>
  Array.from({ length: count }, (_, hour) => valueOf(hour));

describe('requested forecasts', () => {
  let app: TestApp;
  let accountId: number;
  let userId: number;

  beforeAll(async () => {
    app = await startTestApp();
    ({ id: accountId } = await app.get(AccountsService).create('Company'));
    userId = await withClient(app.databaseUri, (sql) => addUser(sql, { username: 'member', accountId }));
  });
  afterAll(() => app.close());

  const hourly = async (unit = 'kW'): Promise<Sensor> => {
    const asset = await anAsset(app, { accountId });
    return aSensor(app, { asset, unit, eventResolutionMs: HOUR_MS, timezone: 'UTC' });
  };
  const withPattern = async (count = 24 * DAYS): Promise<Sensor> => {
    const sensor = await hourly();
    await saveValues(app, sensor, onDay(0), hours(count, pattern));
    return sensor;
  };

  const requestFor = (
    sensor: Sensor,
    config: ForecastConfig = {},
    more: Partial<RequestedForecast> = {},
  ): RequestedForecast => ({
    ...{ sensorId: sensor.id, userId, start: onDay(DAYS), end: onDay(DAYS + 1), askedAt: iso(Date.now()) },
    ...{ frequency: 'PT24H', maxHorizon: 'PT24H', beliefTime: more.start ?? onDay(DAYS), config, ...more },
  });
  const run = async (request: RequestedForecast) => {
    const store = await app.get(RequestedForecastJobHandler).handle(request);
    return store();
  };
  const forecast = (...args: Parameters<typeof requestFor>) => run(requestFor(...args));

  interface Row {
    event_start: Date;
    belief_time: Date;
    event_value: number;
  }
  /** The stored expected values, by belief time and event. */
  const stored = ({ id }: Sensor): Promise<Row[]> =>
    app.get(Transactions).query<Row>(
      `SELECT event_start, event_value, event_start + interval '1 hour' - belief_horizon * interval '1 millisecond' AS belief_time
       FROM timed_belief JOIN data_source source ON source.id = source_id
       WHERE sensor_id = $1 AND source.type = 'forecasting script' AND cumulative_probability = 0.5
       ORDER BY belief_time, event_start`,
      [id],
    );
  const values = async (sensor: Sensor): Promise<number[]> =>
    (await stored(sensor)).map(({ event_value: value }) => value);
  const errorOf = (found: number[], valueOf: (hour: number) => number, fromDay = DAYS): number =>
    found.reduce((sum, value, i) => sum + Math.abs(value - valueOf(fromDay * 24 + i)), 0) / found.length;

  it('fail for a user who may no longer post data to the sensor, and for a device token that has ended', async () => {
    const sensor = await withPattern(48);
    const { id: otherId } = await app.get(AccountsService).create('Other');
    const stranger = await withClient(app.databaseUri, (sql) =>
      addUser(sql, { username: 'stranger', accountId: otherId }),
    );
    await expect(forecast(sensor, {}, { userId: stranger })).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
      field: 'id',
    });
    await expect(forecast(sensor, {}, { deviceTokenId: 99 })).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
      message: 'The device token 99, which asked for this, is no longer valid.',
    });
    expect(await stored(sensor)).toEqual([]);
  });

  it('keep no copy of the training data for each viewpoint', async () => {
    const sensor = await withPattern();
    const request = requestFor(sensor, {}, { frequency: 'PT2H', maxHorizon: 'PT2H' });
    const { viewpoints } = await app.get(RequestedForecasts).compute(request);
    expect(viewpoints).toHaveLength(12);
    const lengthOf = (value: unknown): number => {
      if (ArrayBuffer.isView(value)) return value.byteLength;
      return typeof value === 'object' && value !== null
        ? Object.values(value).reduce<number>((sum, part) => sum + lengthOf(part), 0)
        : 0;
    };
    // The training data of one viewpoint has more than 7000 bytes.
    expect(viewpoints.reduce((sum, one) => sum + lengthOf(one), 0)).toBeLessThan(12 * 2000);
  });

  it('forecast the events of the window with one viewpoint at its start', async () => {
    const sensor = await withPattern();
    expect(await forecast(sensor)).toMatchObject({
      ...{ sensorId: sensor.id, viewpoints: 1, linear: 24, naive: 0, missing: 0 },
      beliefTimes: [onDay(DAYS), onDay(DAYS)],
    });
    const rows = await stored(sensor);
    expect(rows.map(({ event_start: start }) => start.toISOString())).toEqual(
      hours(24, (hour) => hour).map((hour) => iso(START_MS + DAYS * DAY_MS + hour * HOUR_MS)),
    );
    expect(new Set(rows.map(({ belief_time: time }) => time.toISOString()))).toEqual(new Set([onDay(DAYS)]));
    expect(errorOf(await values(sensor), pattern)).toBeLessThan(0.05);
  });

  it('use no measurements of events after the viewpoint', async () => {
    const [one, other] = [await withPattern(), await withPattern()];
    await saveValues(
      app,
      other,
      onDay(DAYS),
      hours(48, () => 99),
    );
    await forecast(one);
    await forecast(other);
    expect(await values(other)).toEqual(await values(one));
  });

  it('have a belief time per viewpoint, as often as the frequency says, and look ahead as far as the horizon', async () => {
    const sensor = await withPattern(24 * (DAYS + 1));
    const report = await forecast(sensor, {}, { frequency: 'PT6H', maxHorizon: 'PT12H' });
    expect(report).toMatchObject({ viewpoints: 4, beliefTimes: [onDay(DAYS), onDay(DAYS + 0.75)] });
    const leads = new Map<string, number[]>();
    for (const { event_start: start, belief_time: time } of await stored(sensor)) {
      const lead = (start.getTime() - time.getTime()) / HOUR_MS;
      leads.set(time.toISOString(), [...(leads.get(time.toISOString()) ?? []), lead]);
    }
    const twelve = hours(12, (hour) => hour);
    expect([...leads]).toEqual([
      [onDay(DAYS), twelve],
      [onDay(DAYS + 0.25), twelve],
      [onDay(DAYS + 0.5), twelve],
      [onDay(DAYS + 0.75), twelve.slice(0, 6)],
    ]);
  });

  it('use at each viewpoint the measurements until then', async () => {
    const valuesAfter = async (measured: (hour: number) => number) => {
      const sensor = await withPattern();
      await saveValues(app, sensor, onDay(DAYS), hours(24, measured));
      await forecast(sensor, {}, { frequency: 'PT12H', maxHorizon: 'PT12H' });
      return values(sensor);
    };
    const [usual, high] = [await valuesAfter(pattern), await valuesAfter(() => 3)];
    expect(high.slice(0, 12)).toEqual(usual.slice(0, 12));
    expect(high[12]).toBeGreaterThan(usual[12]! + 0.03);
  });

  it('use only data that was recorded before prior, which is the belief time', async () => {
    const sensor = await hourly();
    await saveValues(app, sensor, onDay(0), hours(24 * (DAYS - 2), pattern));
    // Recorded three days later.
    await saveValues(
      app,
      sensor,
      onDay(DAYS - 2),
      hours(48, () => 99),
      { horizonMs: -3 * DAY_MS },
    );
    const prior = onDay(DAYS - 1);
    await forecast(sensor, {}, { prior, beliefTime: prior });
    const rows = await stored(sensor);
    expect(new Set(rows.map(({ belief_time: time }) => time.toISOString()))).toEqual(new Set([prior]));
    expect(errorOf(await values(sensor), pattern)).toBeLessThan(0.05);
    const now = await hourly();
    await saveValues(app, now, onDay(0), hours(24 * (DAYS - 2), pattern));
    await saveValues(
      app,
      now,
      onDay(DAYS - 2),
      hours(48, () => 99),
      { horizonMs: -3 * DAY_MS },
    );
    await forecast(now);
    expect(errorOf(await values(now), pattern)).toBeGreaterThan(0.5);
  });

  it.each<[string, ForecastConfig]>([
    ['train-period', { trainPeriod: 'P2D' }],
    ['train-start', { trainStart: onDay(DAYS - 2) }],
    ['max-training-period', { trainPeriod: 'P30D', maxTrainingPeriod: 'P2D' }],
  ])('bound the training data by %s', async (_field, config) => {
    const sensor = await withPattern();
    const report = await forecast(sensor, config);
    expect(report).toMatchObject({ linear: 0, naive: 24 });
    expect(report.failures[0]).toMatch(/^Only 48 values can be used for training/);
    expect(await forecast(sensor, { trainPeriod: 'P3D' })).toMatchObject({ linear: 24 });
  });

  it('fit models again after retrain-frequency, and reuse them until then', async () => {
    const request = { frequency: 'PT6H', maxHorizon: 'PT6H', end: onDay(DAYS + 2) };
    const modelsWith = async (retrainFrequency: string) => {
      const sensor = await withPattern(24 * (DAYS + 2));
      const { models, viewpoints } = await forecast(sensor, { retrainFrequency }, request);
      expect(viewpoints).toBe(8);
      return models;
    };
    // Four horizons up to six hours: 1, 2, 3 and 6.
    expect(await modelsWith('PT6H')).toBe(8 * 4);
    expect(await modelsWith('P1D')).toBe(2 * 4);
    expect(await modelsWith('P2D')).toBe(4);
  });

  it('fail if more of the training data is missing than missing-threshold permits', async () => {
    const sensor = await hourly();
    const gappy = hours(24 * DAYS, (hour) => (hour % 4 === 0 ? NaN : pattern(hour)));
    await saveValues(app, sensor, onDay(0), gappy);
    const trainPeriod = 'P20D';
    await expect(forecast(sensor, { trainPeriod, missingThreshold: 0.2 })).rejects.toMatchObject({
      ...{ code: 'TOO_MUCH_MISSING', message: expect.stringMatching(/^25 % .* permits 20 %/) as string },
    });
    expect(await forecast(sensor, { trainPeriod, missingThreshold: 0.25 })).toMatchObject({ missing: 0 });
  });

  it('stay within lower and upper, in any unit', async () => {
    const sensor = await withPattern();
    await forecast(sensor, { lower: 1.5, upper: '2500 W' });
    const found = await values(sensor);
    expect([Math.min(...found), Math.max(...found)]).toEqual([1.5, 2.5]);
    expect(errorOf(found, (hour) => Math.min(2.5, Math.max(1.5, pattern(hour))))).toBeLessThan(0.05);
  });

  it('snap to values', async () => {
    const sensor = await withPattern();
    await forecast(sensor, { snap: { '0 kW': [0, '2 kW'] }, lower: 0 });
    const found = await values(sensor);
    expect(found.filter((value) => value > 0 && value < 2)).toEqual([]);
    expect(found.filter((value) => value === 0).length).toBeGreaterThan(8);
  });

  it('are naive if the model is', async () => {
    const sensor = await hourly();
    await saveValues(app, sensor, onDay(0), hours(24 * DAYS, noise));
    expect(await forecast(sensor, { model: 'naive' })).toMatchObject({ linear: 0, naive: 24, models: 0 });
    expect(errorOf(await values(sensor), (hour) => noise(hour - 24))).toBeCloseTo(0, 9);
  });

  it('have prediction intervals, unless they are deterministic', async () => {
    const probabilities = async (more: Partial<RequestedForecast>) => {
      const sensor = await withPattern();
      await forecast(sensor, {}, more);
      const rows = await app
        .get(Transactions)
        .query<{ p: number }>(
          `SELECT DISTINCT cumulative_probability AS p FROM timed_belief WHERE sensor_id = $1 AND belief_horizon > 0 ORDER BY 1`,
          [sensor.id],
        );
      return rows.map(({ p }) => p);
    };
    expect(await probabilities({})).toEqual([0.1, 0.5, 0.9]);
    expect(await probabilities({ isDeterministic: true })).toEqual([0.5]);
  });

  describe('with regressors', () => {
    /** A series that follows another one at once, or after some hours. */
    const follower = async (delay: number): Promise<Sensor> => {
      const sensor = await hourly();
      await saveValues(
        app,
        sensor,
        onDay(0),
        hours(24 * DAYS, (hour) => noise(hour - delay) ** 2),
      );
      return sensor;
    };
    const driver = async (horizonMs: number, days = DAYS + 2, sourceId?: number): Promise<Sensor> => {
      const sensor = await hourly('m/s');
      await saveValues(app, sensor, onDay(0), hours(24 * days, noise), { horizonMs, sourceId });
      return sensor;
    };

    it('use forecasts of future regressors, and no measurements', async () => {
      const forecasts = await driver(60 * HOUR_MS);
      const sensor = await follower(0);
      expect(await forecast(sensor, { futureRegressors: [{ sensor: forecasts.id }] })).toMatchObject({
        withRegressors: 24,
      });
      const error = errorOf(await values(sensor), (hour) => noise(hour) ** 2);
      const blind = await follower(0);
      await forecast(blind);
      expect(error).toBeLessThan(errorOf(await values(blind), (hour) => noise(hour) ** 2) / 3);
      const measured = await driver(0);
      const other = await follower(0);
      expect(await forecast(other, { futureRegressors: [{ sensor: measured.id }] })).toMatchObject({
        withRegressors: 0,
      });
    });

    it('use measurements of past regressors, and no forecasts', async () => {
      // The first six hours are known from the driver.
      const window = { end: onDay(DAYS + 0.25), frequency: 'PT6H', maxHorizon: 'PT6H' };
      const measured = await driver(0, DAYS);
      const sensor = await follower(6);
      expect(await forecast(sensor, { pastRegressors: [{ sensor: measured.id }] }, window)).toMatchObject({
        withRegressors: 6,
      });
      const sixHoursAhead = (found: number[]) => Math.abs(found[5]! - noise(DAYS * 24 - 1) ** 2);
      expect(sixHoursAhead(await values(sensor))).toBeLessThan(5);
      const forecasts = await driver(60 * HOUR_MS);
      const other = await follower(6);
      expect(await forecast(other, { pastRegressors: [{ sensor: forecasts.id }] }, window)).toMatchObject({
        withRegressors: 0,
      });
    });

    it('use both of regressors: forecasts where they are known, measurements before', async () => {
      const sensor = await hourly('m/s');
      await saveValues(app, sensor, onDay(0), hours(24 * DAYS, noise));
      const forecasts = hours(48, (hour) => noise(DAYS * 24 + hour));
      await saveValues(app, sensor, onDay(DAYS), forecasts, { horizonMs: 60 * HOUR_MS });
      const target = await follower(0);
      expect(await forecast(target, { regressors: [{ sensor: sensor.id }] })).toMatchObject({
        withRegressors: 24,
      });
      const blind = await follower(0);
      await forecast(blind);
      const error = async (of: Sensor) => errorOf(await values(of), (hour) => noise(hour) ** 2);
      expect(await error(target)).toBeLessThan((await error(blind)) / 3);
    });

    it('use forecasts that were first made just before the viewpoint, and none that were made after it', async () => {
      const known = async (madeMs: number): Promise<Sensor> => {
        const sensor = await hourly('m/s');
        const sourceId = await aSource(app);
        await saveValues(app, sensor, onDay(0), hours(24 * DAYS, noise), { sourceId });
        for (let hour = DAYS * 24; hour < (DAYS + 1) * 24; hour++) {
          const startMs = START_MS + hour * HOUR_MS;
          const horizonMs = startMs + HOUR_MS - madeMs;
          await saveEvents(app, sensor, [{ startMs, value: noise(hour) }], { sourceId, horizonMs });
        }
        return sensor;
      };
      const viewpointMs = Date.parse(onDay(DAYS));
      const [target, other] = [await follower(0), await follower(0)];
      const inTime = await known(viewpointMs - HOUR_MS);
      expect(await forecast(target, { regressors: [{ sensor: inTime.id }] })).toMatchObject({
        withRegressors: 24,
      });
      const error = async (of: Sensor) => errorOf(await values(of), (hour) => noise(hour) ** 2);
      const tooLate = await known(viewpointMs + 1);
      expect(await forecast(other, { regressors: [{ sensor: tooLate.id }] })).toMatchObject({
        withRegressors: 0,
      });
      expect(await error(target)).toBeLessThan((await error(other)) / 3);
    });

    it('use only the sources that a reference names', async () => {
      const [good, bad] = [
        await aSource(app),
        await app.get(SourcesService).findOrCreate({ name: 'bad', type: 'demo script' }),
      ];
      const sensor = await driver(60 * HOUR_MS, DAYS + 2, good);
      // Made later, so that it counts if no source is named.
      await saveValues(
        app,
        sensor,
        onDay(0),
        hours(24 * (DAYS + 2), () => 1),
        { horizonMs: 50 * HOUR_MS, sourceId: bad },
      );
      const errorWith = async (reference: object) => {
        const target = await follower(0);
        await forecast(target, { futureRegressors: [{ sensor: sensor.id, ...reference }] });
        return errorOf(await values(target), (hour) => noise(hour) ** 2);
      };
      const misled = await errorWith({});
      for (const reference of [
        { sources: [good] },
        { sourceTypes: ['CLI script'] },
        { excludeSourceTypes: ['demo script'] },
      ])
        expect(await errorWith(reference)).toBeLessThan(misled / 3);
      expect(await errorWith({ sourceAccounts: [accountId] })).toBeGreaterThan(misled / 3);
    });

    it('use annotations of a type as inputs', async () => {
      const marked = [5, 11, 14, 18, 22, 25, 29, 31, 33, 36, DAYS];
      const load = (hour: number): number =>
        (marked.includes(Math.floor(hour / 24)) ? 10 : 2) + pattern(hour);
      const errorWith = async (isNamed: boolean) => {
        const sensor = await hourly();
        await saveValues(app, sensor, onDay(0), hours(24 * DAYS, load));
        const sourceId = await aSource(app);
        await app.get(AnnotationsService).annotate(
          marked.map((day) => ({
            ...{ content: `event on day ${day}`, type: 'label' as const, sourceId },
            ...{ startMs: START_MS + day * DAY_MS, endMs: START_MS + (day + 1) * DAY_MS },
          })),
          { sensorIds: [sensor.id] },
        );
        const config = isNamed ? { annotationRegressors: [{ sensor: sensor.id, type: 'label' }] } : {};
        expect(await forecast(sensor, config)).toMatchObject({ withRegressors: isNamed ? 24 : 0 });
        return errorOf(await values(sensor), load);
      };
      expect(await errorWith(true)).toBeLessThan((await errorWith(false)) / 4);
    });

    it('read them with the permissions of the user at the time of the job', async () => {
      const { id: otherId } = await app.get(AccountsService).create('Other company');
      const hidden = await aSensor(app, { asset: await anAsset(app, { accountId: otherId }) });
      const sensor = await withPattern();
      const denied = { code: 'NOT_PERMITTED' };
      for (const [config, field] of [
        [{ regressors: [{ sensor: hidden.id }] }, 'config.regressors.0'],
        [{ pastRegressors: [{ sensor: hidden.id }] }, 'config.past-regressors.0'],
        [
          { annotationRegressors: [{ account: otherId, type: 'label' }] },
          'config.annotation-regressors.0.account',
        ],
        [
          { annotationRegressors: [{ asset: hidden.assetId, type: 'label' }] },
          'config.annotation-regressors.0.asset',
        ],
        [
          { annotationRegressors: [{ sensor: hidden.id, type: 'label' }] },
          'config.annotation-regressors.0.sensor',
        ],
      ] as [ForecastConfig, string][])
        await expect(forecast(sensor, config)).rejects.toMatchObject({ ...denied, field });
    });
  });

  it('do not forecast prices that were published before', async () => {
    const sensor = await hourly('EUR/MWh');
    await saveValues(app, sensor, onDay(0), hours(24 * DAYS + 12, pattern), { horizonMs: 24 * HOUR_MS });
    expect(await forecast(sensor)).toMatchObject({ known: 12, linear: 12 });
    const [first] = await stored(sensor);
    expect(first!.event_start.toISOString()).toBe(onDay(DAYS + 0.5));
  });

  it('fail if no event can be forecast', async () => {
    await expect(forecast(await hourly())).rejects.toMatchObject({
      ...{ code: 'NO_FORECAST', message: expect.stringMatching(/No value is known before/) as string },
    });
  });

  it('replace forecasts with the same belief time', async () => {
    const sensor = await withPattern();
    await forecast(sensor, { model: 'naive' });
    await forecast(sensor, { upper: 2 });
    const found = await values(sensor);
    expect(found).toHaveLength(24);
    expect(Math.max(...found)).toBe(2);
    const last = await app
      .get(BeliefsService)
      .latestPerEvent(sensor, { sourceTypes: ['forecasting script'] });
    expect(last.values).toHaveLength(24);
  });
});
