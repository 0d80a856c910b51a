import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Sensor } from '#lib/sensors';
import { isPowerUnit } from '#lib/units';
import { unrecognizedAsset, unrecognizedConnections } from '../messages/rejections';
import type { EntityField } from '../messages/fields';
import { isAddress, readAddress } from './entity-names';
import { NamedSensors } from './named-sensors.service';

/** The fields that name connections. */
export const CONNECTION: EntityField = {
  names: ['connection', 'connections'],
  missing: () => unrecognizedConnections(),
};

/** The name of a connection for people. */
export function displayNameOf({
  name,
  attributes,
  asset,
}: Pick<Sensor, 'name' | 'attributes' | 'asset'>): string {
  const displayName = attributes['display_name'] ?? asset.attributes['display_name'];
  return typeof displayName === 'string' && displayName !== '' ? displayName : name;
}

/** Connections: the power sensors of the accounts that a requester can read. */
@Injectable()
export class Connections {
  constructor(private readonly named: NamedSensors) {}

  /** All connections, the newest first. */
  async list(user: Requester): Promise<Sensor[]> {
    const sensors = await this.named.list(user);
    return sensors.filter(({ unit }) => isPowerUnit(unit)).reverse();
  }

  /**
   * The connection with an entity address or a name.
   * @throws ApiError INVALID_DOMAIN, UNRECOGNIZED_CONNECTION_GROUP, also for connections that the requester cannot read;
   *   UNRECOGNIZED_ASSET for other sensors
   */
  async find(name: string, user: Requester): Promise<Sensor> {
    const sensor = isAddress(name) ? await this.findByAddress(name, user) : await this.findByName(name, user);
    if (isPowerUnit(sensor.unit)) return sensor;
    throw unrecognizedAsset(`Sensor ${sensor.id} is not a connection: its unit is ${sensor.unit}.`);
  }

  /** As `find`, for the names of a message. */
  async findAll(names: readonly string[], user: Requester): Promise<Sensor[]> {
    const sensors: Sensor[] = [];
    for (const name of names) sensors.push(await this.find(name, user));
    return sensors;
  }

  private async findByAddress(address: string, user: Requester): Promise<Sensor> {
    const { sensorId } = readAddress(address, ['sensor', 'connection']);
    const sensor = await this.named.findById(sensorId, user);
    if (!sensor) throw unrecognizedConnections();
    return sensor;
  }

  private async findByName(name: string, user: Requester): Promise<Sensor> {
    const found = (await this.named.listByName(name, user)).filter(({ unit }) => isPowerUnit(unit));
    const matching =
      found.length > 0 ? found : (await this.list(user)).filter((sensor) => displayNameOf(sensor) === name);
    const [sensor, ...others] = matching;
    if (!sensor) {
      // Tells a text that is meant to be an address from a name that is not known.
      if (name.includes(':')) readAddress(name, ['connection']);
      throw unrecognizedConnections();
    }
    if (others.length > 0) throw unrecognizedConnections('Several connections have this name.');
    return sensor;
  }
}
