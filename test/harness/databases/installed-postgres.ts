import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, describeWith } from '../needs';
import { freePort } from '../servers/processes';

/** Where Debian keeps the programs of the server. */
const VERSIONS = '/usr/lib/postgresql';

const binaries = findBinaries();

function findBinaries(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  return versions
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

/** `describe` for tests that need the PostgreSQL of the machine, server and client programs. */
export const describeWithPostgres = describeWith(
  { name: `a PostgreSQL server in ${VERSIONS} (postgresql)`, isThere: binaries !== undefined },
  commands('the clients of PostgreSQL (postgresql-client)', 'pg_dump', 'pg_restore', 'psql'),
);

export interface InstalledPostgres {
  /** URI of its empty database. */
  uri: string;
  stop: () => void;
}

/** Starts an empty server of the PostgreSQL that is installed on this machine. */
export async function startInstalledPostgres(): Promise<InstalledPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-postgres-'));
  const account = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  if (account) chownSync(folder, account.uid, account.gid);
  const run = (name: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(join(binaries!, name), args, {
      ...account,
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  };
  const data = join(folder, 'data');
  const port = await freePort();
  run('initdb', '-D', data, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  run('pg_ctl', 'start', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options);
  return {
    uri: `postgresql://tester@127.0.0.1:${port}/postgres`,
    stop: () => {
      run('pg_ctl', 'stop', '-D', data, '-m', 'immediate', '-w');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A user of the machine, for programs that do not run as root. */
export function accountOf(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`The program does not run as root, and there is no user ${name}.`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
