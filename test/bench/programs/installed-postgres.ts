import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port';

/** Where Debian keeps the programs of the server. */
const VERSIONS = '/usr/lib/postgresql';

/**
 * Runs `work` with an empty server of the PostgreSQL of this machine, in the folder for temporary files; undefined if it has
 * none.
 * @param settings of the server, such as `shared_buffers=1GB`
 */
export async function withInstalledPostgres<T>(
  work: (uri: string) => Promise<T>,
  settings: readonly string[] = ['max_wal_size=2GB'],
): Promise<T | undefined> {
  const version = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort().pop() : undefined;
  if (version === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-postgres-'));
  const account = process.getuid?.() === 0 ? idsOf('postgres') : undefined;
  if (account) chownSync(folder, account.uid, account.gid);
  const run = (name: string, ...args: string[]): void => {
    const options = { ...account, cwd: folder, stdio: 'ignore' } as const;
    const { status } = spawnSync(join(VERSIONS, version, 'bin', name), args, options);
    if (status !== 0) throw new Error(`${name} failed; see ${folder}.`);
  };
  const data = join(folder, 'data');
  const port = await freePort();
  run('initdb', '-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8');
  const options = [`-p ${port} -k ${folder}`, 'listen_addresses=127.0.0.1', ...settings].join(' -c ');
  run('pg_ctl', 'start', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options);
  try {
    return await work(`postgresql://bench@127.0.0.1:${port}/postgres`);
  } finally {
    run('pg_ctl', 'stop', '-D', data, '-m', 'immediate', '-w');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A user of the machine, for programs that do not run as root. */
export function idsOf(user: string): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout),
  );
  return { uid: uid!, gid: gid! };
}
