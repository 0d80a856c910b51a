import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import type { Sensor } from '#lib/sensors';
import { isPriceUnit } from '#lib/units';
import { rejected } from '../../http/errors/api-error';
import { requireType, requireUnit, type EntityField } from '../messages/fields';
import type { Message } from '../messages/message';
import {
  invalidUnit,
  requiredInfoMissing,
  unrecognizedAsset,
  unrecognizedMarket,
} from '../messages/rejections';
import { readAddress } from './entity-names';
import { NamedSensors } from './named-sensors.service';
import { readPost, SeriesPosts, type PostOutcome, type SensorSeries } from './series-posts.service';
import type { VersionRules } from './version-rules';

const MARKET: EntityField = { names: ['market', 'markets'], missing: requiredInfoMissing };

/** The units that answers name; any price unit is accepted that is the unit of the market. */
const NAMED_UNITS = ['EUR/MWh', 'KRW/kWh'];

/** Messages that post prices of markets. A market is a price sensor. */
@Injectable()
export class MarketPosts {
  constructor(
    private readonly named: NamedSensors,
    private readonly posts: SeriesPosts,
  ) {}

  /**
   * Saves prices, in exactly the unit of the market.
   * @throws ApiError with the code of the message; DomainError as SensorDataService.post
   */
  async post(message: Message, rules: VersionRules, user: AuthenticatedUser): Promise<PostOutcome> {
    requireType(message, 'PostPriceDataRequest');
    const unit = requireUnit(message, 'price');
    if (!isPriceUnit(unit)) throw invalidUnit('price', NAMED_UNITS);
    const posted = readPost(message, MARKET, rules, 'other');
    const toSeries = async (name: string, values: Float64Array): Promise<SensorSeries> => {
      const sensor = await this.find(name, user);
      if (sensor.unit !== unit) throw invalidUnit(`${sensor.name} prices`, [sensor.unit]);
      return { sensor, values, unit };
    };
    return this.posts.save(posted, toSeries, user);
  }

  private async find(name: string, user: Requester): Promise<Sensor> {
    const address = readAddress(name, ['sensor', 'market']);
    const found =
      address.kind === 'sensor'
        ? [await this.named.findById(address.sensorId, user)].filter((sensor) => sensor !== undefined)
        : await this.named.listByName(address.name, user, { isWithPublic: true });
    const markets = found.filter(({ unit }) => isPriceUnit(unit));
    const [market, ...others] = markets;
    if (market && others.length === 0) return market;
    if (market)
      throw rejected(
        400,
        'INVALID_API_VERSION',
        'The requested API version is deprecated for this feature. Several markets have this name: use the address of one, ' +
          'such as ea1.2021-01.io.flexmeasures:fm1.42.',
      );
    const [other] = found;
    if (other) throw unrecognizedAsset(`Sensor ${other.id} is not a market: its unit is ${other.unit}.`);
    throw unrecognizedMarket(address.kind === 'sensor' ? String(address.sensorId) : address.name);
  }
}
