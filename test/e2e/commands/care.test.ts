import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';
import { flexmeasures, type CliResult } from '../../harness/servers/cli';

describe('Care of the data', () => {
  let database: TestDatabase;
  let sql: Client;

  const run = (...args: string[]): Promise<CliResult> => flexmeasures(args, { databaseUri: database.uri });
  const good = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const countOf = async (from: string): Promise<number> =>
    Number((await sql.query<{ count: string }>(`SELECT count(*) FROM ${from}`)).rows[0]!.count);

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    sql = new Client(database.uri);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  describe('delete old-beliefs', () => {
    beforeEach(async () => {
      await sql.query('DELETE FROM timed_belief');
      await sql.query('DELETE FROM data_source');
      await sql.query(
        "INSERT INTO data_source (id, name, type) OVERRIDING SYSTEM VALUE VALUES (1, 'meter', 'user'), (2, 'model', 'forecasting script')",
      );
      // Sensor 2 belongs to the toy account, sensor 3 is public. Beliefs about events 100, 300 and 500 days ago.
      await sql.query(
        `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value)
         SELECT sensor, source, now() - days * interval '1 day', 0, 0.5, days
         FROM unnest('{2,3}'::int[]) AS sensor, unnest('{1,2}'::int[]) AS source, unnest('{100,300,500}'::int[]) AS days`,
      );
    });
    const days = async (where: string): Promise<number[]> =>
      (
        await sql.query<{ event_value: number }>(
          `SELECT event_value FROM timed_belief WHERE ${where} ORDER BY event_value`,
        )
      ).rows.map(({ event_value: value }) => value);

    it('deletes by age', async () => {
      expect(await good('delete', 'old-beliefs', '--older-than', 'P400D', '--force')).toMatch(
        /^Deleted 4 beliefs/,
      );
      expect(await days('sensor_id = 2 AND source_id = 1')).toEqual([100, 300]);
      expect(await countOf('timed_belief')).toBe(8);
    });

    it('deletes by type of source and account', async () => {
      const rule = ['--older-than', 'P1M', '--source-type', 'forecasting script', '--account-id', '1'];
      expect(await good('delete', 'old-beliefs', ...rule, '--force')).toMatch(/^Deleted 3 beliefs/);
      expect(await days('sensor_id = 2 AND source_id = 2')).toEqual([]);
      expect(await countOf('timed_belief')).toBe(9);
      const { rows } = await sql.query(
        `SELECT payload - 'untilMs' AS payload, (payload ->> 'untilMs')::float8 / 1000 - extract(epoch FROM event_resolution)
           - extract(epoch FROM now() - interval '100 days') AS seconds_off
         FROM event, sensor WHERE event.name = 'beliefs.deleted' AND sensor.id = 2 ORDER BY event.id DESC LIMIT 1`,
      );
      expect(rows).toMatchObject([{ payload: { sensorIds: [2] } }]);
      // The period ends where the last deleted event ends, not at the limit of the starts.
      expect(Math.abs(Number((rows[0] as { seconds_off: string }).seconds_off))).toBeLessThan(60);
    });

    it('only shows what it would delete with --dry-run, and asks without --force', async () => {
      const shown = await good('delete', 'old-beliefs', '--older-than', 'P200D', '--dry-run');
      expect(shown).toMatch(/^forecasting script +public +2 /m);
      expect(shown).toMatch(/^user +Toy Account +2 /m);
      expect(shown).toMatch(/Nothing was deleted/);
      const asked = await run('delete', 'old-beliefs', '--older-than', 'P200D');
      expect(asked.code).toBe(1);
      expect(asked.stderr).toMatch(/Confirmation required: Delete these beliefs/);
      expect(await good('delete', 'old-beliefs', '--older-than', 'P2Y', '--dry-run')).toMatch(
        /^There are no such beliefs/,
      );
      expect(await countOf('timed_belief')).toBe(12);
    });

    it('refuses durations and accounts that do not exist', async () => {
      expect((await run('delete', 'old-beliefs', '--older-than', 'old', '--force')).stderr).toMatch(
        /--older-than: /,
      );
      expect((await run('delete', 'old-beliefs', '--older-than=-P1D', '--force')).stderr).toBe(
        "Error: --older-than: '-P1D' is a negative duration.\n",
      );
      const { code, stderr } = await run(
        'delete',
        'old-beliefs',
        '--older-than',
        'P1D',
        '--account-id',
        '99',
        '--force',
      );
      expect({ code, stderr }).toEqual({ code: 1, stderr: 'Error: There is no account with id 99.\n' });
      expect(await countOf('timed_belief')).toBe(12);
    });
  });

  it('db clean-up deletes ended jobs and delivered events, and keeps the others', async () => {
    await sql.query('DELETE FROM event');
    await sql.query('DELETE FROM event_position');
    await sql.query(
      `INSERT INTO job (id, fingerprint, queue, kind, state, payload, ended_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'scheduling', 'schedule', state, '{}', now() - ended
       FROM (VALUES ('finished', interval '8 days'), ('failed', '8 days'), ('finished', '6 days'), ('queued', NULL)) AS jobs (state, ended)`,
    );
    for (const name of ['read', 'unread'])
      await sql.query(
        "INSERT INTO event (name, actor, payload, emitted_at) VALUES ($1, '{}', '{}', now() - interval '2 hours')",
        [name],
      );
    await sql.query("INSERT INTO event_position SELECT 'reader', xid, id FROM event WHERE name = 'read'");
    expect(await good('db', 'clean-up', '--dry-run')).toMatch(
      /^Would delete 2 ended jobs and 1 delivered event\./,
    );
    expect(await countOf('job')).toBe(4);
    expect(await good('db', 'clean-up')).toBe('Deleted 2 ended jobs and 1 delivered event.\n');
    expect(await countOf("job WHERE state IN ('queued', 'finished')")).toBe(2);
    expect((await sql.query('SELECT name FROM event')).rows).toEqual([{ name: 'unread' }]);
    expect((await run('db', 'clean-up', '--jobs-older-than', 'never')).stderr).toMatch(/--jobs-older-than: /);
    expect((await run('db', 'clean-up', '--events-older-than=-PT1H')).stderr).toMatch(/negative duration/);
  });

  it('db size lists all tables, with partitions, and says which need a vacuum', async () => {
    await sql.query('ALTER TABLE annotation SET (autovacuum_enabled = false)');
    await sql.query(
      `INSERT INTO annotation (source_id, start, "end", content, type)
       SELECT 1, now(), now() + interval '1 hour', 'x' || i, 'label' FROM generate_series(1, 12000) AS i`,
    );
    await sql.query('DELETE FROM annotation');
    await sql.query('SELECT pg_stat_force_next_flush()');
    await sql.query(
      `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, event_value)
       SELECT 1, 1, now() + i * interval '1 hour', 0, i FROM generate_series(1, 10) AS i`,
    );
    await sql.query('ANALYZE timed_belief');
    const { rows } = await sql.query<{ count: string }>('SELECT count(*) FROM timed_belief');
    const shown = await good('db', 'size');
    expect(/^timed_belief +(\d+) /m.exec(shown)?.[1]).toBe(rows[0]!.count);
    expect(shown).toMatch(/^timed_belief +\d+ +\d+ +\d+\.\d MB +\d+\.\d MB +1 *$/m);
    expect(shown).toMatch(/^Together \d+\.\d MB/m);
    expect(shown).toMatch(/^annotation has many dead rows/m);
  });
});
