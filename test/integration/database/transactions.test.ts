import { Transactions } from '#lib/database';
import { startTestApp, type TestApp } from '../../harness/servers/app';

const COUNT = 'SELECT count(*)::int AS count FROM account_role WHERE name = $1';

describe('shared queries', () => {
  let app: TestApp;
  let database: Transactions;

  beforeAll(async () => {
    app = await startTestApp();
    database = app.get(Transactions);
  });
  afterAll(() => app.close());

  const count = async (name: string): Promise<number> =>
    (await database.selectShared<{ count: number }>(COUNT, [name]))[0]!.count;
  const add = (name: string) => database.query('INSERT INTO account_role (name) VALUES ($1)', [name]);

  it('share a result only when they are sent at the same time', async () => {
    const [first, second, other] = [
      database.selectShared(COUNT, ['Prosumer']),
      database.selectShared(COUNT, ['Prosumer']),
      database.selectShared(COUNT, ['Supplier']),
    ];
    expect(await first).toBe(await second);
    expect(await first).not.toBe(await other);
    expect(await database.selectShared(COUNT, ['Prosumer'])).not.toBe(await first);
  });

  it('never return outdated results', async () => {
    const early = count('Dispatcher');
    await add('Dispatcher');
    const late = count('Dispatcher');
    await early;
    expect(await late).toBe(1);
  });

  it('see the changes of their own transaction, but not of others', async () => {
    await database.run(async () => {
      await add('Aggregator');
      expect(await count('Aggregator')).toBe(1);
    });
    await expect(
      database.run(async () => {
        await add('Undone');
        expect(await count('Undone')).toBe(1);
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    expect(await count('Undone')).toBe(0);
  });

  it('fail for all callers', async () => {
    const broken = [0, 1].map(() => database.selectShared('SELECT nothing FROM nowhere', []));
    const outcomes = await Promise.allSettled(broken);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await count('Aggregator')).toBe(1);
  });
});
