import { spawn, spawnSync } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Sensor } from '#lib/sensors';
import { isThorough } from '../../harness/effort';
import { aSensor } from '../../harness/databases/factories';
import { BeliefsCli, regularRows, type RunningCommand } from './add-beliefs-setup';
import { TEST_SECRET_KEY } from '../../harness/servers/secret-key';

jest.setTimeout(300_000);

const QUARTER_MS = 900_000;
/** Number of rows that an import reads per batch. With more than two batches, it copies each one separately. */
const BATCH = 32_768;
/** Number of batches after which an import is interrupted. */
const MOMENTS = isThorough ? [2, 3, 4, 5, 6, 7, 8] : [2];
const ROWS = (MOMENTS.at(-1)! + 1) * BATCH;
const START = '2015-01-01T00:00Z';
const SOURCE = 'an interrupted source';

/** A running COPY, as the database server reports it. */
interface Copying {
  pid: number;
  rows: number;
  table: string;
}

describe('An interrupted import of beliefs', () => {
  let cli: BeliefsCli;
  let sensor: Sensor;
  const values = Array.from({ length: ROWS }, (_, i) => i % 97);

  beforeAll(async () => {
    cli = await BeliefsCli.start();
    cli.write('years.csv', regularRows(START, QUARTER_MS, values));
    const changed = values.map((value, i) => (i % 2 === 0 ? value : value + 1));
    cli.write('changed.csv', regularRows(START, QUARTER_MS, changed));
    expect(spawnSync('mkfifo', [join(cli.folder, 'rows.csv')]).status).toBe(0);
  });
  beforeEach(async () => {
    sensor = await aSensor(cli.app);
    await cli.query('DELETE FROM data_source WHERE name = $1', [SOURCE]);
  });
  afterAll(() => cli.stop());

  const started: RunningCommand[] = [];
  const start = (file = 'years.csv'): RunningCommand => {
    const command = cli.startAdding(sensor, ['--source', SOURCE, file]);
    started.push(command);
    return command;
  };

  // A stopped command of a failed test would keep its locks and block all other tests.
  afterEach(async () => {
    for (const command of started.splice(0)) {
      if (command.isRunning) command.child.kill('SIGKILL');
      await command.ended;
    }
  });

  const copying = async (): Promise<Copying | undefined> => {
    const [row] = await cli.query<Copying>(
      `SELECT pid, tuples_processed::int AS rows, relid::regclass::text AS table
       FROM pg_stat_progress_copy WHERE datname = current_database()`,
    );
    return row;
  };

  /** Waits until a condition returns a value, while the command runs. */
  const meanwhile = async <T>(command: RunningCommand, find: () => Promise<T | undefined>): Promise<T> => {
    while (command.isRunning) {
      const found = await find();
      if (found !== undefined) return found;
      // Without a pause, this would use the processor that the command needs.
      await sleep(10);
    }
    throw new Error(`The command ended before its time: ${command.stdout}${command.stderr}`);
  };

  /** Starts an import, sends some rows, and leaves it waiting for more. */
  const startWith = async (count: number): Promise<{ command: RunningCommand; rows: FileHandle }> => {
    const command = start('rows.csv');
    const rows = await open(join(cli.folder, 'rows.csv'), 'w');
    await rows.write(regularRows(START, QUARTER_MS, values.slice(0, count)));
    return { command, rows };
  };

  /** Sends complete batches, and waits until the database has received them. */
  const startCopying = async (batches: number) => {
    const { command, rows } = await startWith(batches * BATCH);
    const copied = await meanwhile(command, async () => {
      const found = await copying();
      // The database counts rows in thousands.
      return found && found.rows > batches * BATCH - 1000 ? found : undefined;
    });
    return { command, rows, copied };
  };

  /** Interrupts a command that waits for rows. As in a shell, the writer of the rows is interrupted as well. */
  const interrupt = async (
    { command, rows }: { command: RunningCommand; rows: FileHandle },
    signal: NodeJS.Signals,
  ) => {
    command.child.kill(signal);
    await rows.close();
    return command.ended;
  };

  /** Waits until the database server has noticed that the client is gone. */
  const waitUntilDisconnected = async (pid: number): Promise<void> => {
    const count = 'SELECT FROM pg_stat_activity WHERE pid = $1';
    while ((await cli.query(count, [pid])).length > 0) await sleep(20);
  };

  const expectNothing = async (): Promise<void> => {
    expect(await cli.totals(sensor)).toEqual({ count: 0, sum: 0 });
    expect(await cli.sources()).not.toContain(SOURCE);
    expect(await cli.query("SELECT FROM pg_class WHERE relname = 'incoming_belief'")).toEqual([]);
  };

  const expectToSucceed = async (file = 'years.csv'): Promise<void> => {
    const { code, stdout } = await cli.add(sensor, ['--source', SOURCE, file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Successfully created beliefs\n' });
    expect((await cli.totals(sensor)).count).toBe(ROWS);
    await cli.query('DELETE FROM timed_belief WHERE sensor_id = $1', [sensor.id]);
    await cli.query('DELETE FROM data_source WHERE name = $1', [SOURCE]);
  };

  it('leaves no beliefs when it is killed while it copies rows', async () => {
    for (const batches of MOMENTS) {
      const copying = await startCopying(batches);
      expect(copying.copied.rows).toBeLessThan(ROWS);
      expect(await interrupt(copying, 'SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
      await waitUntilDisconnected(copying.copied.pid);
      await expectNothing();
    }
    await expectToSucceed();
  });

  it('keeps the existing beliefs when it is killed while it compares', async () => {
    await cli.add(sensor, ['--source', 'another source', 'years.csv']);
    await cli.add(sensor, ['--source', SOURCE, 'years.csv']);
    const before = await cli.totals(sensor);
    const staging = await startCopying(2);
    // Only its own transaction knows the name of this table.
    expect(staging.copied.table).toMatch(/^\d+$/);
    await interrupt(staging, 'SIGKILL');
    await waitUntilDisconnected(staging.copied.pid);
    expect(await cli.totals(sensor)).toEqual(before);

    const [comparing, locked] = [start('changed.csv'), new Client(cli.app.databaseUri)];
    await locked.connect();
    await locked.query('BEGIN; LOCK TABLE timed_belief IN SHARE ROW EXCLUSIVE MODE');
    const pid = await meanwhile(comparing, async () => {
      const [row] = await cli.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'WITH incoming%'`,
      );
      return row?.pid;
    });
    comparing.child.kill('SIGKILL');
    await comparing.ended;
    await locked.end();
    await waitUntilDisconnected(pid);
    expect(await cli.totals(sensor)).toEqual(before);
    const { stdout } = await cli.add(sensor, ['--source', SOURCE, 'changed.csv']);
    expect(stdout).toBe(`Successfully created beliefs (${ROWS / 2} new, ${ROWS / 2} exist already)\n`);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('says so in one line and exits on %s with %i', async (signal, exitCode) => {
    for (const batches of MOMENTS) {
      const copying = await startCopying(batches);
      expect(await interrupt(copying, signal)).toEqual({ code: exitCode, signal: null });
      expect(copying.command).toMatchObject({ stdout: '', stderr: 'Interrupted: nothing was saved.\n' });
      await waitUntilDisconnected(copying.copied.pid);
      await expectNothing();
    }
    if (isThorough) await expectToSucceed();
  });

  it('releases the sensor lock when it is killed while it waits for rows', async () => {
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const waiting = await startWith(1000);
      const pid = await meanwhile(waiting.command, async () => {
        const [row] = await cli.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
        );
        return row?.pid;
      });
      await interrupt(waiting, signal);
      await waitUntilDisconnected(pid);
      await expectNothing();
    }
    await expectToSucceed();
  });

  it('succeeds when a second import of the same file runs at the same time', async () => {
    for (const file of ['years.csv', 'some.csv']) {
      cli.write('some.csv', regularRows('2030-01-01T00:00Z', QUARTER_MS, Array(500).fill(1)));
      sensor = await aSensor(cli.app);
      const both = [start(file), start(file)];
      expect(await Promise.all(both.map(({ ended }) => ended))).toEqual(
        Array(2).fill({ code: 0, signal: null }),
      );
      const rows = file === 'years.csv' ? ROWS : 500;
      expect(both.map(({ stdout }) => stdout).sort()).toEqual([
        `Nothing new: all ${rows} beliefs exist already.\n`,
        'Successfully created beliefs\n',
      ]);
      const [one] = await cli.query(
        `SELECT count(*)::int AS count, count(DISTINCT event_start)::int AS events,
           count(DISTINCT event_start + interval '15 minutes' - belief_horizon * interval '1 millisecond')::int AS times
         FROM timed_belief WHERE sensor_id = $1`,
        [sensor.id],
      );
      expect(one).toEqual({ count: rows, events: rows, times: 1 });
      expect((await cli.sources()).filter((name) => name === SOURCE)).toEqual([SOURCE]);
    }
  });
});

describe('The progress bar of an import', () => {
  let cli: BeliefsCli;
  let sensor: Sensor;

  beforeAll(async () => {
    cli = await BeliefsCli.start();
    sensor = await aSensor(cli.app);
    cli.write('long.csv', regularRows(START, QUARTER_MS, Array(60_000).fill(1)));
    cli.write('short.csv', regularRows(START, QUARTER_MS, [1, 2]));
  });
  afterAll(() => cli.stop());

  /** The output that a terminal receives. */
  const onTerminal = async (file: string): Promise<string> => {
    const program = join(__dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');
    const line = `'${process.execPath}' '${program}' add beliefs --sensor-id ${sensor.id} --source meter ${file}`;
    const env = { ...process.env, SECRET_KEY: TEST_SECRET_KEY, SQLALCHEMY_DATABASE_URI: cli.app.databaseUri };
    const terminal = spawn('script', ['-qec', line, '/dev/null'], { cwd: cli.folder, env });
    let output = '';
    terminal.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((resolve) => terminal.once('close', resolve));
    expect(code).toBe(0);
    return output;
  };
  const itOnLinux = process.platform === 'linux' ? it : it.skip;

  itOnLinux('is shown on a terminal for a long file only, and removed at the end', async () => {
    const long = await onTerminal('long.csv');
    expect(long).toMatch(/ \d+% read, /);
    expect(long).toMatch(/Successfully created beliefs/);
    expect(long.indexOf('%')).toBeLessThan(long.indexOf('Successfully'));
    // The cursor is shown again.
    expect(long.lastIndexOf('\x1B[?25h')).toBeGreaterThan(long.lastIndexOf('\x1B[?25l'));
    sensor = await aSensor(cli.app);
    expect(await onTerminal('short.csv')).toBe('Successfully created beliefs\r\n');
  });

  it('is not shown without a terminal', async () => {
    sensor = await aSensor(cli.app);
    expect(await cli.add(sensor, ['--source', 'meter', 'long.csv'])).toEqual({
      code: 0,
      stdout: 'Successfully created beliefs\n',
      stderr: '',
    });
  });
});
