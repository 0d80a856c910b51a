import { AccountsService, UserManagement, UsersService, type User, type UserChanges } from '#lib/accounts';
import { HOST } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import { withServices, type Services } from '../../app/services';
import { formatTable } from '../../terminal/table';

export function listUsers(): Promise<void> {
  return withServices(async (services) => {
    const accounts = await services(AccountsService).list();
    const rows = [];
    for (const { id, name } of accounts) {
      const users = await services(UsersService).listByAccount(id);
      rows.push(...users.map((user) => rowOf(user, name)));
    }
    console.log(
      rows.length === 0
        ? 'No users created yet.'
        : formatTable(['Id', 'Name', 'Email', 'Account', 'Roles', 'Active', 'Last login'], rows),
    );
  });
}

const rowOf = ({ id, username, email, roles, active, lastLoginAt }: User, account: string) => [
  ...[id, username, email, account],
  roles.map(({ name }) => name).join(', '),
  active ? 'yes' : 'no',
  lastLoginAt?.toISOString() ?? 'never',
];

export function listRoles(): Promise<void> {
  return withServices(async (services) => {
    const roles = await services(UsersService).listRoles();
    const rows = roles.map(({ id, name, description }) => [id, name, description]);
    console.log(formatTable(['Id', 'Name', 'Description'], rows));
  });
}

export function createRole(name: string, description?: string): Promise<void> {
  return withServices(async (services) => {
    const id = await services(UsersService).createRole(name, description);
    console.log(`User role '${name}' (ID: ${id}) successfully created.`);
  });
}

export function setActive(email: string, active: boolean): Promise<void> {
  return withServices(async (services) => {
    await update(services, await services(UsersService).getByEmail(email), { active });
    console.log(`User ${email} is ${active ? 'active' : 'not active'} now.`);
  });
}

/** Gives a role to a user, or takes it. */
export function changeRole(email: string, name: string, isGiven: boolean): Promise<void> {
  return withServices(async (services) => {
    const users = services(UsersService);
    const user = await users.getByEmail(email);
    await users.ensureRoles();
    const role = (await users.listRoles()).find((one) => one.name === name);
    if (!role) throw new DomainError('ROLE_NOT_FOUND', `There is no role '${name}'.`, '<role>');
    const others = user.roles.map(({ id }) => id).filter((id) => id !== role.id);
    await update(services, user, { roleIds: isGiven ? [...others, role.id] : others });
    console.log(`User ${email} ${isGiven ? 'has' : 'does not have'} the role '${name}' now.`);
  });
}

const update = (services: Services, { id }: User, changes: UserChanges): Promise<unknown> =>
  services(UserManagement).update(id, changes, HOST, () => '');
