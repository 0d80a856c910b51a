import { AccountsService, UsersService } from '#lib/accounts';
import { Transactions } from '#lib/database';
import { startTestApp, type TestApp } from '../../harness/servers/app';

describe('accounts and users', () => {
  let app: TestApp;
  let accountId: number;

  beforeAll(async () => {
    app = await startTestApp();
    accountId = (await app.get(AccountsService).create('Company')).id;
  });
  afterAll(() => app.close());

  const user = { username: 'me', email: 'me@example.com', password: 'secret-word' };

  it('creates a user with roles, and never stores the password', async () => {
    const created = await app
      .get(UsersService)
      .create({ ...user, accountId, roles: ['admin', 'account-admin'] });
    const found = await app.get(UsersService).findById(created.id);
    expect(found).toMatchObject({ username: 'me', email: 'me@example.com', accountId, active: true });
    expect(found?.roles.map((role) => role.name).sort()).toEqual(['account-admin', 'admin']);
    expect(found?.password).toBeUndefined();
    const [row] = await app.get(Transactions).query<{ password: string }>('SELECT password FROM fm_user');
    expect(row?.password).toMatch(/^\$2b\$12\$/);
  });

  it.each([
    [{ email: 'not an address' }, 'USER_INVALID', 'email'],
    [{ username: ' ' }, 'USER_INVALID', 'username'],
    [{ password: '7-chars' }, 'USER_INVALID', 'password'],
    [{ password: '123456789' }, 'USER_INVALID', 'password'],
    [{ timezone: 'Mars/Base' }, 'USER_INVALID', 'timezone'],
    [{ accountId: 99 }, 'ACCOUNT_NOT_FOUND', 'account_id'],
    [{ roles: ['emperor'] }, 'ROLE_NOT_FOUND', 'roles'],
    [{ username: 'me' }, 'USER_EXISTS', 'username'],
    [{ email: 'me@example.com' }, 'USER_EXISTS', 'email'],
  ])('refuses a user with %j', async (change, code, field) => {
    const other = { ...user, username: 'other', email: 'other@example.com', accountId, ...change };
    await expect(app.get(UsersService).create(other)).rejects.toMatchObject({ code, field });
    expect(await app.get(UsersService).listByAccount(accountId)).toHaveLength(1);
  });

  it('refuses a second account with the same name, and an unknown role', async () => {
    await expect(app.get(AccountsService).create('Company')).rejects.toMatchObject({
      code: 'ACCOUNT_EXISTS',
    });
    await expect(app.get(AccountsService).create('Other', ['MDC'])).rejects.toMatchObject({
      code: 'ACCOUNT_ROLE_NOT_FOUND',
    });
    expect(await app.get(AccountsService).findByName('Other')).toBeNull();
  });
});
