import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { SETTINGS, type Settings } from '#lib/config';
import { EntityAddresses } from '#lib/sensors';
import { requireType } from '../messages/fields';
import type { Message } from '../messages/message';
import { Connections, displayNameOf } from './connections.service';
import { Owners } from './owners.service';

/** Messages that list connections. */
@Injectable()
export class ConnectionList {
  constructor(
    private readonly connections: Connections,
    private readonly owners: Owners,
    private readonly addresses: EntityAddresses,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'mode'>,
  ) {}

  /**
   * Addresses (owner and id) and names of the connections that the requester can read, the newest first.
   * @param host that the request was sent to
   * @throws ApiError INVALID_MESSAGE_TYPE
   */
  async list(
    message: Message,
    host: string,
    user: Requester,
  ): Promise<{ connections: string[]; names: string[] }> {
    requireType(message, 'GetConnectionRequest', { isOptional: true });
    const sensors = await this.connections.list(user);
    const ownerOf = await this.owners.of(sensors);
    return {
      connections: sensors.map((sensor) => this.addresses.forConnection(sensor.id, ownerOf(sensor), host)),
      names: sensors.map((sensor) => (this.settings.mode === 'play' ? sensor.name : displayNameOf(sensor))),
    };
  }
}
