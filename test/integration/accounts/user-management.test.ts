import { AccountsService, UserManagement, UsersService, type User, type UserChanges } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { Transactions } from '#lib/database';
import { SourcesService } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { withClient } from '../../harness/databases/templates';
import { addUser } from '../../harness/databases/users';

describe('changing users', () => {
  let app: TestApp;
  let accountId: number;
  const roleIds: Record<string, number> = {};
  let counter = 0;

  beforeAll(async () => {
    app = await startTestApp();
    accountId = (await app.get(AccountsService).create('Company')).id;
    await app.get(UsersService).ensureRoles();
    for (const { id, name } of await app.get(UsersService).listRoles()) roleIds[name] = id;
  });
  afterAll(() => app.close());

  const aUser = async (...roles: string[]): Promise<User> => {
    const username = `user-${++counter}`;
    const id = await withClient(app.databaseUri, (sql) => addUser(sql, { username, accountId, roles }));
    return (await app.get(UsersService).findById(id))!;
  };
  const asRequester = ({ id, roles }: User): Requester => ({
    id,
    accountId,
    roles: roles.map(({ name }) => name),
  });
  const linkTo = (token: string) => `https://company.example/${token}`;
  const update = async (user: User, changes: UserChanges, requester: User): Promise<User> =>
    (await app.get(UserManagement).update(user.id, changes, asRequester(requester), linkTo)).user;
  const rolesOf = async ({ id }: User) =>
    (await app.get(UsersService).findById(id))!.roles.map(({ name }) => name).sort();

  it('lets users change their personal fields, which are stored in normalised form', async () => {
    const user = await aUser();
    const changes = { username: ' Somebody ', timezone: 'Europe/Berlin' };
    expect(await update(user, changes, user)).toMatchObject({
      username: 'Somebody',
      timezone: 'Europe/Berlin',
    });
  });

  it('lets admins change an e-mail address at once, which is stored in normalised form', async () => {
    const [user, admin] = [await aUser(), await aUser('admin')];
    expect(await update(user, { email: ' Some.Body@Example.COM' }, admin)).toMatchObject({
      email: 'some.body@example.com',
    });
  });

  it('gives nobody an address that an old row has with upper case', async () => {
    const [user, admin, old] = [await aUser(), await aUser('admin'), await aUser()];
    await app.get(Transactions).query(`UPDATE fm_user SET email = 'Old@Example.com' WHERE id = $1`, [old.id]);
    const refused = { code: 'USER_EXISTS', field: 'email' };
    await expect(update(user, { email: 'old@example.com' }, admin)).rejects.toMatchObject(refused);
    const another = { username: 'another', email: 'OLD@example.com', password: 'secret-word', accountId };
    await expect(app.get(UsersService).create(another)).rejects.toMatchObject(refused);
  });

  it('allows a username once in each account', async () => {
    const [user, other] = [await aUser(), (await app.get(AccountsService).create('Other')).id];
    const namesake = { username: user.username, email: 'namesake@example.com', password: 'secret-word' };
    const create = (id: number) => app.get(UsersService).create({ ...namesake, accountId: id });
    await expect(create(accountId)).rejects.toMatchObject({ code: 'USER_EXISTS', field: 'username' });
    expect(await create(other)).toMatchObject({ username: user.username, accountId: other });
    await expect(app.get(SourcesService).findOrCreateByLabel(user.username)).rejects.toMatchObject({
      code: 'SOURCE_AMBIGUOUS',
    });
  });

  it.each([
    [{ email: 'nobody' }, 'USER_INVALID', 'email'],
    [{ email: 'TAKEN@example.com' }, 'USER_EXISTS', 'email'],
    [{ username: '  ' }, 'USER_INVALID', 'username'],
    [{ username: 'Taken' }, 'USER_EXISTS', 'username'],
    [{ timezone: 'Mars/X' }, 'USER_INVALID', 'timezone'],
    [{ timezone: 'Europe/Paris', roleIds: [999] }, 'ROLE_NOT_FOUND', 'flexmeasures_roles.0'],
  ] as [UserChanges, string, string][])('refuses %j, and changes nothing', async (changes, code, field) => {
    const [user, admin] = [await aUser(), await aUser('admin')];
    if ((await app.get(UsersService).findByUsername('Taken')).length === 0) {
      await update(await aUser(), { username: 'Taken', email: 'taken@example.com' }, admin);
    }
    await expect(update(user, changes, admin)).rejects.toMatchObject({ code, field });
    expect(await app.get(UsersService).findById(user.id)).toMatchObject({
      username: user.username,
      email: user.email,
      timezone: 'Europe/Amsterdam',
    });
  });

  it.each([['admin'], ['account-admin'], ['member']])(
    'does not let users with the role %s change their own roles or activity',
    async (role) => {
      const user = await aUser(...(role === 'member' ? [] : [role]));
      const own = user.roles.map(({ id }) => id);
      const refused = { code: 'NOT_PERMITTED' };
      await expect(update(user, { active: false }, user)).rejects.toMatchObject(refused);
      await expect(update(user, { roleIds: [...own, roleIds['admin-reader']!] }, user)).rejects.toMatchObject(
        refused,
      );
      // Clients can send back unchanged fields.
      expect(await update(user, { active: true, roleIds: own }, user)).toMatchObject({ active: true });
    },
  );

  it('lets account-admins grant and revoke account-admin, but not the roles of the host', async () => {
    const [boss, user] = [await aUser('account-admin'), await aUser()];
    await update(user, { roleIds: [roleIds['account-admin']!, roleIds['account-admin']!] }, boss);
    expect(await rolesOf(user)).toEqual(['account-admin']);
    await update(user, { roleIds: [] }, boss);
    expect(await rolesOf(user)).toEqual([]);
    for (const role of ['admin', 'admin-reader']) {
      const giving = update(user, { active: false, roleIds: [roleIds[role]!] }, boss);
      await expect(giving).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    }
    expect(await app.get(UsersService).findById(user.id)).toMatchObject({ active: true });
  });

  it('does not let account-admins and members change admins, nor users of another account change anybody', async () => {
    const [boss, member, admin] = [await aUser('account-admin'), await aUser(), await aUser('admin')];
    const change = { username: 'hacked' };
    for (const requester of [boss, member]) {
      await expect(update(admin, change, requester)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    }
    const stranger = { id: 999, accountId: accountId + 1, roles: ['account-admin'] };
    await expect(app.get(UserManagement).update(member.id, change, stranger, linkTo)).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
    });
    expect(await update(boss, { username: 'renamed' }, admin)).toMatchObject({ username: 'renamed' });
  });

  it('gives a username to only one of many users who request it at the same time', async () => {
    const users = await Promise.all([aUser(), aUser(), aUser(), aUser()]);
    const results = await Promise.allSettled(
      users.map((user) => update(user, { username: 'The one' }, user)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(3);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: 'USER_EXISTS', field: 'username' });
    }
  });
});
