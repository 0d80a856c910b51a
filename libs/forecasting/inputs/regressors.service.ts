import { Injectable } from '@nestjs/common';
import type { Attributes } from '#lib/assets';
import {
  accountActor,
  canRead,
  requireSensorPermission,
  SensorAccess,
  SensorsService,
  type Sensor,
  type SensorReference,
} from '#lib/sensors';

/** More would leave a model little to learn from for each. */
const MAX_REGRESSORS = 8;

const ATTRIBUTE = 'weather_correlations';

const isId = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);

/** What an attribute names as regressors: ids of sensors and names. */
const regressorsIn = (named: unknown): unknown[] => (Array.isArray(named) ? named : []);

/** The sensors that attributes name as regressors by their ids. */
export const regressorReferences = (attributes: Attributes): SensorReference[] =>
  regressorsIn(attributes[ATTRIBUTE]).flatMap((id, i) =>
    isId(id) ? [{ id, field: `${ATTRIBUTE}.${i}` }] : [],
  );

/**
 * Finds the sensors whose forecasts help to forecast another one. No user asks for forecasts: regressors are read as the
 * account of the asset may read them.
 */
@Injectable()
export class RegressorsService {
  constructor(
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
  ) {}

  /**
   * The sensors with these ids; without any, those that attribute `weather_correlations` of the sensor or its asset
   * lists: by id, or by name (the nearest sensor of that name). Attributes only reach sensors of the same account and
   * public ones; what is not there is left out.
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED for an id that was asked for
   */
  async of(sensor: Sensor, ids: readonly number[] | undefined): Promise<Sensor[]> {
    const actor = accountActor(sensor.asset);
    if (ids) {
      const asked = await this.access.find(ids.map((id) => ({ id, field: 'regressors' })));
      for (const one of asked.values()) requireSensorPermission(actor, 'read', one, 'regressors');
      return [...asked.values()];
    }
    const attribute = sensor.attributes[ATTRIBUTE] ?? sensor.asset.attributes[ATTRIBUTE];
    const named = regressorsIn(attribute).slice(0, MAX_REGRESSORS);
    const known = await this.sensors.listByIds(named.filter(isId));
    const found = new Map<number, Sensor>();
    for (const one of named) {
      const regressor =
        typeof one === 'string'
          ? await this.sensors.findNearest(one, sensor.asset)
          : known.find(({ id }) => id === one);
      if (regressor && regressor.id !== sensor.id) found.set(regressor.id, regressor);
    }
    return [...found.values()].filter(canRead(actor));
  }
}
