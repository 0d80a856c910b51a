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

/** With more regressors, models would have too little training data for each. */
const MAX_REGRESSORS = 8;

const ATTRIBUTE = 'weather_correlations';

const isId = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);

/** The ids and names of sensors in the attribute. */
const toList = (attribute: unknown): unknown[] => (Array.isArray(attribute) ? attribute : []);

/** References to regressors by id in attributes. */
export const regressorReferences = (attributes: Attributes): SensorReference[] =>
  toList(attributes[ATTRIBUTE]).flatMap((id, i) => (isId(id) ? [{ id, field: `${ATTRIBUTE}.${i}` }] : []));

/**
 * Finds the regressors of a sensor: sensors whose values help to forecast it. Regressors are read with the permissions of
 * the account of the asset.
 */
@Injectable()
export class RegressorsService {
  constructor(
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
  ) {}

  /**
   * The regressors with these ids. Without ids, those in the attribute `weather_correlations` of the sensor or its asset:
   * by id, or by name (the nearest sensor with that name). Sensors in attributes that do not exist or that the account
   * cannot read are ignored.
   * @throws DomainError SENSOR_NOT_FOUND, NOT_PERMITTED for the given ids
   */
  async findRegressors(sensor: Sensor, ids: readonly number[] | undefined): Promise<Sensor[]> {
    const actor = accountActor(sensor.asset);
    if (ids) {
      const asked = await this.access.find(ids.map((id) => ({ id, field: 'regressors' })));
      for (const one of asked.values()) requireSensorPermission(actor, 'read', one, 'regressors');
      return [...asked.values()];
    }
    const attribute = sensor.attributes[ATTRIBUTE] ?? sensor.asset.attributes[ATTRIBUTE];
    const named = toList(attribute).slice(0, MAX_REGRESSORS);
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
