import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { brokenRule, Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { USER_UPDATED } from '../events/accounts.events';
import { mayGive, mayManage, type Requester } from '../model';
import { checkedFields, type PersonalFields } from './user-fields';
import type { Role, User } from './user.entity';
import { UsersRepository } from './users.repository';

/** What shall change of a user; the rest stays. */
export interface UserChanges extends Partial<PersonalFields> {
  active?: boolean;
  /** Ids of all roles that the user shall have. */
  roleIds?: number[];
}

/** Changes users as far as the one who asks may do so. */
@Injectable()
export class UserManagement {
  constructor(
    private readonly users: UsersRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /**
   * Changes a user on somebody's behalf: personal fields are the user's own and those of whoever manages the user;
   * roles and activity are for managers, and nobody's own. Deactivation ends all tokens and sessions.
   * @throws DomainError NOT_PERMITTED, USER_NOT_FOUND, USER_INVALID, USER_EXISTS, ROLE_NOT_FOUND
   */
  update(id: number, given: UserChanges, requester: Requester): Promise<User> {
    return this.transactions.run(async () => {
      await this.users.lock(id);
      const user = await this.get(id);
      const isManager = mayManage(requester, managed(user));
      if (!isManager && requester.id !== id) throw notPermitted('You may not change this user.');
      const { active, roleIds, ...personal } = given;
      const fields = await checkedFields(personal);
      const roles = roleIds && (await this.changedRoles(user, roleIds, requester));
      const activity = active === user.active ? undefined : active;
      if (requester.id === id && (activity ?? roles) !== undefined) {
        throw notPermitted('Nobody changes their own roles or activity.');
      }
      const changes = { ...known(fields), ...known({ active: activity, roles }) };
      await this.write(id, changes);
      if (Object.keys(changes).length > 0)
        this.events.emit(USER_UPDATED, { id, fields: Object.keys(changes) });
      return this.get(id);
    });
  }

  /** All roles that the user shall have; undefined when they are the user's already. */
  private async changedRoles(
    user: User,
    roleIds: number[],
    requester: Requester,
  ): Promise<Role[] | undefined> {
    const roles = await this.users.findRolesById(roleIds);
    const unknown = roleIds.findIndex((roleId) => !roles.some((role) => role.id === roleId));
    if (unknown >= 0) {
      const message = `Role with id ${roleIds[unknown]} doesn't exist.`;
      throw new DomainError('ROLE_NOT_FOUND', message, `flexmeasures_roles.${unknown}`);
    }
    const changed = [...lacking(roles, user.roles), ...lacking(user.roles, roles)];
    const denied = changed.find(({ name }) => !mayGive(requester, name));
    if (denied) throw notPermitted(`You may not give or take away the role ${denied.name}.`);
    return changed.length > 0 ? roles : undefined;
  }

  private async write(id: number, changes: Partial<User>): Promise<void> {
    const uniquifier = changes.active === false ? { uniquifier: randomUUID() } : {};
    await this.users.update(id, { ...changes, ...uniquifier }).catch((error: unknown) => {
      throw brokenRule(error) === 'unique' ? taken(error, changes) : error;
    });
  }

  private async get(id: number): Promise<User> {
    const user = await this.users.findById(id);
    if (!user) throw new DomainError('USER_NOT_FOUND', `There is no user with id ${id}.`, 'id');
    return user;
  }
}

const managed = ({ id, accountId, roles }: User) => ({
  id,
  accountId,
  roles: roles.map(({ name }) => name),
});

/** The fields that are not undefined. */
const known = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const lacking = (roles: Role[], others: Role[]): Role[] =>
  roles.filter((role) => !others.some(({ id }) => id === role.id));

const notPermitted = (message: string): DomainError => new DomainError('NOT_PERMITTED', message);

/** Which of the changed fields another user has. */
function taken(error: unknown, changes: Partial<User>): DomainError {
  const isEmail = error instanceof Error && 'constraint' in error && error.constraint === 'fm_user_email_key';
  return isEmail && changes.email !== undefined
    ? new DomainError('USER_EXISTS', 'Another user has this e-mail address.', 'email')
    : new DomainError('USER_EXISTS', 'Another user has this name.', 'username');
}
