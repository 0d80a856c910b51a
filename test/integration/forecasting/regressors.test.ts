import { AccountsService } from '#lib/accounts';
import { AssetsService } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { ForecastingService } from '#lib/forecasting';
import { AnnotationsService, SensorsService, SourcesService, type Sensor } from '#lib/sensors';
import { RegressorsService } from '../../../libs/forecasting/inputs/regressors.service';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { anAsset, aSensor, saveValues } from '../../harness/databases/factories';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = '2026-01-01T00:00Z';
const START_MS = Date.parse(START);
const HOURS = 24 * 40;

/** Wind speeds without a pattern, and the resulting power of a turbine. */
const WIND = Array.from({ length: HOURS }, (_, hour) => 6 + 5 * Math.sin(hour * hour * 0.7));
const POWER = WIND.map((speed) => speed ** 2 / 100);

describe('forecasts with regressors', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const forecast = (sensorId: number, more = {}, from = 38) =>
    app.get(ForecastingService).createForecasts(
      {
        ...{ sensorId, fromMs: START_MS + from * DAY_MS, untilMs: START_MS + (from + 1) * DAY_MS },
        ...{ horizonMs: 24 * HOUR_MS, ...more },
      },
      Infinity,
    );

  const aTurbine = async (attributes = {}) => {
    const sensor = await aSensor(app, { unit: 'MW', eventResolutionMs: HOUR_MS, attributes });
    await saveValues(app, sensor, START, POWER);
    return sensor;
  };

  const aWind = (asset?: Sensor['asset']) => aSensor(app, { asset, unit: 'm/s', eventResolutionMs: HOUR_MS });

  const meanError = async (sensor: Sensor) => {
    const { eventStarts, values } = await app
      .get(BeliefsService)
      .latestPerEvent(sensor, { horizonAtLeastMs: 24 * HOUR_MS });
    const errors = values.map((value, i) => Math.abs(value - POWER[(eventStarts[i]! - START_MS) / HOUR_MS]!));
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };

  it('use the forecasts of regressors that were known at the belief time', async () => {
    const wind = await aWind();
    await saveValues(app, wind, START, WIND, { horizonMs: 30 * HOUR_MS });
    const [seeing, blind] = [await aTurbine({ weather_correlations: [wind.id] }), await aTurbine()];
    expect(await forecast(seeing.id)).toMatchObject({ linear: 24, withRegressors: 24 });
    expect(await forecast(blind.id)).toMatchObject({ linear: 24, withRegressors: 0 });
    expect(await meanError(seeing)).toBeLessThan((await meanError(blind)) / 3);
    const source = (await app.get(BeliefsService).figuresBySource(seeing, { horizonAtLeastMs: 1 }))[0]!
      .source;
    expect(source).toMatchObject({ name: 'Seita', model: 'linear-OLS with regressors', version: '5' });
  });

  it('use neither measurements nor later forecasts of regressors', async () => {
    for (const horizonMs of [0, 6 * HOUR_MS, 24 * HOUR_MS - 1]) {
      const wind = await aWind();
      await saveValues(app, wind, START, WIND, { horizonMs });
      const turbine = await aTurbine();
      const report = await forecast(turbine.id, { regressorIds: [wind.id] });
      expect(report).toMatchObject({ linear: 24, withRegressors: 0 });
      // Measurements serve for training, but not for the forecasts.
      if (horizonMs === 0) expect(report.failures).toEqual([]);
      else expect(report.failures[0]).toMatch(/^With regressors: Only 0 values/);
    }
    // A better forecast that was made too late changes nothing.
    const [one, other] = [await aWind(), await aWind()];
    for (const wind of [one, other]) await saveValues(app, wind, START, WIND, { horizonMs: 24 * HOUR_MS });
    await saveValues(
      app,
      other,
      START,
      WIND.map(() => 99),
      { horizonMs: 23 * HOUR_MS },
    );
    const medians = async (regressor: Sensor) => {
      const turbine = await aTurbine();
      expect(await forecast(turbine.id, { regressorIds: [regressor.id] })).toMatchObject({
        withRegressors: 24,
      });
      const found = await app.get(BeliefsService).latestPerEvent(turbine, { horizonAtLeastMs: HOUR_MS });
      return [...found.values];
    };
    expect(await medians(other)).toEqual(await medians(one));
  });

  it('are trained with measurements of regressors where no forecast was known', async () => {
    // As after an import of past days, and later imports of forecasts.
    const wind = await aWind();
    await saveValues(app, wind, START, WIND.slice(0, 37 * 24));
    const later = new Date(START_MS + 37 * DAY_MS).toISOString();
    await saveValues(app, wind, later, WIND.slice(37 * 24), { horizonMs: 60 * HOUR_MS });
    const [seeing, blind] = [await aTurbine({ weather_correlations: [wind.id] }), await aTurbine()];
    expect(await forecast(seeing.id)).toMatchObject({ linear: 24, withRegressors: 24, failures: [] });
    await forecast(blind.id);
    expect(await meanError(seeing)).toBeLessThan((await meanError(blind)) / 3);
    const viewpointMs = START_MS + 38 * DAY_MS;
    const fixed = await app.get(ForecastingService).createForecasts(
      {
        ...{ sensorId: (await aTurbine()).id, regressorIds: [wind.id], viewpointMs },
        ...{ fromMs: viewpointMs, untilMs: viewpointMs + DAY_MS },
      },
      viewpointMs,
    );
    expect(fixed).toMatchObject({ linear: 24, withRegressors: 24 });
  });

  it('at one belief time use no later forecasts of regressors, nor later prices', async () => {
    const viewpointMs = START_MS + 37 * DAY_MS;
    const prices = async (isForecastAgain: boolean) => {
      const wind = await aWind();
      await saveValues(app, wind, START, WIND, { horizonMs: 60 * HOUR_MS });
      // A forecast of the day after tomorrow, which was known one day before.
      if (isForecastAgain)
        await saveValues(
          ...([app, wind, new Date(viewpointMs + DAY_MS).toISOString()] as const),
          ...([new Array<number>(24).fill(99), { horizonMs: 24 * HOUR_MS }] as const),
        );
      const sensor = await aSensor(app, { unit: 'EUR/MWh', eventResolutionMs: HOUR_MS });
      await saveValues(app, sensor, START, POWER.slice(0, 38 * 24), { horizonMs: 30 * HOUR_MS });
      const report = await app.get(ForecastingService).createForecasts(
        {
          ...{ sensorId: sensor.id, viewpointMs, regressorIds: [wind.id] },
          ...{ fromMs: viewpointMs, untilMs: viewpointMs + 2 * DAY_MS },
        },
        Infinity,
      );
      expect(report.withRegressors).toBeGreaterThan(0);
      const found = await app
        .get(BeliefsService)
        .latestPerEvent(sensor, { eventStartsAfterMs: START_MS + 38 * DAY_MS });
      return [...found.values];
    };
    expect(await prices(true)).toEqual(await prices(false));
  });

  it('ignore regressors after their last value', async () => {
    const wind = await aWind();
    await saveValues(app, wind, START, WIND.slice(0, 24 * 38 + 5), { horizonMs: 24 * HOUR_MS });
    const turbine = await aTurbine();
    expect(await forecast(turbine.id, { regressorIds: [wind.id] })).toMatchObject({
      ...{ linear: 24, withRegressors: 5, naive: 0, missing: 0 },
    });
  });

  it('find the nearest public sensor with a name', async () => {
    const assets = app.get(AssetsService);
    const at = async (latitude: number, longitude: number, accountId: number | null = null) => {
      const { id } = await anAsset(app, { type: 'weather_station', accountId });
      return assets.update(await assets.get(id), { latitude, longitude });
    };
    const named = async (name: string, asset: Sensor['asset']) =>
      app.get(SensorsService).create({
        ...{
          name,
          unit: 'm/s',
          eventResolutionMs: HOUR_MS,
          timezone: 'UTC',
          attributes: {},
          assetId: asset.id,
        },
      });
    // Near the date line, the sensor on the other side is the nearest.
    await named('wind speed', await at(50, 170));
    const near = await named('Wind_Speed', await at(50, -179));
    const place = { latitude: 50, longitude: 179, accountId: null };
    expect((await app.get(SensorsService).findNearest('wind speed', place))!.id).toBe(near.id);
    expect(await app.get(SensorsService).findNearest('temperature', place)).toBeUndefined();
    expect(
      await app.get(SensorsService).findNearest('wind speed', { ...place, latitude: null }),
    ).toBeUndefined();
  });

  it('use no sensor of another account, neither by id nor as the nearest with a name', async () => {
    const { id: accountId } = await app.get(AccountsService).create('Turbines');
    const { id: otherId } = await app.get(AccountsService).create('Weather');
    const at = async (longitude: number, owner: number | null) => {
      const asset = await anAsset(app, { type: 'weather_station', accountId: owner });
      return app.get(AssetsService).update(asset, { latitude: 10, longitude });
    };
    const gust = async (asset: Sensor['asset']) => {
      const { id } = await aSensor(app, { asset, unit: 'm/s', eventResolutionMs: HOUR_MS });
      return app.get(SensorsService).update(await app.get(SensorsService).get(id), { name: 'gust' });
    };
    const [theirs, open, own] = [
      await gust(await at(10.1, otherId)),
      await gust(await at(10.2, null)),
      await gust(await at(10.3, accountId)),
    ];
    const turbine = await aSensor(app, {
      ...{ asset: await at(10, accountId), eventResolutionMs: HOUR_MS },
      attributes: { weather_correlations: [theirs.id, 'gust', own.id, open.id, 'gust'] },
    });
    const found = await app.get(RegressorsService).findRegressors(turbine, undefined);
    expect(found.map(({ id }) => id)).toEqual([open.id, own.id]);
    const asked = forecast(turbine.id, { regressorIds: [own.id, theirs.id] });
    await expect(asked).rejects.toMatchObject({ code: 'NOT_PERMITTED', field: 'regressors' });
    // A public sensor can use public regressors.
    const park = await aSensor(app, { asset: await at(10, null), attributes: turbine.attributes });
    const ofPark = await app.get(RegressorsService).findRegressors(park, undefined);
    expect(ofPark.map(({ id }) => id)).toEqual([open.id]);
  });

  it('treat holidays of annotations as Sundays', async () => {
    // A load that is low on Sundays, and on two holidays.
    const holidays = [20, 36];
    const lowOn = (day: number) => (day + 3) % 7 === 6 || holidays.includes(day);
    const values = Array.from({ length: 24 * 45 }, (_, hour) => (lowOn(Math.floor(hour / 24)) ? 2 : 10));
    const day = async (isTold: boolean) => {
      const sensor = await aSensor(app, { unit: 'kW', eventResolutionMs: HOUR_MS, timezone: 'UTC' });
      await saveValues(app, sensor, START, values);
      if (isTold) {
        const sourceId = await app.get(SourcesService).findOrCreate({ name: 'calendar', type: 'CLI script' });
        const annotations = holidays.map((on) => ({
          ...{ content: 'holiday', type: 'holiday' as const, sourceId },
          ...{ startMs: START_MS + on * DAY_MS, endMs: START_MS + (on + 1) * DAY_MS },
        }));
        await app.get(AnnotationsService).annotate(annotations, { sensorIds: [sensor.id] });
      }
      await forecast(sensor.id, { horizonMs: 48 * HOUR_MS }, 36);
      const found = await app.get(BeliefsService).latestPerEvent(sensor, { horizonAtLeastMs: HOUR_MS });
      return found.values.reduce((sum, value) => sum + value, 0) / found.values.length;
    };
    expect(await day(true)).toBeLessThan(0.8 * (await day(false)));
  });

  it('name a sensor that does not exist', async () => {
    const turbine = await aTurbine();
    await expect(forecast(turbine.id, { regressorIds: [999_999] })).rejects.toMatchObject({
      code: 'SENSOR_NOT_FOUND',
    });
  });
});
