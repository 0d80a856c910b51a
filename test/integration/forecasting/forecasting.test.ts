import { BeliefsService } from '#lib/beliefs';
import { ForecastingService } from '#lib/forecasting';
import { SourcesService } from '#lib/sensors';
import { ZoneClock } from '#lib/time';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { aSensor, aSource, saveValues } from '../../harness/databases/factories';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = '2026-01-01T00:00Z';
const START_MS = Date.parse(START);

describe('forecasting', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  /** A load with a daily pattern and a little noise. */
  const aLoad = (days: number): number[] =>
    Array.from(
      { length: 24 * days },
      (_, hour) => 10 + 3 * Math.sin((2 * Math.PI * hour) / 24) + 0.3 * Math.sin(hour * hour),
    );

  const forecast = (
    sensorId: number,
    fromMs: number,
    hours: number,
    horizonHours: number,
    nowMs = Infinity,
  ) =>
    app
      .get(ForecastingService)
      .createForecasts(
        { sensorId, fromMs, untilMs: fromMs + hours * HOUR_MS, horizonMs: horizonHours * HOUR_MS },
        nowMs,
      );

  const anHourlySensor = (unit = 'kW') => aSensor(app, { unit, eventResolutionMs: HOUR_MS });

  it('stores quantiles with the horizon of the forecast', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(40));
    const fromMs = START_MS + 38 * DAY_MS;
    const report = await forecast(sensor.id, fromMs, 24, 6);
    expect(report).toMatchObject({ linear: 24, naive: 0, missing: 0, saved: 72, failures: [] });
    const stored = await app
      .get(BeliefsService)
      .search(sensor, { horizonAtLeastMs: 6 * HOUR_MS, eventStartsAfterMs: START_MS });
    expect(stored.values).toHaveLength(72);
    expect(new Set(stored.beliefHorizons)).toEqual(new Set([6 * HOUR_MS]));
    expect(new Set(stored.cumulativeProbabilities)).toEqual(new Set([0.1, 0.5, 0.9]));
    const source = await app.get(SourcesService).get(stored.sourceIds[0]!);
    expect(source).toMatchObject({ type: 'forecasting script', name: 'Seita', model: 'linear-OLS' });
    const truth = aLoad(40);
    const median = await app
      .get(BeliefsService)
      .latestPerEvent(sensor, { horizonAtLeastMs: 6 * HOUR_MS, eventStartsAfterMs: START_MS });
    for (const [i, value] of median.values.entries())
      expect(Math.abs(value - truth[38 * 24 + i]!)).toBeLessThan(1);
  });

  it('saves nothing new when it is repeated', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(30));
    const fromMs = START_MS + 29 * DAY_MS;
    expect((await forecast(sensor.id, fromMs, 12, 1)).saved).toBe(36);
    expect((await forecast(sensor.id, fromMs, 12, 1)).saved).toBe(0);
  });

  it('is trained with measurements, not with its own forecasts or later measurements', async () => {
    const [one, other] = [await anHourlySensor(), await anHourlySensor()];
    const values = aLoad(32);
    await saveValues(app, one, START, values);
    await saveValues(
      app,
      other,
      START,
      values.map((value, i) => (i >= 30 * 24 ? 1e6 : value)),
    );
    const fromMs = START_MS + 30 * DAY_MS;
    const medians = async (sensor: typeof one) => {
      await forecast(sensor.id, fromMs, 24, 24);
      await forecast(sensor.id, fromMs, 24, 24);
      const found = await app.get(BeliefsService).latestPerEvent(sensor, { horizonAtLeastMs: 24 * HOUR_MS });
      return [...found.values];
    };
    expect(await medians(other)).toEqual(await medians(one));
  });

  it('makes no forecast whose belief time would be in the future', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(30));
    const nowMs = START_MS + 30 * DAY_MS;
    // Known up to now, six hours ahead: the events that end within six hours from now.
    const report = await forecast(sensor.id, nowMs, 48, 6, nowMs);
    expect(report).toMatchObject({ linear: 6, missing: 0 });
  });

  it('forecasts a whole window at one belief time', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(40));
    const viewpointMs = START_MS + 30 * DAY_MS + HOUR_MS / 2;
    const report = await app
      .get(ForecastingService)
      .createForecasts(
        { sensorId: sensor.id, fromMs: viewpointMs, untilMs: viewpointMs + 48 * HOUR_MS, viewpointMs },
        Infinity,
      );
    expect(report).toMatchObject({ linear: 48, missing: 0, made: { viewpointMs } });
    const stored = await app
      .get(BeliefsService)
      .search(sensor, { horizonAtLeastMs: 1, beliefsBeforeMs: viewpointMs, beliefsAfterMs: viewpointMs });
    expect(stored.values).toHaveLength(48 * 3);
    const found = await app.get(BeliefsService).latestPerEvent(sensor, { horizonAtLeastMs: 1 });
    const truth = aLoad(40);
    for (const [i, value] of found.values.entries())
      expect(Math.abs(value - truth[30 * 24 + 1 + i]!)).toBeLessThan(1.5);
  });

  it('forecasts prices after the last price that was known at the belief time', async () => {
    const sensor = await anHourlySensor('EUR/MWh');
    await saveValues(app, sensor, START, aLoad(31), { horizonMs: 24 * HOUR_MS });
    const viewpointMs = START_MS + 30 * DAY_MS;
    const request = {
      sensorId: sensor.id,
      fromMs: viewpointMs,
      untilMs: viewpointMs + 2 * DAY_MS,
      viewpointMs,
    };
    const report = await app.get(ForecastingService).createForecasts(request, Infinity);
    // The first day had been published.
    expect(report).toMatchObject({ linear: 24, missing: 0 });
    for (const [more, code] of [
      [{ viewpointMs: Date.now() + DAY_MS }, 'INVALID_WINDOW'],
      [{ untilMs: viewpointMs + 40 * DAY_MS }, 'INVALID_WINDOW'],
    ] as const) {
      await expect(
        app.get(ForecastingService).createForecasts({ ...request, ...more }, Date.now()),
      ).rejects.toMatchObject({ code });
    }
  });

  it('makes no forecasts of prices that were already published', async () => {
    const sensor = await anHourlySensor('EUR/MWh');
    const published = aLoad(31).map((price, i) => (i % 24 === 3 ? -200 : price));
    await saveValues(app, sensor, START, published, { horizonMs: 30 * HOUR_MS });
    const fromMs = START_MS + 30 * DAY_MS;
    expect(await forecast(sensor.id, fromMs, 24, 24)).toMatchObject({
      known: 24,
      linear: 0,
      missing: 0,
      saved: 0,
    });
    expect(await forecast(sensor.id, fromMs, 24, 48)).toMatchObject({ known: 0, linear: 24, missing: 0 });
    const latest = await app.get(BeliefsService).latestPerEvent(sensor, { eventStartsAfterMs: fromMs });
    expect([...latest.values]).toEqual(published.slice(30 * 24));
  });

  it('uses local midnight when the clocks change', async () => {
    const sensor = await aSensor(app, {
      unit: 'kWh',
      eventResolutionMs: DAY_MS,
      timezone: 'Europe/Amsterdam',
    });
    const clock = new ZoneClock('Europe/Amsterdam');
    const midnight = (day: number): number => clock.resolveLocal(Date.UTC(2026, 5, day));
    for (let day = 1; day <= 170; day++) {
      const start = new Date(midnight(day)).toISOString();
      await saveValues(app, sensor, start, [day % 7 === 0 ? 3 : 9]);
    }
    // The clocks went back on the 25th of October, day 147.
    for (const day of [140, 146, 150, 171]) {
      const report = await forecast(sensor.id, midnight(day), 24, 24);
      expect(report).toMatchObject({ missing: 0 });
      expect(report.linear + report.naive).toBe(1);
      const found = await app.get(BeliefsService).latestPerEvent(sensor, {
        ...{ eventStartsAfterMs: midnight(day), horizonAtLeastMs: HOUR_MS },
      });
      expect(found.eventStarts[0]).toBe(midnight(day));
      expect(Math.abs(found.values[0]! - (day % 7 === 0 ? 3 : 9))).toBeLessThan(2);
    }
  });

  it('ignores an event that is not aligned to the resolution', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, '2025-12-31T23:07Z', [7]);
    await saveValues(app, sensor, START, aLoad(40));
    expect(await forecast(sensor.id, START_MS + 38 * DAY_MS, 24, 6)).toMatchObject({
      linear: 24,
      missing: 0,
    });
  });

  it('fits its models again when data was corrected', async () => {
    const sensor = await anHourlySensor();
    const sourceId = await aSource(app);
    const load = aLoad(40);
    await saveValues(
      app,
      sensor,
      START,
      load.map((value) => 100 * value),
      { sourceId },
    );
    const request = {
      ...{ sensorId: sensor.id, horizonMs: HOUR_MS },
      ...{ fromMs: START_MS + 40 * DAY_MS, untilMs: START_MS + 40 * DAY_MS + HOUR_MS },
    };
    const value = async (more = {}) => {
      await app.get(ForecastingService).createForecasts({ ...request, ...more }, Infinity);
      const found = await app.get(BeliefsService).latestPerEvent(sensor, { horizonAtLeastMs: HOUR_MS });
      return found.values[0]!;
    };
    expect(await value()).toBeGreaterThan(500);
    await saveValues(app, sensor, START, load, { sourceId, horizonMs: -HOUR_MS });
    expect(await value({ refit: true })).toBeLessThan(15);
  });

  it('replaces forecasts of another method with the same belief time', async () => {
    const sensor = await anHourlySensor();
    const load = aLoad(40);
    await saveValues(
      app,
      sensor,
      '2026-02-05T00:00Z',
      load.slice(35 * 24, 36 * 24).map(() => 500),
    );
    const fromMs = START_MS + 36 * DAY_MS;
    expect(await forecast(sensor.id, fromMs, 6, 6)).toMatchObject({ naive: 6 });
    await saveValues(app, sensor, START, load, { horizonMs: -HOUR_MS });
    expect(await forecast(sensor.id, fromMs, 6, 6)).toMatchObject({ linear: 6 });
    const found = await app.get(BeliefsService).search(sensor, { horizonAtLeastMs: HOUR_MS });
    expect(found.values).toHaveLength(6 * 3);
    expect(Math.max(...found.values)).toBeLessThan(20);
  });

  it.each([
    ['zeros', new Array<number>(24 * 40).fill(0)],
    ['a constant', new Array<number>(24 * 40).fill(-5)],
    ['one value', [5]],
    ['gaps of days', aLoad(40).map((value, i) => (i % 200 < 60 ? NaN : value))],
    ['negative spikes', aLoad(40).map((value, i) => (i % 97 === 0 ? -1e6 : value))],
  ])('stores no NaN: %s', async (_name, values) => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, values);
    for (const horizonHours of [1, 48]) {
      const fromMs = START_MS + values.length * HOUR_MS;
      const report = await forecast(sensor.id, fromMs, 24, horizonHours);
      expect(report.linear + report.naive + report.missing).toBe(24);
      expect(report.missing === 0 || report.failures.length > 0).toBe(true);
    }
    const stored = await app.get(BeliefsService).search(sensor, { horizonAtLeastMs: 1 });
    expect(stored.values.every(Number.isFinite)).toBe(true);
  });

  it('makes naive forecasts with little data and gives the reason, and no forecasts without data', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(2));
    const fromMs = START_MS + DAY_MS;
    const report = await forecast(sensor.id, fromMs, 24, 1);
    expect(report).toMatchObject({ linear: 0, naive: 24, saved: 24 });
    expect(report.failures[0]).toMatch(/^Only 0 values can be used for training/);
    const empty = await anHourlySensor();
    expect(await forecast(empty.id, fromMs, 24, 1)).toMatchObject({
      missing: 24,
      saved: 0,
      failures: ['No value is known.'],
    });
  });

  it('names the invalid horizon or sensor', async () => {
    const sensor = await anHourlySensor();
    await expect(forecast(sensor.id, START_MS, 24, 0.5)).rejects.toMatchObject({ code: 'INVALID_HORIZON' });
    const instant = await aSensor(app, { unit: '°C', eventResolutionMs: 0 });
    await expect(forecast(instant.id, START_MS, 24, 1)).rejects.toMatchObject({ code: 'INVALID_RESOLUTION' });
    await expect(forecast(sensor.id, START_MS, 24, 1, START_MS - HOUR_MS)).rejects.toMatchObject({
      code: 'INVALID_WINDOW',
    });
    await expect(forecast(999_999, START_MS, 24, 1)).rejects.toMatchObject({ code: 'SENSOR_NOT_FOUND' });
  });

  it('lists the valid horizons of a sensor', () => {
    const forecasting = app.get(ForecastingService);
    const horizons = (unit: string, eventResolutionMs: number) =>
      forecasting.defaultHorizons({ unit, eventResolutionMs }).map((ms) => ms / HOUR_MS);
    expect(horizons('MW', 900_000)).toEqual([1, 6, 24, 48]);
    expect(horizons('MW', DAY_MS)).toEqual([24, 48]);
    expect(horizons('EUR/MWh', HOUR_MS)).toEqual([24, 48]);
    expect(horizons('°C', 0)).toEqual([]);
  });
});
