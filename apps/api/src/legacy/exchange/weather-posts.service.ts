import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '#lib/accounts';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { addDuration } from '#lib/time';
import { isConvertible, isPowerUnit, isPriceUnit } from '#lib/units';
import { requireType, requireUnit, type EntityField, type Period } from '../messages/fields';
import type { Message } from '../messages/message';
import {
  invalidUnit,
  requiredInfoMissing,
  unrecognizedAsset,
  unrecognizedSensor,
} from '../messages/rejections';
import { readAddress } from './entity-names';
import { NamedSensors } from './named-sensors.service';
import { readPost, SeriesPosts, type PostOutcome, type SensorSeries } from './series-posts.service';
import type { VersionRules } from './version-rules';
import { unitNamed, unitsOfKind } from './weather-kinds';
import { WeatherSensors } from './weather-sensors.service';

const SENSOR: EntityField = {
  names: ['sensor', 'sensors', 'weather_sensor', 'weather_sensors'],
  missing: requiredInfoMissing,
};

/** Messages that post what weather sensors measure, or weather forecasts. */
@Injectable()
export class WeatherPosts {
  constructor(
    private readonly named: NamedSensors,
    private readonly places: WeatherSensors,
    private readonly posts: SeriesPosts,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Saves weather data.
   * @throws ApiError with the code of the message; DomainError as SensorDataService.post
   */
  async post(message: Message, rules: VersionRules, user: AuthenticatedUser): Promise<PostOutcome> {
    requireType(message, 'PostWeatherDataRequest');
    const unit = requireUnit(message, 'weather');
    const posted = readPost(message, SENSOR, rules, 'other');
    const toSeries = async (name: string, values: Float64Array): Promise<SensorSeries> => {
      const sensor = await this.find(name, unit, stepOf(posted.period, values.length), user);
      return { sensor, values, unit: unitNamed(unit) };
    };
    // One transaction, so that no sensor is created for values that are refused.
    return this.transactions.run(() => this.posts.save(posted, toSeries, user));
  }

  private async find(name: string, unit: string, stepMs: number, user: AuthenticatedUser): Promise<Sensor> {
    const address = readAddress(name, ['sensor', 'weather-sensor']);
    if (address.kind === 'weather-sensor') {
      const units = unitsOfKind(address.sensorType);
      if (units && !units.includes(unit)) throw invalidUnit(address.sensorType.replaceAll('_', ' '), units);
      return this.places.findAt(address, user, stepMs);
    }
    const sensor = await this.named.findById(address.sensorId, user);
    if (!sensor) throw unrecognizedSensor();
    if (isPowerUnit(sensor.unit) || isPriceUnit(sensor.unit))
      throw unrecognizedAsset(`Sensor ${sensor.id} is not a weather sensor: its unit is ${sensor.unit}.`);
    checkUnit(unit, sensor);
    return sensor;
  }
}

/** @throws ApiError INVALID_UNIT unless the unit is that of the sensor, or a name that messages use for its quantity */
function checkUnit(unit: string, sensor: Sensor): void {
  if (unit === sensor.unit) return;
  const named = unitNamed(unit);
  const isKnown = unitsOfKind('temperature')?.includes(unit) || unitsOfKind('irradiance')?.includes(unit);
  if (named === sensor.unit || (isKnown && isConvertible(named, sensor.unit))) return;
  throw invalidUnit(sensor.name, [sensor.unit]);
}

/** Distance of posted values on the clock of UTC, ms. */
const stepOf = ({ startMs, duration }: Period, count: number): number =>
  Math.max(0, Math.floor((addDuration(startMs, duration, 'UTC') - startMs) / count));
