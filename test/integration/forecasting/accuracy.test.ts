import { BeliefsService } from '#lib/beliefs';
import { AccuracyService, ForecastingService } from '#lib/forecasting';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { aSensor, aSource, saveValues } from '../../harness/databases/factories';

const HOUR_MS = 3_600_000;
const START = '2026-03-01T00:00Z';
const START_MS = Date.parse(START);
const WINDOW = { startMs: START_MS, endMs: START_MS + 48 * HOUR_MS };

describe('accuracy of forecasts', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const accuracy = () => app.get(AccuracyService);
  const anHourlySensor = (more = {}) => aSensor(app, { unit: 'kW', eventResolutionMs: HOUR_MS, ...more });

  it('uses the latest forecast of each source that was made early enough', async () => {
    const sensor = await anHourlySensor();
    const [one, other] = [await aSource(app), await aSource(app)];
    await saveValues(app, sensor, START, [1, 2, 3, 4]);
    await saveValues(app, sensor, START, [2, 2, 2, 2], { sourceId: one, horizonMs: 30 * HOUR_MS });
    await saveValues(app, sensor, START, [1, 2, 3, 6], { sourceId: one, horizonMs: 7 * HOUR_MS });
    await saveValues(app, sensor, START, [0, 0, 0, 0], { sourceId: one, horizonMs: HOUR_MS });
    await saveValues(app, sensor, START, [NaN, 3], { sourceId: other, horizonMs: 6 * HOUR_MS });
    const found = await accuracy().compute(sensor, WINDOW);
    expect(
      found.map(({ horizonMs, source, count, mae }) => [horizonMs / HOUR_MS, source.id, count, mae]),
    ).toEqual([
      [1, one, 4, 2.5],
      [6, one, 4, 0.5],
      [6, other, 1, 1],
      [24, one, 4, 1],
    ]);
    const [only] = await accuracy().compute(sensor, { ...WINDOW, sourceId: one, horizonsMs: [8 * HOUR_MS] });
    expect(only).toMatchObject({ mae: 1, wape: 0.4, coverage: NaN });
  });

  it('lists no horizon at which a source made no forecast', async () => {
    const sensor = await anHourlySensor();
    const sourceId = await aSource(app);
    await saveValues(app, sensor, START, [1, 2]);
    await saveValues(app, sensor, START, [2, 2], { sourceId, horizonMs: 48 * HOUR_MS });
    const listed = async (request: object) =>
      (await accuracy().compute(sensor, { ...WINDOW, ...request })).map(
        ({ horizonMs }) => horizonMs / HOUR_MS,
      );
    expect(await listed({})).toEqual([48]);
    // A given horizon includes all forecasts that were made at least that early.
    expect(await listed({ horizonsMs: [6 * HOUR_MS] })).toEqual([6]);
    await saveValues(app, sensor, START, [NaN, 1], { sourceId, horizonMs: 2 * HOUR_MS });
    expect(await listed({})).toEqual([1, 48]);
  });

  it('compares forecasting scripts with naive forecasts, and returns the coverage of the prediction interval', async () => {
    const sensor = await anHourlySensor();
    const values = Array.from(
      { length: 24 * 40 },
      (_, i) => 10 + 3 * Math.sin((2 * Math.PI * i) / 24) + Math.sin(i * i),
    );
    await saveValues(app, sensor, START, values);
    const window = { startMs: START_MS + 35 * 24 * HOUR_MS, endMs: START_MS + 40 * 24 * HOUR_MS };
    await app
      .get(ForecastingService)
      .createForecasts(
        { sensorId: sensor.id, fromMs: window.startMs, untilMs: window.endMs, horizonMs: 6 * HOUR_MS },
        Infinity,
      );
    const [found] = await accuracy().compute(sensor, { ...window, horizonsMs: [6 * HOUR_MS] });
    expect(found).toMatchObject({ source: { name: 'Seita', model: 'linear-OLS', version: '5' }, count: 120 });
    for (const { wape, count } of found!.baselines) {
      expect(count).toBe(120);
      expect(found!.wape).toBeLessThan(wape);
    }
    expect(found!.coverage).toBeGreaterThan(0.6);
    expect(found!.coverage).toBeLessThan(0.95);
  });

  it('does not treat a market as a forecaster of its prices, nor a schedule as a forecast', async () => {
    const prices = await anHourlySensor({
      unit: 'EUR/MWh',
      knowledgeHorizonFnc: 'x_days_ago_at_y_oclock',
      knowledgeHorizonPar: { x: 1, y: 12, z: 'Europe/Paris' },
    });
    const market = await aSource(app);
    await saveValues(app, prices, START, [10, 20], { sourceId: market });
    expect(await accuracy().compute(prices, { ...WINDOW, horizonsMs: [HOUR_MS] })).toEqual([]);
    // Known at noon of the day before in Paris: 14 hours before the first hour ends, and 15 before the second does.
    expect(
      await accuracy().compute(prices, { ...WINDOW, sourceId: market, horizonsMs: [15 * HOUR_MS] }),
    ).toMatchObject([{ count: 1 }]);
  });

  it('returns NaN if all values are 0, and nothing if there is nothing to compare', async () => {
    const sensor = await anHourlySensor();
    expect(await accuracy().compute(sensor, WINDOW)).toEqual([]);
    await saveValues(app, sensor, START, [0, 0]);
    await saveValues(app, sensor, START, [1, 1], { horizonMs: 6 * HOUR_MS });
    expect(await accuracy().compute(sensor, { ...WINDOW, horizonsMs: [HOUR_MS] })).toMatchObject([
      { mae: 1, wape: NaN },
    ]);
  });

  it('names the invalid input', async () => {
    const sensor = await anHourlySensor();
    const rejects = (request: object, code: string) =>
      expect(accuracy().compute(sensor, { ...WINDOW, ...request })).rejects.toMatchObject({ code });
    await rejects({ endMs: START_MS }, 'INVALID_WINDOW');
    await rejects({ horizonsMs: [0] }, 'INVALID_HORIZON');
    await rejects({ sourceId: 999_999 }, 'SOURCE_NOT_FOUND');
    await rejects({ startMs: 0 }, 'TOO_MUCH_DATA');
    const instant = await aSensor(app, { unit: '°C', eventResolutionMs: 0 });
    await expect(accuracy().compute(instant, WINDOW)).rejects.toMatchObject({ code: 'INVALID_RESOLUTION' });
  });

  it('uses the belief horizon before the end of an event', async () => {
    const sensor = await anHourlySensor();
    await saveValues(app, sensor, START, [1, 1], { horizonMs: 6 * HOUR_MS });
    const count = async (leadAtLeastMs: number) =>
      (await app.get(BeliefsService).search(sensor, { leadAtLeastMs })).values.length;
    expect(await count(6 * HOUR_MS)).toBe(2);
    expect(await count(6 * HOUR_MS + 1)).toBe(0);
  });
});
