import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { USER_UPDATED } from '../events/accounts.events';
import { canGrantRole, canManage, isServerAdmin, type Requester } from '../model';
import { EmailChanges, type ConfirmationUrlBuilder } from './email-changes.service';
import { emailExistsError, normaliseFields, toUserExistsError, type PersonalFields } from './user-fields';
import type { Role, User } from './user.entity';
import { UsersRepository } from './users.repository';

/** Changes to a user. Fields that are not given stay as they are. */
export interface UserChanges extends Partial<PersonalFields> {
  active?: boolean;
  /** Ids of all roles that the user has after the change. */
  roleIds?: number[];
}

export interface UpdatedUser {
  user: User;
  /** The new e-mail address that its owner must confirm; undefined if the address was not to change or has changed. */
  unconfirmedEmail: string | undefined;
}

/** Changes users, within the permissions of the requester. */
@Injectable()
export class UserManagement {
  constructor(
    private readonly users: UsersRepository,
    private readonly emailChanges: EmailChanges,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /**
   * Changes a user. Users can change their own personal fields. Those who manage a user can also change the roles and the
   * activity of that user, but not their own. Deactivation ends all tokens and sessions. Admins change e-mail addresses at
   * once; for all others, the address changes when it is confirmed with a link that is mailed to it.
   * @param linkTo builds the link that confirms a new e-mail address
   * @throws DomainError NOT_PERMITTED, USER_NOT_FOUND, USER_INVALID, USER_EXISTS, ROLE_NOT_FOUND, TOO_MANY_MAILS
   */
  update(
    id: number,
    given: UserChanges,
    requester: Requester,
    linkTo: ConfirmationUrlBuilder,
  ): Promise<UpdatedUser> {
    return this.transactions.run(async () => {
      await this.users.lock(id);
      const user = await this.get(id);
      const isManager = canManage(requester, toManagedUser(user));
      if (!isManager && requester.id !== id)
        throw notPermitted('You do not have permission to change this user.');
      const { active, roleIds, ...personal } = given;
      const { email, ...fields } = await normaliseFields(personal);
      const roles = roleIds && (await this.findNewRoles(user, roleIds, requester));
      const activity = active === user.active ? undefined : active;
      if (requester.id === id && (activity ?? roles) !== undefined) {
        throw notPermitted('You cannot change your own roles or activity.');
      }
      const newEmail = email === user.email ? undefined : email;
      const isConfirmed = newEmail === undefined || isServerAdmin(requester);
      if (!isConfirmed) await this.emailChanges.request(user, newEmail, requester, linkTo);
      const changes = definedFields({
        ...fields,
        email: isConfirmed ? newEmail : undefined,
        active: activity,
        roles,
      });
      await this.write(id, changes);
      if (Object.keys(changes).length > 0)
        this.events.emit(USER_UPDATED, {
          id,
          fields: Object.keys(changes),
          ...(roles && { roles: roles.map(({ name }) => name) }),
        });
      return { user: await this.get(id), unconfirmedEmail: isConfirmed ? undefined : newEmail };
    });
  }

  /** The new roles of the user; undefined if the user has exactly these roles already. */
  private async findNewRoles(
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
    const changed = [...rolesNotIn(roles, user.roles), ...rolesNotIn(user.roles, roles)];
    const denied = changed.find(({ name }) => !canGrantRole(requester, name, user.accountId));
    if (denied) throw notPermitted(`You do not have permission to grant or revoke the role ${denied.name}.`);
    return changed.length > 0 ? roles : undefined;
  }

  private async write(id: number, changes: Partial<User>): Promise<void> {
    const uniquifier = changes.active === false ? { uniquifier: randomUUID() } : {};
    if (changes.email !== undefined && (await this.users.findOtherWithEmail(changes.email, id))) {
      throw emailExistsError();
    }
    await this.users.update(id, { ...changes, ...uniquifier }).catch(toUserExistsError);
  }

  private async get(id: number): Promise<User> {
    const user = await this.users.findById(id);
    if (!user) throw new DomainError('USER_NOT_FOUND', `There is no user with id ${id}.`, 'id');
    return user;
  }
}

const toManagedUser = ({ id, accountId, roles }: User) => ({
  id,
  accountId,
  roles: roles.map(({ name }) => name),
});

/** The fields that have a value. */
const definedFields = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const rolesNotIn = (roles: Role[], others: Role[]): Role[] =>
  roles.filter((role) => !others.some(({ id }) => id === role.id));

const notPermitted = (message: string): DomainError => new DomainError('NOT_PERMITTED', message);
