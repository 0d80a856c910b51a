import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT, TOY_USER } from '../../harness/databases/templates';
import { flexmeasures } from '../../harness/servers/cli';

describe('The groups users and roles', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
  });
  afterAll(() => database.drop());

  const run = (...args: string[]) =>
    flexmeasures(args, { databaseUri: database.uri, input: 'secret-word\n' });

  it('create a role of the host, and give it to users', async () => {
    expect((await run('roles', 'create', 'HR', '--description', 'Human resources')).stdout).toMatch(
      /^User role 'HR' \(ID: \d+\) successfully created\.\n$/,
    );
    expect((await run('roles', 'list')).stdout).toMatch(/HR +. +Human resources/);
    await run('roles', 'add', TOY_USER.email, 'HR');
    expect((await run('users', 'list')).stdout).toMatch(
      /toy-user@flexmeasures\.io.*account-admin, HR.*yes.*never/,
    );
    await run('roles', 'remove', TOY_USER.email, 'HR');
    expect((await run('users', 'list')).stdout).not.toContain('HR');
    const bot = await run('roles', 'create', 'bot');
    expect(bot.code).toBe(0);
    const user = [
      '--username',
      'robot',
      '--email',
      'robot@example.com',
      '--account-id',
      '1',
      '--roles',
      'bot,HR',
    ];
    expect((await run('add', 'user', ...user)).stdout).toContain('Successfully created user robot');
  });

  it.each([
    [['roles', 'create', 'HR'], "A user role named 'HR' already exists."],
    [['roles', 'create', 'a,b'], 'no comma'],
    [['roles', 'add', TOY_USER.email, 'nothing'], "There is no role 'nothing'."],
    [['roles', 'add', 'nobody@example.com', 'HR'], 'nobody@example.com'],
    [['users', 'deactivate', 'nobody@example.com'], 'nobody@example.com'],
  ])('refuse %j with a sentence', async (args, reason) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
  });

  it('let users log in or not', async () => {
    expect((await run('users', 'deactivate', TOY_USER.email)).stdout).toContain('is not active now');
    expect((await run('users', 'list')).stdout).toMatch(/toy-user@flexmeasures\.io.* no /);
    expect((await run('users', 'activate', TOY_USER.email)).stdout).toContain('is active now');
  });
});
