import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions, violatedConstraint } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { ACCOUNT_CREATED, ACCOUNT_UPDATED } from '../events/accounts.events';
import { canBeConsultancy, canCreateAccounts, isServerAdmin, type AccountManager } from '../model';
import { checkAccountFields, normaliseColor, type AccountFields } from './account-fields';
import type { Account, AccountRole } from './account.entity';
import { PlansService } from '../plans/plans.service';
import { AccountsRepository } from './accounts.repository';

/** Changes to an account. Fields that are not given stay as they are. */
export interface AccountChanges extends Partial<AccountFields> {
  /** Ids of all roles that the account has after the change. */
  roleIds?: number[];
}

/** Creates and changes accounts, within the permissions of the requester. */
@Injectable()
export class AccountManagement {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
    private readonly plans: PlansService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'maxAttributesBytes'>,
  ) {}

  /**
   * Creates an account. That of a consultant becomes a client of the account of the consultant.
   * @throws DomainError NOT_PERMITTED, ACCOUNT_INVALID, ACCOUNT_EXISTS, or CONSULTANCY_INVALID with the field
   */
  create(
    { name, consultancyAccountId }: { name: string; consultancyAccountId?: number | null },
    requester: AccountManager,
  ): Promise<Account> {
    if (!canCreateAccounts(requester)) throw notPermitted('You do not have permission to create accounts.');
    checkAccountFields({ name }, this.settings);
    return this.transactions.run(async () => {
      const consultancy = consultancyAccountId ?? (isServerAdmin(requester) ? null : requester.accountId);
      await this.checkConsultancy(consultancy, requester);
      await this.checkName(name);
      const account = await this.accounts
        .insert(name, [], { consultancyAccountId: consultancy })
        .catch(toExistsError(name));
      this.events.emit(ACCOUNT_CREATED, { id: account.id });
      return this.get(account.id);
    });
  }

  /**
   * Changes an account that the requester may update. Only admins change its roles, because they grant rights, and its plan.
   * If a second factor becomes required, all users have to log in again.
   * @throws DomainError NOT_PERMITTED, ACCOUNT_INVALID, ACCOUNT_EXISTS, ACCOUNT_ROLE_NOT_FOUND, PLAN_NOT_FOUND,
   *   PLAN_INVALID, or CONSULTANCY_INVALID
   */
  update(id: number, { roleIds, ...given }: AccountChanges, requester: AccountManager): Promise<Account> {
    checkAccountFields(given, this.settings);
    return this.transactions.run(async () => {
      await this.accounts.lock(id);
      const account = await this.get(id);
      const fields = changedFields(account, {
        ...given,
        primaryColor: normaliseColor(given.primaryColor),
        secondaryColor: normaliseColor(given.secondaryColor),
      });
      const roles = roleIds && (await this.findNewRoles(account, roleIds, requester));
      if (fields.consultancyAccountId === id)
        throw new DomainError(
          'CONSULTANCY_INVALID',
          'An account cannot be its own consultancy.',
          CONSULTANCY,
        );
      if (fields.consultancyAccountId !== undefined)
        await this.checkConsultancy(fields.consultancyAccountId, requester);
      if (fields.planId !== undefined) await this.checkPlan(fields.planId, requester);
      if (fields.name !== undefined) await this.checkName(fields.name);
      await this.accounts.update(id, { ...fields, roles }).catch(toExistsError(given.name ?? ''));
      // Logins without a second factor are of no use any longer.
      if (fields.twoFactor === 'required') await this.accounts.endSessions(id);
      const names = [...Object.keys(fields), ...(roles ? ['accountRoles'] : [])];
      if (names.length > 0) this.events.emit(ACCOUNT_UPDATED, { id, fields: names });
      return this.get(id);
    });
  }

  /** Changes the plan of an account, for the command line. @throws DomainError ACCOUNT_NOT_FOUND, PLAN_NOT_FOUND, PLAN_INVALID */
  setPlan(id: number, planId: number | null): Promise<Account> {
    return this.transactions.run(async () => {
      await this.accounts.lock(id);
      const { planId: before } = await this.get(id);
      if (planId !== before) {
        await this.checkAssignable(planId);
        await this.accounts.update(id, { planId });
        this.events.emit(ACCOUNT_UPDATED, { id, fields: ['planId'] });
      }
      return this.get(id);
    });
  }

  /** @throws DomainError NOT_PERMITTED, CONSULTANCY_INVALID */
  private async checkConsultancy(id: number | null, requester: AccountManager): Promise<void> {
    if (!isServerAdmin(requester) && !canBeConsultancy(id, requester))
      throw notPermitted(
        'Only consultants and account-admins of an account with the role Consultancy can make this account the consultancy ' +
          'of another one.',
      );
    if (id !== null && !(await this.accounts.findById(id)))
      throw new DomainError('CONSULTANCY_INVALID', `There is no account with id ${id}.`, CONSULTANCY);
  }

  /** The new roles; undefined if the account has exactly these. @throws DomainError NOT_PERMITTED, ACCOUNT_ROLE_NOT_FOUND */
  private async findNewRoles(
    { accountRoles: before }: Account,
    ids: readonly number[],
    requester: AccountManager,
  ): Promise<AccountRole[] | undefined> {
    const roles = (await this.accounts.findAllRoles()).filter(({ id }) => ids.includes(id));
    const unknown = ids.findIndex((id) => !roles.some((role) => role.id === id));
    if (unknown >= 0) {
      const message = `There is no account role with id ${ids[unknown]}.`;
      throw new DomainError('ACCOUNT_ROLE_NOT_FOUND', message, `account_roles.${unknown}`);
    }
    const isSame = roles.length === before.length && before.every(({ id }) => ids.includes(id));
    if (isSame) return undefined;
    if (!isServerAdmin(requester))
      throw notPermitted('Only admins of the server can change the roles of accounts.');
    return roles;
  }

  /** @throws DomainError NOT_PERMITTED, PLAN_NOT_FOUND, PLAN_INVALID */
  private async checkPlan(id: number | null, requester: AccountManager): Promise<void> {
    if (!isServerAdmin(requester))
      throw notPermitted('Only admins of the server can change the plans of accounts.');
    await this.checkAssignable(id);
  }

  /** @throws DomainError PLAN_NOT_FOUND, PLAN_INVALID */
  private async checkAssignable(id: number | null): Promise<void> {
    if (id === null) return;
    const { name, legacy } = await this.plans.get(id, PLAN);
    if (legacy)
      throw new DomainError('PLAN_INVALID', `No further accounts get the legacy plan '${name}'.`, PLAN);
  }

  private async checkName(name: string): Promise<void> {
    if (await this.accounts.findByName(name)) throw existsError(name);
  }

  private async get(id: number): Promise<Account> {
    const account = await this.accounts.findById(id);
    if (!account) throw new DomainError('ACCOUNT_NOT_FOUND', `There is no account with id ${id}.`, 'id');
    return account;
  }
}

const CONSULTANCY = 'consultancy_account_id';
const PLAN = 'plan_id';

/** The given fields that differ from those of the account. */
function changedFields(account: Account, given: Partial<AccountFields>): Partial<AccountFields> {
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  return Object.fromEntries(
    Object.entries<unknown>(given).filter(
      ([name, value]) => value !== undefined && !isSame(value, account[name as keyof AccountFields]),
    ),
  );
}

const existsError = (name: string): DomainError =>
  new DomainError('ACCOUNT_EXISTS', `An account named '${name}' already exists.`, 'name');

const toExistsError =
  (name: string) =>
  (error: unknown): never => {
    throw violatedConstraint(error) === 'unique' ? existsError(name) : error;
  };

const notPermitted = (message: string): DomainError => new DomainError('NOT_PERMITTED', message);
