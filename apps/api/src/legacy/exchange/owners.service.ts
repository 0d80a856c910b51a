import { Injectable } from '@nestjs/common';
import { UsersService } from '#lib/accounts';
import type { Sensor } from '#lib/sensors';

/** The attribute of assets with the id of the user who owns it. Versions before 3 have owners, assets have accounts. */
export const OWNER_ATTRIBUTE = 'owner_id';

/** Owners of assets. */
@Injectable()
export class Owners {
  constructor(private readonly users: UsersService) {}

  /**
   * Finds the owners of sensors: the user that the asset names, or else the first user of its account.
   * @returns a function that returns the id of the user; undefined for public assets and accounts without users
   */
  async of(sensors: readonly Sensor[]): Promise<(sensor: Sensor) => number | undefined> {
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
