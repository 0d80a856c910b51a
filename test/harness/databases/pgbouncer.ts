import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, describeWith } from '../needs';
import { accountOf } from './installed-postgres';
import { freePort, stopProcess, waitForOutput } from '../servers/processes';

/** `describe` for tests that need pgbouncer. */
export const describeWithPgBouncer = describeWith(commands('pgbouncer', 'pgbouncer'));

export type PoolMode = 'session' | 'transaction';

export interface PgBouncer {
  /** The address of a database of the server behind it, given that of the server. */
  uriOf: (databaseUri: string) => string;
  stop: () => Promise<void>;
}

/** Starts pgbouncer in front of the server of a database, with the settings of docs/scaling.md. */
export async function startPgBouncer(databaseUri: string, poolMode: PoolMode): Promise<PgBouncer> {
  const { hostname, port: serverPort, username, password } = new URL(databaseUri);
  const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${serverPort} user=${username} password='${password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${poolMode}
default_pool_size = 20
max_client_conn = 200
ignore_startup_parameters = options
`,
  );
  const account = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  const pooler = spawn('pgbouncer', [file], { ...account, cwd: folder });
  await waitForOutput(pooler, /process up/);
  return {
    uriOf: (uri) => {
      const url = new URL(uri);
      url.port = String(port);
      return url.href;
    },
    stop: async () => {
      await stopProcess(pooler, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
