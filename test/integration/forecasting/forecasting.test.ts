import { BeliefsService } from '#lib/beliefs';
import { ForecastingService } from '#lib/forecasting';
import { SourcesService } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/app';
import { aSensor, saveValues } from '../../harness/factories';

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

  /** A load that repeats every day, with a little that does not. */
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

  it('stores quantiles that were known so long before the fact', async () => {
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

  it('saves nothing new when asked again', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(30));
    const fromMs = START_MS + 29 * DAY_MS;
    expect((await forecast(sensor.id, fromMs, 12, 1)).saved).toBe(36);
    expect((await forecast(sensor.id, fromMs, 12, 1)).saved).toBe(0);
  });

  it('learns from measurements, not from its own forecasts, and not from what was measured later', async () => {
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

  it('makes no forecast that would have to be made later than now', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(30));
    const nowMs = START_MS + 30 * DAY_MS;
    // Known up to now, six hours ahead: the events that end within six hours from now.
    const report = await forecast(sensor.id, nowMs, 48, 6, nowMs);
    expect(report).toMatchObject({ linear: 6, missing: 0 });
  });

  it('falls back to naive forecasts with little data, and says why; without any there are none', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, aLoad(2));
    const fromMs = START_MS + DAY_MS;
    const report = await forecast(sensor.id, fromMs, 24, 1);
    expect(report).toMatchObject({ linear: 0, naive: 24, saved: 24 });
    expect(report.failures[0]).toMatch(/^Only 0 of the values can be learnt from/);
    const empty = await anHourlySensor();
    expect(await forecast(empty.id, fromMs, 24, 1)).toMatchObject({
      missing: 24,
      saved: 0,
      failures: ['No value is known.'],
    });
  });

  it('names the horizon or sensor that cannot be used', async () => {
    const sensor = await anHourlySensor();
    await expect(forecast(sensor.id, START_MS, 24, 0.5)).rejects.toMatchObject({ code: 'INVALID_HORIZON' });
    const instant = await aSensor(app, { unit: '°C', eventResolutionMs: 0 });
    await expect(forecast(instant.id, START_MS, 24, 1)).rejects.toMatchObject({ code: 'INVALID_RESOLUTION' });
    await expect(forecast(999_999, START_MS, 24, 1)).rejects.toMatchObject({ code: 'SENSOR_NOT_FOUND' });
  });

  it('knows which horizons fit a sensor', () => {
    const forecasting = app.get(ForecastingService);
    const horizons = (unit: string, eventResolutionMs: number) =>
      forecasting.defaultHorizons({ unit, eventResolutionMs }).map((ms) => ms / HOUR_MS);
    expect(horizons('MW', 900_000)).toEqual([1, 6, 24, 48]);
    expect(horizons('MW', DAY_MS)).toEqual([24, 48]);
    expect(horizons('EUR/MWh', HOUR_MS)).toEqual([24, 48]);
    expect(horizons('°C', 0)).toEqual([]);
  });
});
