import { Client } from 'pg';
import type { Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import {
  ActorContext,
  defineEvent,
  DeliveriesRepository,
  Events,
  type Actor,
  type EventSubscriptions,
} from '#lib/events';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { startEventProcess, type EventProcess } from '../../harness/servers/event-process';
import { scaledRuns, timeoutMs } from '../../harness/effort';
import { eventually } from '../../harness/eventually';

const HAPPENED = defineEvent<{ number: number; key?: string }>('test.happened');

/** Number of transactions in the test of the read horizon. */
const SAVES = scaledRuns(500);

/** Emits events in one transaction of a process. */
const emitIn = (process: EventProcess, ...numbers: number[]): Promise<void> =>
  process.get(Transactions).run(async () => {
    for (const number of numbers) process.get(Events).emit(HAPPENED, { number });
    await Promise.resolve();
  });

describe('tasks of events', () => {
  let database: TestDatabase;
  let sql: Client;
  /** A process that emits but does not deliver, like a command. */
  let command: EventProcess;
  const running: EventProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    sql = new Client(database.uri);
    await sql.connect();
    await sql.query('CREATE TABLE done (number integer, process text)');
    command = await startEventProcess(database.uri);
  });
  afterEach(async () => {
    await Promise.all([command, ...running.splice(0)].map((process) => process.stop()));
    await sql.end();
    await database.drop();
  });

  const start = async (
    subscribe: (subscriptions: EventSubscriptions) => void,
    settings?: Partial<Settings>,
  ): Promise<EventProcess> => {
    const process = await startEventProcess(database.uri, subscribe, settings);
    running.push(process);
    return process;
  };
  const emit = (...numbers: number[]): Promise<void> => emitIn(command, ...numbers);
  /** Stores a number in the transaction of the handler, so that it remains only if the handler succeeds. */
  const note = (process: () => EventProcess, name: string) => async (number: number) => {
    await process().get(Transactions).query('INSERT INTO done VALUES ($1, $2)', [number, name]);
  };
  const done = async (): Promise<number[]> =>
    (await sql.query<{ number: number }>('SELECT number FROM done ORDER BY number')).rows.map(
      ({ number }) => number,
    );
  const isAll = (count: number) => (found: number[]) => found.length >= count;
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

  /** Starts a process that stores the numbers of all events; `before` can throw. */
  async function startRecorder(name: string, before: (number: number) => void = () => undefined) {
    const process: EventProcess = await start((subscriptions) =>
      subscriptions.onEach({
        name: 'noting',
        events: [HAPPENED],
        handle: async ({ payload: { number } }) => {
          await note(() => process, name)(number);
          before(number);
        },
      }),
    );
    return process;
  }

  it('are done once, by one of several processes', async () => {
    await Promise.all(['one', 'two', 'three'].map((name) => startRecorder(name)));
    for (const number of upTo(200)) await emit(number);
    await eventually(done, isAll(200));
    // Tasks that are done twice would be visible by then.
    await eventually(
      () => command.get(DeliveriesRepository).listProgress(),
      ([noting]) => noting?.waiting === 0 && noting.behindS === null,
    );
    expect(await done()).toEqual(upTo(200));
  });

  it('wait for a process, also for one that subscribes later', async () => {
    await emit(1, 2);
    await startRecorder('first');
    expect(await eventually(done, isAll(2))).toEqual([1, 2]);
    await Promise.all(running.splice(0).map((process) => process.stop()));
    await emit(3);
    await startRecorder('second');
    expect(await eventually(done, isAll(3))).toEqual([1, 2, 3]);
  });

  it('are retried after a failure and a rollback, without delaying others', async () => {
    let failures = 0;
    await startRecorder('failing', (number) => {
      if (number === 1 && failures++ < 2) throw new Error('not yet');
    });
    await emit(1, 2, 3);
    expect(await eventually(done, isAll(2))).toEqual([2, 3]);
    const figures = await eventually(
      () => command.get(DeliveriesRepository).listProgress(),
      ([noting]) => noting?.failing === 1,
    );
    expect(figures).toMatchObject([{ subscription: 'noting', failing: 1, failure: 'not yet' }]);
    expect(await eventually(done, isAll(3))).toEqual([1, 2, 3]);
    expect(failures).toBe(3);
  });

  it('that do not end in time are retried, and what they did is undone; other subscriptions go on', async () => {
    let attempts = 0;
    const late: Promise<void>[] = [];
    const process: EventProcess = await start(
      (subscriptions) => {
        subscriptions.onEach({
          name: 'hanging',
          events: [HAPPENED],
          handle: async ({ payload: { number } }) => {
            await note(() => process, 'hanging')(number);
            if (attempts++ > 0) return;
            const writing = new Promise((resolve) => setTimeout(resolve, 1000)).then(() =>
              note(() => process, 'late')(number),
            );
            late.push(writing);
            await writing;
            await new Promise(() => undefined);
          },
        });
        subscriptions.onEach({
          name: 'noting',
          events: [HAPPENED],
          handle: ({ payload: { number } }) => note(() => process, 'other')(number + 10),
        });
      },
      { eventHandlerTimeoutMs: 300 },
    );
    await emit(1);
    // The second event is read only after the first transaction of the hanging handler has ended.
    await eventually(
      () => Promise.resolve(attempts),
      (count) => count > 0,
    );
    await emit(2);
    const reasons = () =>
      sql.query<{ failure: string }>('SELECT failure FROM event_delivery WHERE failure IS NOT NULL');
    const { rows } = await eventually(reasons, (found) => found.rows.length > 0);
    expect(rows[0]!.failure).toBe(
      'The handler did not end within 0.3 s (FLEXMEASURES_EVENT_HANDLER_TIMEOUT).',
    );
    expect(await eventually(done, isAll(4))).toEqual([1, 2, 11, 12]);
    await expect(late[0]).rejects.toThrow('The transaction of this work was rolled back.');
    const { rows: processes } = await sql.query("SELECT number FROM done WHERE process = 'late'");
    expect(processes).toEqual([]);
  });

  it('are done in batches, of which only the failing event is retried', async () => {
    const sizes: number[] = [];
    let failures = 0;
    await emit(...upTo(50));
    const process: EventProcess = await start((subscriptions) =>
      subscriptions.onBatch({
        name: 'noting',
        events: [HAPPENED],
        needsWork: ({ payload: { number } }) => number !== 13,
        handle: async (events) => {
          sizes.push(events.length);
          for (const { payload } of events) {
            await note(() => process, 'batch')(payload.number);
            if (payload.number === 7 && failures++ < 2) throw new Error('not yet');
          }
        },
      }),
    );
    const needed = upTo(50).filter((number) => number !== 13);
    expect(await eventually(done, isAll(48))).toEqual(needed.filter((number) => number !== 7));
    const failing = () => command.get(DeliveriesRepository).listProgress();
    expect(await eventually(failing, ([noting]) => noting?.failing === 1)).toMatchObject([
      { waiting: 0, running: 0, failure: 'not yet' },
    ]);
    expect(await eventually(done, isAll(49))).toEqual(needed);
    expect(sizes[0]).toBe(49);
    expect(sizes.slice(1).every((size) => size === 1)).toBe(true);
    await emit(...upTo(120).map((number) => 100 + number));
    await eventually(done, isAll(169));
    expect(sizes.slice(-2)).toEqual([100, 20]);
  });

  it('of one subscription continue while those of another always fail', async () => {
    const process: EventProcess = await start((subscriptions) => {
      subscriptions.onEach({
        name: 'broken',
        events: [HAPPENED],
        handle: () => Promise.reject(new Error('for ever')),
      });
      subscriptions.onEach({
        name: 'noting',
        events: [HAPPENED],
        handle: ({ payload }) => note(() => process, 'one')(payload.number),
      });
    });
    await emit(...upTo(50));
    expect(await eventually(done, isAll(50))).toEqual(upTo(50));
    const figures = await eventually(
      () => command.get(DeliveriesRepository).listProgress(),
      ([broken]) => broken?.failing === 50,
    );
    expect(figures[0]).toMatchObject({ subscription: 'broken', failure: 'for ever' });
  });

  it('are done by another process when the first one dies', async () => {
    await emit(1);
    await startRecorder('one', () => {
      throw new Error('dies');
    });
    await eventually(
      () => command.get(DeliveriesRepository).listProgress(),
      ([noting]) => noting?.failing === 1,
    );
    await Promise.all(running.splice(0).map((process) => process.stop()));
    // As if the process had died: the task was started, did not end, and its lease has expired.
    await sql.query("UPDATE event_delivery SET failure = NULL, due_at = now() - interval '1 s'");
    await startRecorder('two');
    expect(await eventually(done, isAll(1))).toEqual([1]);
  });

  it('are merged for events with the same key in quick succession', async () => {
    const handled: { key: string; numbers: number[] }[] = [];
    await start((subscriptions) =>
      subscriptions.onMerged<{ number: number }, { key: string; numbers: number[] }>({
        name: 'merging',
        events: [HAPPENED],
        toWork: ({ payload: { number } }) =>
          number === 0
            ? undefined
            : { key: String(number % 3), work: { key: String(number % 3), numbers: [number] } },
        merge: (before, after) => ({ ...before, numbers: [...before.numbers, ...after.numbers] }),
        debounceMs: 500,
        maxWaitMs: 60_000,
        handle: async (work) => {
          handled.push(await Promise.resolve(work));
        },
      }),
    );
    // While an earlier transaction is open, no event is read, however long the machine takes to emit all of them.
    const earlier = await openTransaction();
    for (const number of [0, ...upTo(30)]) await emit(number);
    expect(handled).toEqual([]);
    await earlier.query('COMMIT');
    await earlier.end();
    await eventually(
      () => handled.reduce((sum, { numbers }) => sum + numbers.length, 0),
      (count) => count >= 30,
    );
    expect(handled.map(({ key }) => key).sort()).toEqual(['0', '1', '2']);
    for (const { key, numbers } of handled)
      expect(numbers).toEqual(upTo(30).filter((number) => String(number % 3) === key));
  });

  it('are merged only for a limited time while events keep coming', async () => {
    let handled = 0;
    await start((subscriptions) =>
      subscriptions.onMerged<{ number: number }, number>({
        ...{ name: 'merging', events: [HAPPENED], debounceMs: 60_000, maxWaitMs: 200 },
        toWork: () => ({ key: 'all', work: 1 }),
        merge: (before, after) => before + after,
        handle: async () => {
          await Promise.resolve();
          handled++;
        },
      }),
    );
    await eventually(
      async () => {
        await emit(1);
        return handled;
      },
      (count) => count >= 2,
    );
  });

  it('emit events whose actor is the subscription', async () => {
    const FOLLOWED = defineEvent('test.followed');
    const actors: Actor[] = [];
    const process: EventProcess = await start((subscriptions) => {
      subscriptions.onEach({
        name: 'following',
        events: [HAPPENED],
        handle: async () => {
          process.get(Events).emit(FOLLOWED, {});
          await Promise.resolve();
        },
      });
      subscriptions.onEach({
        name: 'watching',
        events: [FOLLOWED],
        handle: async ({ actor }) => {
          actors.push(await Promise.resolve(actor));
        },
      });
    });
    await command.get(ActorContext).run({ user: 1 }, () => emit(1));
    await eventually(
      () => actors.length,
      (count) => count > 0,
    );
    expect(actors).toEqual([{ subscription: 'following' }]);
  });

  it(
    `misses none of ${SAVES} transactions of several processes while slow earlier ones are open`,
    async () => {
      const other = await startEventProcess(database.uri);
      running.push(other);
      await Promise.all(['one', 'two'].map((name) => startRecorder(name)));
      // These transactions have the lowest ids, and emit first or last.
      const slow = [await openTransaction(), await openTransaction()];
      await insert(slow[0]!, SAVES + 1);
      let next = 1;
      const writers = Array.from({ length: 8 }, async (_, i) => {
        const process = i % 2 === 0 ? command : other;
        for (let number = next++; number <= SAVES; number = next++) {
          await emitIn(process, number);
        }
      });
      await Promise.all(writers);
      expect(await done()).toEqual([]);
      for (const [i, client] of slow.entries()) {
        if (i === 1) await insert(client, SAVES + 2);
        await client.query('COMMIT');
        await client.end();
      }
      await eventually(done, isAll(SAVES + 2), 240_000);
      await eventually(
        () => command.get(DeliveriesRepository).listProgress(),
        ([noting]) => noting?.waiting === 0 && noting.behindS === null,
      );
      expect(await done()).toEqual(upTo(SAVES + 2));
    },
    timeoutMs(300_000),
  );

  it('are not delayed by a transaction of another database on the server', async () => {
    const elsewhere = await createTestDatabase({ migrated: false });
    const slow = await openTransaction(elsewhere.uri);
    try {
      await startRecorder('one');
      await emit(1, 2);
      expect(await eventually(done, isAll(2))).toEqual([1, 2]);
    } finally {
      await slow.end();
      await elsewhere.drop();
    }
  });

  it('of events that were restored from another server are done, before those of new events', async () => {
    await emit(1, 2);
    await sql.query("INSERT INTO event_position SELECT 'noting', xid, id FROM event ORDER BY id LIMIT 1");
    for (const table of ['event', 'event_position'])
      await sql.query(`UPDATE ${table} SET xid = (xid::text::bigint + 1000000)::text::xid8`);
    await startRecorder('one');
    expect(await eventually(done, isAll(1))).toEqual([2]);
    await emit(3);
    expect(await eventually(done, isAll(2))).toEqual([2, 3]);
  });

  /** A connection with an open transaction, which has an id. */
  async function openTransaction(uri = database.uri): Promise<Client> {
    const client = new Client(uri);
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT pg_current_xact_id()');
    return client;
  }

  const insert = (client: Client, number: number) =>
    client.query(`INSERT INTO event (name, actor, payload) VALUES ('test.happened', '{}', $1)`, [
      JSON.stringify({ number }),
    ]);
});
