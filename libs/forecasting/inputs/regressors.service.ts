import { Injectable } from '@nestjs/common';
import { SensorsService, type Sensor } from '#lib/sensors';

/** More would leave a model little to learn from for each. */
const MAX_REGRESSORS = 8;

/** Finds the sensors whose forecasts help to forecast another one. */
@Injectable()
export class RegressorsService {
  constructor(private readonly sensors: SensorsService) {}

  /**
   * The sensors with these ids; without any, those that attribute `weather_correlations` of the sensor or its asset
   * lists: by id, or by name (the nearest sensor of that name). Attributes only reach sensors of the same account and
   * public ones; what is not there is left out.
   * @throws DomainError SENSOR_NOT_FOUND for an id that was asked for
   */
  async of(sensor: Sensor, ids: readonly number[] | undefined): Promise<Sensor[]> {
    if (ids) {
      const asked = [];
      for (const id of new Set(ids)) asked.push(await this.sensors.get(id, 'regressors'));
      return asked;
    }
    const named =
      sensor.attributes['weather_correlations'] ?? sensor.asset.attributes['weather_correlations'];
    const found: Sensor[] = [];
    for (const one of Array.isArray(named) ? named.slice(0, MAX_REGRESSORS) : []) {
      const regressor = await this.find(sensor, one as unknown);
      if (regressor && regressor.id !== sensor.id && !found.some(({ id }) => id === regressor.id)) {
        found.push(regressor);
      }
    }
    return found;
  }

  private async find(sensor: Sensor, named: unknown): Promise<Sensor | undefined> {
    if (typeof named === 'string') return this.sensors.findNearest(named, sensor.asset);
    if (typeof named !== 'number' || !Number.isInteger(named)) return undefined;
    const [found] = await this.sensors.listByIds([named]);
    const accountId = found?.asset.accountId;
    return accountId === null || accountId === sensor.asset.accountId ? found : undefined;
  }
}
