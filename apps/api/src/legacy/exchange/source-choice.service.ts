import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { shown } from '#lib/errors';
import { SourcesService } from '#lib/sensors';
import { invalidSource } from '../messages/rejections';

/** Data sources that messages choose by users and by roles of their accounts. */
@Injectable()
export class SourceChoice {
  constructor(
    private readonly sources: SourcesService,
    private readonly accounts: AccountsService,
  ) {}

  /**
   * Ids of the sources of some users and of the users of accounts with some roles, and that of the requester.
   * @param chosen ids of users and names of account roles; undefined for all sources
   * @throws ApiError INVALID_SOURCE if none of them has posted data
   */
  async find(
    chosen: readonly (number | string)[] | undefined,
    user: Requester,
  ): Promise<number[] | undefined> {
    if (chosen === undefined) return undefined;
    const accountIds = new Set<number>();
    for (const role of chosen.filter((one) => typeof one === 'string'))
      for (const { id } of await this.accounts.listByRole(role)) accountIds.add(id);
    const owned = await this.sources.listOwned();
    const isChosen = ({ userId, accountId }: (typeof owned)[number]): boolean =>
      userId !== null && (chosen.includes(userId) || (accountId !== null && accountIds.has(accountId)));
    const found = owned.filter(isChosen).map(({ id }) => id);
    if (found.length === 0) throw invalidSource(shown(chosen.join(', ')));
    const own = owned.filter(({ userId }) => userId === user.id).map(({ id }) => id);
    return [...new Set([...found, ...own])];
  }
}
