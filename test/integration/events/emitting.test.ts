import { Transactions } from '#lib/database';
import {
  ActorContext,
  defineEvent,
  DeliveriesRepository,
  Events,
  EventsRepository,
  START,
} from '#lib/events';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { startEventProcess, type EventProcess } from '../../harness/servers/event-process';
import { eventually } from '../../harness/eventually';

const HAPPENED = defineEvent<{ number: number }>('test.happened');

describe('emitting events', () => {
  let database: TestDatabase;
  let process: EventProcess;
  let events: Events;
  let transactions: Transactions;

  beforeAll(async () => {
    database = await createTestDatabase();
    process = await startEventProcess(database.uri);
    [events, transactions] = [process.get(Events), process.get(Transactions)];
  });
  afterAll(async () => {
    await process.stop();
    await database.drop();
  });
  beforeEach(() => transactions.query('DELETE FROM event'));

  const numbers = async (): Promise<number[]> => {
    const rows = await transactions.query<{ number: number }>(
      "SELECT (payload ->> 'number')::int AS number FROM event ORDER BY xid, id",
    );
    return rows.map(({ number }) => number);
  };

  const emit = (number: number): Promise<void> =>
    transactions.run(async () => {
      events.emit(HAPPENED, { number });
      await Promise.resolve();
    });

  it('writes the events of a transaction when it commits, in the order of emission', async () => {
    await transactions.run(async () => {
      events.emit(HAPPENED, { number: 1 });
      await emit(2);
      expect(await numbers()).toEqual([]);
      events.emit(HAPPENED, { number: 3 });
    });
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it('writes nothing when the transaction rolls back', async () => {
    const failing = transactions.run(async () => {
      events.emit(HAPPENED, { number: 1 });
      await transactions.query('SELECT * FROM nowhere');
    });
    await expect(failing).rejects.toThrow('nowhere');
    expect(await numbers()).toEqual([]);
  });

  it('rolls the transaction back when events cannot be written', async () => {
    const name = 'x'.repeat(100);
    const failing = transactions.run(async () => {
      await transactions.query("INSERT INTO account_role (name) VALUES ('Unannounced')");
      events.emit(defineEvent(name), {});
    });
    await expect(failing).rejects.toThrow('too long');
    expect(await transactions.query("SELECT FROM account_role WHERE name = 'Unannounced'")).toEqual([]);
  });

  it('throws outside of a transaction', () => {
    expect(() => events.emit(HAPPENED, { number: 1 })).toThrow('outside a transaction');
  });

  it('records the actor: from the context, or an explicit one', async () => {
    const actors = process.get(ActorContext);
    await actors.run({ user: 7 }, () =>
      transactions.run(async () => {
        events.emit(HAPPENED, { number: 1 });
        await actors.run({ command: 'add account' }, () => emit(2));
        events.emit(HAPPENED, { number: 3 }, { job: 'a-job' });
      }),
    );
    await emit(4);
    const rows = await transactions.query<{ actor: object }>('SELECT actor FROM event ORDER BY xid, id');
    expect(rows.map(({ actor }) => actor)).toEqual([
      { user: 7 },
      { command: 'add account' },
      { job: 'a-job' },
      {},
    ]);
  });

  it('can be read from a position on, page by page', async () => {
    for (const number of [1, 2, 3, 4, 5]) await emit(number);
    const repository = process.get(EventsRepository);
    const read = (after: string, limit: number) => repository.read(after, [HAPPENED.name], limit);
    // Transactions of other databases on the server delay events for a moment.
    await eventually(
      () => read(START, 10),
      ({ events: found }) => found.length === 5,
    );
    const first = await read(START, 2);
    expect(first.events.map(({ payload }) => payload)).toEqual([{ number: 1 }, { number: 2 }]);
    expect(first).toMatchObject({ hasMore: true, isGap: false });
    const rest = await read(first.position, 10);
    expect(rest.events.map(({ payload }) => payload)).toEqual([{ number: 3 }, { number: 4 }, { number: 5 }]);
    expect(rest.hasMore).toBe(false);
    expect((await read(rest.position, 10)).events).toEqual([]);
    expect((await read(rest.events[1]!.position, 10)).events).toHaveLength(1);
    await expect(read('somewhere', 1)).rejects.toMatchObject({ code: 'POSITION_INVALID' });
  });

  it('reads the last events by their index, however many there are', async () => {
    await transactions.query(
      `INSERT INTO event (name, actor, payload) SELECT 'test.happened', '{}', '{"number": 1}' FROM generate_series(1, 20000)`,
    );
    await transactions.query('ANALYZE event');
    const [last] = await transactions.query<{ position: string }>(
      "SELECT xid || '-' || id AS position FROM event ORDER BY xid DESC, id DESC LIMIT 1",
    );
    const deliveries = process.get(DeliveriesRepository);
    await deliveries.register('any');
    await deliveries.movePosition('any', last!.position);
    /** How often this connection has read the table of events as a whole, and by its key. */
    const scans = async () => {
      const [row] = await transactions.query<{ whole: number; byKey: number }>(
        `SELECT seq_scan::int AS whole, idx_scan::int AS "byKey"
         FROM pg_stat_xact_user_tables WHERE relname = 'event'`,
      );
      return row!;
    };
    await transactions.run(async () => {
      const before = await scans();
      await process.get(EventsRepository).read(last!.position, [HAPPENED.name], 100);
      await process.get(EventsRepository).findCurrentPosition();
      await deliveries.findState('any');
      const after = await scans();
      expect(after.whole - before.whole).toBe(0);
      expect(after.byKey - before.byKey).toBeGreaterThan(3);
    });
  });
});
