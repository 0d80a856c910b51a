import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '#lib/accounts';
import { signRuleOf } from '#lib/beliefs/model';
import { signOfSensor } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { requireType, requireUnit } from '../messages/fields';
import type { Message } from '../messages/message';
import { wrongSign } from '../messages/rejections';
import { Connections, CONNECTION } from './connections.service';
import { readPost, SeriesPosts, type PostOutcome, type SensorSeries } from './series-posts.service';
import type { VersionRules } from './version-rules';

/** The only unit of power in messages. */
export const POWER_UNITS = ['MW'];

/** Messages that post power of connections; consumption is positive. */
@Injectable()
export class PowerPosts {
  constructor(
    private readonly connections: Connections,
    private readonly posts: SeriesPosts,
  ) {}

  /**
   * Saves what a connection has measured, or what it is expected to do.
   * @throws ApiError with the code of the message; DomainError as SensorDataService.post
   */
  async post(
    message: Message,
    kind: 'measurements' | 'prognosis',
    rules: VersionRules,
    user: AuthenticatedUser,
  ): Promise<PostOutcome> {
    requireType(message, kind === 'prognosis' ? 'PostPrognosisRequest' : 'PostMeterDataRequest');
    const unit = requireUnit(message, 'power', POWER_UNITS);
    const posted = readPost(message, CONNECTION, rules, kind);
    const toSeries = async (name: string, values: Float64Array): Promise<SensorSeries> => {
      const sensor = await this.connections.find(name, user);
      return { sensor, values: toStored(values, sensor, name), unit };
    };
    return this.posts.save(posted, toSeries, user);
  }
}

/** Power with consumption positive, in the sign in which the sensor stores it. @throws ApiError for a wrong direction */
function toStored(consumption: Float64Array, sensor: Sensor, name: string): Float64Array {
  const sign = signOfSensor(sensor);
  const rule = signRuleOf(sensor);
  return consumption.map((value) => {
    // Adding 0 converts -0 to 0.
    const stored = sign * value + 0;
    if (rule && !rule.isAllowed(stored)) throw wrongSign(name, value < 0);
    return stored;
  });
}
