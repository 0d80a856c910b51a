import { Injectable } from '@nestjs/common';
import { AccountsService, UsersService } from '#lib/accounts';
import { Transactions } from '#lib/database';
import { SourcesService } from '#lib/sensors';
import { AssetRemovalService } from './asset-removal.service';

/** Deletes accounts and users, together with the data that depends on them in other domains. */
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
   * Deletes a user. The assets of the account are kept. The beliefs of the user are kept too: the user's data source
   * remains, without a user.
   * @throws DomainError USER_NOT_FOUND
   */
  removeUser(email: string): Promise<void> {
    return this.transactions.run(async () => {
      const { id } = await this.users.getByEmail(email);
      await this.detachUsers([id]);
      await this.users.delete(id);
    });
  }

  /**
   * Deletes an account with its users, its assets and all beliefs about them, all or nothing.
   * @returns the number of deleted beliefs. @throws DomainError ACCOUNT_NOT_FOUND
   */
  removeAccount(id: number): Promise<number> {
    return this.transactions.run(async () => {
      await this.accounts.get(id);
      await this.accounts.lock(id);
      const users = await this.users.listByAccount(id);
      await this.detachUsers(users.map((user) => user.id));
      const beliefs = await this.assetRemoval.removeAssetsOfAccount(id);
      await this.accounts.delete(id);
      return beliefs;
    });
  }

  /** Deletes all assets, sensors, beliefs, sources, users, accounts and roles. The records of jobs and tasks are kept. */
  removeStructure(): Promise<void> {
    return this.transactions.run(async () => {
      // Lock users before sensors, in the same order as saving beliefs does, to prevent deadlocks.
      await this.users.lockAll();
      await this.assetRemoval.removeAll();
      await this.sources.deleteAll();
      await this.accounts.deleteAll();
      await this.users.deleteAllRoles();
    });
  }

  /** Locks the users first, so that no new source can refer to them. */
  private async detachUsers(ids: number[]): Promise<void> {
    for (const id of ids) await this.users.lock(id);
    await this.sources.detachUsers(ids);
  }
}
