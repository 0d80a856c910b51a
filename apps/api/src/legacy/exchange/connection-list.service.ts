import { Inject, Injectable } from '@nestjs/common';
import { UsersService } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { SETTINGS, type Settings } from '#lib/config';
import { EntityAddresses, type Sensor } from '#lib/sensors';
import { requireType } from '../messages/fields';
import type { Message } from '../messages/message';
import { Connections, displayNameOf } from './connections.service';
import { OWNER_ATTRIBUTE } from './owners';

/** Messages that list connections. */
@Injectable()
export class ConnectionList {
  constructor(
    private readonly connections: Connections,
    private readonly users: UsersService,
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
    const ownerOf = await this.ownersOf(sensors);
    return {
      connections: sensors.map((sensor) => {
        const owner = ownerOf(sensor);
        const local = owner === undefined ? String(sensor.id) : `${owner}:${sensor.id}`;
        return this.addresses.forSensor(sensor.id, host).replace(/fm1\.\d+$/, local);
      }),
      names: sensors.map((sensor) => (this.settings.mode === 'play' ? sensor.name : displayNameOf(sensor))),
    };
  }

  /** Owners of sensors: the user that the asset names, or else the first user of its account. */
  private async ownersOf(sensors: readonly Sensor[]): Promise<(sensor: Sensor) => number | undefined> {
    const firstUsers = new Map<number, number | undefined>();
    for (const { asset } of sensors) {
      if (asset.accountId === null || firstUsers.has(asset.accountId)) continue;
      const ids = (await this.users.listByAccount(asset.accountId)).map(({ id }) => id);
      firstUsers.set(asset.accountId, ids.length === 0 ? undefined : Math.min(...ids));
    }
    return ({ asset: { accountId, attributes } }) => {
      const owner = attributes[OWNER_ATTRIBUTE];
      if (Number.isSafeInteger(owner)) return owner as number;
      return accountId === null ? undefined : firstUsers.get(accountId);
    };
  }
}
