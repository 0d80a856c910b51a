import { Injectable } from '@nestjs/common';
import { AccountsService, UsersService } from '#lib/accounts';
import { Transactions } from '#lib/database';
import { SourcesService } from '#lib/sensors';
import { AssetRemovalService } from './asset-removal.service';

/** Deletes accounts and users, with what hangs on them in other domains. */
@Injectable()
export class AccountRemovalService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly users: UsersService,
    private readonly sources: SourcesService,
    private readonly assetRemoval: AssetRemovalService,
    private readonly transactions: Transactions,
  ) {}

  /**
   * A user. Assets belong to accounts and stay. So does what the user believed: the user's data source remains, without
   * a user.
   * @throws DomainError USER_NOT_FOUND
   */
  removeUser(email: string): Promise<void> {
    return this.transactions.run(async () => {
      const { id } = await this.users.getByEmail(email);
      await this.releaseUsers([id]);
      await this.users.delete(id);
    });
  }

  /**
   * An account with its users, its assets and all beliefs about them, all or nothing.
   * @returns how many beliefs are gone. @throws DomainError ACCOUNT_NOT_FOUND
   */
  removeAccount(id: number): Promise<number> {
    return this.transactions.run(async () => {
      await this.accounts.get(id);
      await this.accounts.lock(id);
      const users = await this.users.listByAccount(id);
      await this.releaseUsers(users.map((user) => user.id));
      const beliefs = await this.assetRemoval.removeAssetsOf(id);
      await this.accounts.delete(id);
      return beliefs;
    });
  }

  /** Everything but the schema and the records of jobs and tasks: assets, sensors, beliefs, sources, users, accounts and roles. */
  removeStructure(): Promise<void> {
    return this.transactions.run(async () => {
      // Users before sensors: who saves beliefs refers to a user's source, then locks the sensor.
      await this.users.lockAll();
      await this.assetRemoval.removeAll();
      await this.sources.deleteAll();
      await this.accounts.deleteAll();
      await this.users.deleteAllRoles();
    });
  }

  /** While the users are locked, no new source can refer to them. */
  private async releaseUsers(ids: number[]): Promise<void> {
    for (const id of ids) await this.users.lock(id);
    await this.sources.detachUsers(ids);
  }
}
