import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgres } from '#lib/database';
import { ROOT, withBenchHome } from '../bench-server';
import { summarise, type Figure } from '../figures';
import { withInstalledPostgres } from '../programs/installed-postgres';
import { withClient } from '../programs/with-client';
import { processorMsOfFamily } from '../processor-time';

const BELIEFS = 1_000_000;

/** A server that has the data, or gets them. */
interface Place {
  name: string;
  uri: string;
  /** Id of the main process of the server. */
  serverPid: number;
}

/** Saves and loads a database between the embedded server and that of the machine; everything must be equal afterwards. */
export const benchBackups = (): Promise<Figure[]> =>
  withBenchHome([['add', 'toy-account']], async (home) => {
    const postgres = new EmbeddedPostgres(home);
    const uri = await postgres.ensureRunning();
    await withClient(uri, (client) =>
      client.query(
        `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value)
         SELECT 2, 1, '2000-01-01'::timestamptz + i * interval '15 min', i, 0.5, sin(i) FROM generate_series(1, ${BELIEFS}) i`,
      ),
    );
    const embedded: Place = { name: 'embedded', uri, serverPid: postgres.processId()! };
    const expected = await checksums(uri);
    const bench = new Backups(home, expected);
    await bench.run(embedded, 'save', '--name', 'one');
    await bench.moveInto(embedded, 'load', '--name', 'one');
    await withInstalledPostgres(async (installedUri) => {
      const version = await withClient(installedUri, async (client) => {
        const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
        return rows[0]!.server_version.split(' ')[0]!;
      });
      const serverPid = Number(await pidFileOf(installedUri));
      const installed: Place = { name: `PostgreSQL ${version}`, uri: installedUri, serverPid };
      await bench.command(installed, 'db', 'upgrade');
      await bench.moveInto(installed, 'load', '--name', 'one');
      await bench.run(installed, 'save', '--name', 'two');
      await bench.moveInto(embedded, 'load', '--name', 'two');
      const dump = /\S+\.dump\b/.exec(await bench.run(installed, 'dump'))![0];
      await bench.moveInto(installed, 'restore', dump);
      await bench.moveInto(embedded, 'restore', dump);
    });
    return bench.figures;
  });

class Backups {
  readonly figures: Figure[] = [];

  constructor(
    private readonly home: string,
    private readonly expected: string,
  ) {}

  /** Measures a command into an emptied database, and compares what is there afterwards. */
  async moveInto(place: Place, ...args: string[]): Promise<void> {
    await this.command(place, 'db-ops', 'reset', '--force');
    await this.run(place, ...args);
    if ((await checksums(place.uri)) !== this.expected)
      throw new Error(`After ${args.join(' ')}, the data in ${place.name} differ.`);
  }

  /** Measures a command of db-ops. @returns its output */
  async run(place: Place, ...args: string[]): Promise<string> {
    const before = processorMsOfFamily(place.serverPid);
    const start = performance.now();
    const { output, processor } = await this.command(place, 'db-ops', ...args);
    const elapsed = performance.now() - start;
    const used = processor + processorMsOfFamily(place.serverPid) - before;
    const rate = (ms: number): string => Math.round((1000 * BELIEFS) / ms).toLocaleString('en');
    const note =
      `${rate(elapsed)} beliefs/s; processor time ${(used / 1000).toFixed(1)} s ` +
      `(${(processor / 1000).toFixed(1)} s of the command without its children), ${rate(used)} beliefs/s`;
    this.figures.push(summarise(`${args[0]}, ${place.name}`, [elapsed], note));
    return output;
  }

  /** Runs a command, which reports its processor time as its last line on standard error. */
  command({ uri }: Place, ...args: string[]): Promise<{ output: string; processor: number }> {
    const cli = join(ROOT, 'apps', 'cli', 'bin', 'flexmeasures.js');
    const report = join(ROOT, 'dist', 'test', 'bench', 'backups', 'report-processor-time.js');
    const env = { ...process.env, FLEXMEASURES_HOME: this.home, SQLALCHEMY_DATABASE_URI: uri };
    return new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        ['--require', report, cli, ...args],
        { cwd: this.home, env },
        (error, output, errors) => {
          if (error) reject(new Error(errors));
          else resolve({ output, processor: Number(errors.trim().split('\n').pop()) });
        },
      );
    });
  }
}

/** Number and checksum of the rows of every table. */
async function checksums(uri: string): Promise<string> {
  return withClient(uri, async (client) => {
    await client.query("SET timezone = 'UTC'");
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname <> 'migrations' ORDER BY 1`,
    );
    const sums: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ sum: string }>(
        `SELECT count(*) || ' ' || coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0) AS sum FROM "${name}" t`,
      );
      sums.push(`${name} ${rows[0]!.sum}`);
    }
    return sums.join('\n');
  });
}

const pidFileOf = (uri: string): Promise<string> =>
  withClient(uri, async (client) => {
    const { rows } = await client.query<{ folder: string }>('SHOW data_directory');
    const [folder] = Object.values(rows[0]!);
    return readFileSync(join(folder!, 'postmaster.pid'), 'utf8').split('\n')[0]!;
  });
