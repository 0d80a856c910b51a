import { Injectable } from '@nestjs/common';
import { AccountsService, PlansService, type Account } from '#lib/accounts';
import { canBeConsultancy, CONSULTANCY_ROLE, isServerAdmin } from '#lib/accounts/model';
import type { ApiUser } from '../../http/auth/authentication/api-user';

type Option = [value: string, text: string];

/** More accounts are not offered as consultancies. */
const MAX_ACCOUNTS = 200;

const NONE: Option = ['', 'None'];

/** What a form about an account offers to a viewer; without choices, there is no field. */
@Injectable()
export class AccountChoices {
  constructor(
    private readonly accounts: AccountsService,
    private readonly planList: PlansService,
  ) {}

  /** Plans, for admins of the server. Legacy ones only if the account has it. */
  async plans({ planId }: Pick<Account, 'planId'>, viewer: ApiUser): Promise<Option[]> {
    if (!isServerAdmin(viewer)) return [];
    const offered = (await this.planList.list()).filter(({ id, legacy }) => !legacy || id === planId);
    return [
      ['', 'None: the limits of the server'],
      ...offered.map(({ id, name }): Option => [String(id), name]),
    ];
  }

  /** Roles of accounts, for admins of the server. */
  async roles(viewer: ApiUser) {
    return isServerAdmin(viewer) ? this.accounts.listRoles() : [];
  }

  /** Accounts that the viewer can make the consultancy of an account, and the one that is it now. */
  async consultancies(current: number | null, viewer: ApiUser): Promise<Option[]> {
    const found = await this.findConsultancies(viewer);
    if (found.length === 0) return [];
    const isMissing = current !== null && !found.some(({ id }) => id === current);
    const all = isMissing ? [...found, await this.accounts.get(current)] : found;
    return [NONE, ...all.map(({ id, name }): Option => [String(id), name])];
  }

  private async findConsultancies(viewer: ApiUser): Promise<Pick<Account, 'id' | 'name'>[]> {
    if (!isServerAdmin(viewer))
      return canBeConsultancy(viewer.accountId, viewer) ? [await this.accounts.get(viewer.accountId)] : [];
    const consultancies = await this.accounts.listByRole(CONSULTANCY_ROLE);
    return consultancies.slice(0, MAX_ACCOUNTS);
  }
}
