import { Client } from 'pg';
import { Transactions } from '#lib/database';
import { defineEvent, EventHousekeeping, Events, EventsRepository, START } from '#lib/events';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { startEventProcess, type EventProcess } from '../../harness/servers/event-process';
import { eventually } from '../../harness/eventually';

const HAPPENED = defineEvent<{ number: number }>('test.happened');
const OTHER = defineEvent<{ number: number }>('test.other');

describe('notices of events', () => {
  let database: TestDatabase;
  let sql: Client;
  let emitter: EventProcess;
  const running: EventProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    sql = new Client(database.uri);
    await sql.connect();
    emitter = await startEventProcess(database.uri);
  });
  afterEach(async () => {
    await Promise.all([emitter, ...running.splice(0)].map((process) => process.stop()));
    await sql.end();
    await database.drop();
  });

  const emit = (number: number, type = HAPPENED): Promise<void> =>
    emitter.get(Transactions).run(async () => {
      emitter.get(Events).emit(type, { number });
      await Promise.resolve();
    });

  /** Starts a process that records the numbers of the events that it receives. */
  async function startReceiver(fail: (number: number) => void = () => undefined) {
    const seen: number[] = [];
    let missed = 0;
    const process = await startEventProcess(database.uri, (subscriptions) =>
      subscriptions.onNotice({
        events: [HAPPENED],
        handle: (events) => {
          for (const { payload } of events) fail(payload.number);
          seen.push(...events.map(({ payload }) => payload.number));
        },
        onMissed: () => {
          missed++;
        },
      }),
    );
    running.push(process);
    return { seen, missed: () => missed };
  }

  /** Waits until events can be read. Readers wait for open transactions of all databases of the server. */
  const readAll = () =>
    eventually(
      () => emitter.get(EventsRepository).read(START, [HAPPENED.name], 100),
      (read) => read.events.length > 0,
    );

  it('are delivered to every process, in order, from its start on', async () => {
    await emit(0);
    // A process that starts before that begins with this event.
    await readAll();
    const [one, two] = [await startReceiver(), await startReceiver()];
    for (const number of [1, 2, 3]) await emit(number);
    await emit(4, OTHER);
    const late = await startReceiver();
    await emit(5);
    await eventually(
      () => [one.seen, two.seen, late.seen].map((seen) => seen.at(-1)),
      (last) => last.every((number) => number === 5),
    );
    expect([one.seen, two.seen]).toEqual([
      [1, 2, 3, 5],
      [1, 2, 3, 5],
    ]);
    expect(late.seen.at(-1)).toBe(5);
    expect(late.seen).not.toContain(0);
    expect([one.missed(), two.missed()]).toEqual([0, 0]);
  });

  it('are reported as missed when a handler fails, and continue', async () => {
    const { seen, missed } = await startReceiver((number) => {
      if (number === 1) throw new Error('broken');
    });
    await emit(1);
    await eventually(missed, (count) => count === 1);
    await emit(2);
    expect(
      await eventually(
        () => seen,
        (found) => found.length > 0,
      ),
    ).toEqual([2]);
  });

  it('need only one database notification for many commits of a process', async () => {
    const notified: (string | undefined)[] = [];
    sql.on('notification', ({ payload }) => notified.push(payload));
    await sql.query('LISTEN flexmeasures_events');
    await Promise.all(Array.from({ length: 200 }, (_, number) => emit(number)));
    await eventually(
      () => notified.length,
      (count) => count > 0,
    );
    expect(notified.length).toBeLessThan(100);
  });

  it('are sent by a process that ends right after its commit', async () => {
    let isNotified = false;
    sql.on('notification', () => (isNotified = true));
    await sql.query('LISTEN flexmeasures_events');
    await emit(1);
    await emitter.stop();
    await eventually(
      () => isNotified,
      (found) => found,
    );
    emitter = await startEventProcess(database.uri);
  });

  describe('of old events', () => {
    const age = (hours: number): Promise<unknown> =>
      sql.query("UPDATE event SET emitted_at = emitted_at - $1 * interval '1 h'", [hours]);
    const kept = async (): Promise<number[]> => {
      const { rows } = await sql.query<{ number: number }>(
        "SELECT (payload ->> 'number')::int AS number FROM event ORDER BY xid, id",
      );
      return rows.map(({ number }) => number);
    };

    it('are deleted in batches, but only after all subscriptions have received them', async () => {
      const process = await startEventProcess(database.uri, (subscriptions) =>
        subscriptions.onEach({ name: 'any', events: [OTHER], handle: () => Promise.resolve() }),
      );
      running.push(process);
      for (let number = 0; number < 25; number++) await emit(number);
      const cleanUp = () => process.get(EventHousekeeping).cleanUp(10);
      await eventually(
        async () => (await sql.query("SELECT FROM event_position WHERE subscription = 'any'")).rowCount,
        (count) => count === 1,
      );
      await cleanUp();
      expect(await kept()).toHaveLength(25);
      await age(2);
      // A process that does not run receives none of them.
      await sql.query("INSERT INTO event_position VALUES ('of another process', '0', 0)");
      await cleanUp();
      expect(await kept()).toHaveLength(25);
      await sql.query("DELETE FROM event_position WHERE subscription = 'of another process'");
      await emit(100);
      await eventually(
        async () => {
          await cleanUp();
          return kept();
        },
        (found) => found.length === 1,
      );
      expect(await kept()).toEqual([100]);
      const { events, isGap } = await readAll();
      expect({ numbers: events.length, isGap }).toEqual({ numbers: 1, isGap: true });
    });

    it('are kept for the configured time', async () => {
      const process = await startEventProcess(database.uri, () => undefined, {
        eventRetentionMs: 3 * 3_600_000,
      });
      running.push(process);
      await emit(1);
      await age(2);
      await process.get(EventHousekeeping).cleanUp();
      expect(await kept()).toEqual([1]);
      await age(2);
      await process.get(EventHousekeeping).cleanUp();
      expect(await kept()).toEqual([]);
    });

    it('are reported as missed to a process that was suspended until after their deletion', async () => {
      const { missed } = await startReceiver();
      await emit(1);
      // As after a suspension of the process: its position is before deleted events.
      await sql.query(`INSERT INTO event_position
        SELECT '@deleted', (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 10)::text::xid8, 1`);
      await emit(2);
      await eventually(missed, (count) => count > 0);
    });
  });
});
