import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';
import { flexmeasures } from '../../harness/servers/cli';

describe('Commands for plans', () => {
  let database: TestDatabase;
  let sql: Client;
  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    sql = new Client(database.uri);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  const run = (...args: string[]) => flexmeasures(args, { databaseUri: database.uri });
  const good = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const planOfToyAccount = async (): Promise<number | null> =>
    (await sql.query<{ plan_id: number | null }>('SELECT plan_id FROM account WHERE id = 1')).rows[0]!
      .plan_id;

  it('create, show, change and assign them', async () => {
    expect(await good('show', 'plans')).toBe('No plans created yet.\n');
    expect(
      await good(
        'add',
        'plan',
        '--name',
        'Pro',
        '--trigger-rate-limit',
        '60 per 5 minutes',
        '--rate-limit-key',
        'user',
      ),
    ).toContain("Plan 'Pro' (ID: 1) successfully created.");
    expect(await good('edit', 'account', '--id', '1', '--plan-id', '1')).toBe(
      "Account 'Toy Account' (ID: 1) has plan 1 now.\n",
    );
    expect(await planOfToyAccount()).toBe(1);
    await good(
      'edit',
      'plan',
      '--id',
      '1',
      '--name',
      'Old',
      '--default-rate-limit',
      'unlimited',
      '--clear',
      'rate-limit-key',
      '--legacy',
    );
    expect(await good('show', 'plans')).toMatch(/1 +Old +unlimited +60 per 5 minutes +yes/);
    expect(await good('edit', 'account', '--id', '1', '--no-plan')).toContain('has no plan now');
    expect(await planOfToyAccount()).toBeNull();
    const { rows } = await sql.query<{ name: string; payload: unknown }>(
      "SELECT name, payload FROM event WHERE name IN ('plan.updated', 'account.updated') ORDER BY id",
    );
    expect(rows).toEqual([
      { name: 'account.updated', payload: { id: 1, fields: ['planId'] } },
      {
        name: 'plan.updated',
        payload: { id: 1, name: 'Old', fields: ['name', 'defaultRateLimit', 'legacy', 'rateLimitKey'] },
      },
      { name: 'account.updated', payload: { id: 1, fields: ['planId'] } },
    ]);
  });

  it.each([
    [['add', 'plan', '--name', 'Old'], /A plan named 'Old' already exists/],
    [['add', 'plan', '--name', 'New', '--default-rate-limit', 'often'], /500 per minute/],
    [['edit', 'plan', '--id', '9', '--name', 'Nine'], /There is no plan with id 9/],
    [['edit', 'plan', '--id', '1'], /at least one option/],
    [
      ['edit', 'plan', '--id', '1', '--trigger-rate-limit', '1/day', '--clear', 'trigger-rate-limit'],
      /Give either/,
    ],
    [['edit', 'account', '--id', '1', '--plan-id', '1'], /legacy plan 'Old'/],
    [['edit', 'account', '--id', '1'], /either --plan-id or --no-plan/],
    [['edit', 'account', '--id', '9', '--plan-id', '1'], /no account with id 9/],
  ])('refuse %j', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});
