import { Injectable } from '@nestjs/common';
import { AccountsService, PlansService, UsersService, type Account } from '#lib/accounts';
import { accountRules, isAllowed } from '#lib/accounts/model';
import { AssetLists } from '#lib/assets';
import { AnnotationsService } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { timeInWords } from '../frame/words';

/** So many users, assets and annotations are on the page of an account; their own pages have all. */
const MAX_LISTED = 10;

/** What the page of an account shows of its users, assets and annotations. */
@Injectable()
export class AccountContent {
  constructor(
    private readonly accounts: AccountsService,
    private readonly plans: PlansService,
    private readonly users: UsersService,
    private readonly assets: AssetLists,
    private readonly annotations: AnnotationsService,
  ) {}

  /** Names of the plan and of the consultancy of an account, as far as it has them. */
  async relationsOf({ planId, consultancyAccountId }: Account) {
    return {
      plan: planId === null ? undefined : (await this.plans.get(planId)).name,
      consultancy:
        consultancyAccountId === null ? undefined : (await this.accounts.get(consultancyAccountId)).name,
    };
  }

  /** @param viewer who can read the account */
  async of({ id }: Account, viewer: ApiUser) {
    const listing = { offset: 0, limit: MAX_LISTED, terms: [] };
    const users = await this.users.page(id, { ...listing, includeInactive: true, sortBy: 'username' });
    const assets = await this.assets.list({ ...listing, accountId: id, sortBy: 'name' }, viewer);
    const annotations = await this.annotations.listNewestOf({ accountId: id }, MAX_LISTED);
    const time = (date: Date): string => timeInWords(formatInstant(date.getTime(), 'UTC'));
    return {
      users: {
        total: users.total,
        items: users.items.map((user) => ({
          ...{ id: user.id, username: user.username, email: user.email, active: user.active },
          roles: user.roles.map(({ name }) => name).sort(),
        })),
      },
      assets: {
        total: assets.total,
        items: assets.items.map(({ id, name, assetType }) => ({ id, name, type: assetType.name })),
      },
      annotations: {
        total: annotations.total,
        items: annotations.items.map(({ start, end, type, content }) => ({
          ...{ start: time(start), end: time(end), type, content },
        })),
      },
      can_annotate: isAllowed(viewer, 'create-children', accountRules({ id })),
    };
  }
}
