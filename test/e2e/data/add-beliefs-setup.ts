import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transactions } from '#lib/database';
import type { Sensor } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { flexmeasures, spawnFlexmeasures, type CliResult } from '../../harness/servers/cli';
import { TEST_SECRET_KEY } from '../../harness/servers/secret-key';

const COMMAND = join(__dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');

/** A belief as it is stored. */
export interface StoredBelief {
  /** Epoch milliseconds. */
  start: number;
  value: number;
  /** Milliseconds. */
  horizon: number;
  cp: number;
  source: string;
}

/** A database, a folder for files, and `flexmeasures add beliefs` with both. */
export class BeliefsCli {
  private constructor(
    readonly app: TestApp,
    readonly folder: string,
  ) {}

  static async start(): Promise<BeliefsCli> {
    return new BeliefsCli(await startTestApp(), mkdtempSync(join(tmpdir(), 'flexmeasures-beliefs-')));
  }

  async stop(): Promise<void> {
    await this.app.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes a file into the folder. @returns its path */
  write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Runs `flexmeasures add beliefs` for a sensor. */
  add(sensor: Pick<Sensor, 'id'>, args: string[]): Promise<CliResult> {
    const line = ['add', 'beliefs', '--sensor-id', String(sensor.id), ...args];
    return flexmeasures(line, { databaseUri: this.app.databaseUri, cwd: this.folder });
  }

  /** As `run`, in a separate process. */
  addAlone(sensor: Pick<Sensor, 'id'>, args: string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
    const line = ['add', 'beliefs', '--sensor-id', String(sensor.id), ...args];
    return spawnFlexmeasures(line, { databaseUri: this.app.databaseUri, cwd: this.folder, env });
  }

  /** Starts the command in a separate process, which can receive signals. */
  startAdding(sensor: Pick<Sensor, 'id'>, args: string[]): RunningCommand {
    const line = ['add', 'beliefs', '--sensor-id', String(sensor.id), ...args];
    const env = {
      ...process.env,
      SECRET_KEY: TEST_SECRET_KEY,
      SQLALCHEMY_DATABASE_URI: this.app.databaseUri,
    };
    return new RunningCommand(spawn(process.execPath, [COMMAND, ...line], { cwd: this.folder, env }));
  }

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app.get(Transactions).query<Row>(sql, parameters);
  }

  /** All beliefs about a sensor, by event start, the oldest belief first. */
  beliefs(sensor: Pick<Sensor, 'id'>): Promise<StoredBelief[]> {
    return this.query<StoredBelief>(
      `SELECT (extract(epoch FROM event_start) * 1000)::float8 AS start, event_value AS value,
         belief_horizon::float8 AS horizon, cumulative_probability AS cp, name AS source
       FROM timed_belief JOIN data_source ON data_source.id = source_id
       WHERE sensor_id = $1 ORDER BY event_start, belief_horizon DESC, cumulative_probability`,
      [sensor.id],
    );
  }

  /** Number and sum of the beliefs about a sensor. */
  async totals(sensor: Pick<Sensor, 'id'>): Promise<{ count: number; sum: number }> {
    const [row] = await this.query<{ count: number; sum: number }>(
      `SELECT count(*)::int AS count, coalesce(sum(event_value), 0)::float8 AS sum
       FROM timed_belief WHERE sensor_id = $1`,
      [sensor.id],
    );
    return row!;
  }

  /** Names of all data sources. */
  async sources(): Promise<string[]> {
    const rows = await this.query<{ name: string }>('SELECT name FROM data_source ORDER BY name');
    return rows.map(({ name }) => name);
  }
}

/** A running command. */
export class RunningCommand {
  stdout = '';
  stderr = '';
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

/** Regular rows `datetime,value` of a file, in UTC. */
export function regularRows(start: string, stepMs: number, values: Iterable<number>): string {
  const rows: string[] = [];
  let at = Date.parse(start);
  for (const value of values) {
    rows.push(`${new Date(at).toISOString()},${value}\n`);
    at += stepMs;
  }
  return rows.join('');
}
