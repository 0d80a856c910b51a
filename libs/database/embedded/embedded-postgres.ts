import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, replaceWholeFile, withFileLock } from '#lib/files';
import { keepPort } from './port';
import { Programs, type ProgramResult } from './programs';
import { canReach, findServerAccount, type ServerAccount } from './server-account';
import { SERVER_FOLDER } from './server-folder';

const USER = 'flexmeasures';
const DATABASE = 'flexmeasures';
const START_ATTEMPTS = 20;
const MAX_STOP_MS = 60_000;
const POLL_MS = 20;
const RETRY_MS = 250;

/** Server settings beyond PostgreSQL's own defaults. */
const SERVER_SETTINGS = {
  listen_addresses: '127.0.0.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_wal_size: '2GB',
  shared_buffers: '128MB',
  // Enough to sort the beliefs of a sensor for a year in memory.
  work_mem: '16MB',
  // The default of 4 is for spinning disks; with it, the planner does not use the index of the belief table.
  random_page_cost: '1.1',
};

/** Maximum length in bytes of the path of a Unix socket on Linux and macOS. */
const MAX_SOCKET_PATH = 103;

/** Settings without durability, for databases that tests throw away. */
const THROW_AWAY_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export interface EmbeddedPostgresOptions {
  /** The data need not survive a power failure (tests). */
  throwAway?: boolean;
}

/** Host, or folder of the Unix socket, and port. */
export interface ServerAddress {
  host: string;
  port: number;
}

/**
 * A PostgreSQL server from binaries that npm installed, with its data below `home`. It keeps running after the process
 * that started it has ended, so that commands, server and workers share it. Several processes may start it at once. It keeps
 * its port when it is started again, unless another program has taken the port.
 */
export class EmbeddedPostgres {
  private readonly account: ServerAccount | undefined;
  private readonly programs: Programs;

  constructor(
    private readonly home: string,
    private readonly options: EmbeddedPostgresOptions = {},
  ) {
    this.account = findServerAccount();
    this.programs = new Programs(this.account, home);
  }

  /** Starts the server unless it runs, and creates its data on first use. @returns its connection URI */
  async ensureRunning(): Promise<string> {
    const running = this.findRunningUri();
    if (running) return running;
    mkdirSync(this.home, { recursive: true, mode: 0o755 });
    return withFileLock(join(this.home, 'postgres.lock'), async () => {
      const started = this.findRunningUri();
      if (started) return started;
      if (!existsSync(join(this.dataLink, 'PG_VERSION'))) this.initialise();
      await this.start();
      const uri = this.findRunningUri();
      if (!uri) throw new Error(`The embedded PostgreSQL did not start. Its log is ${this.logFile}.`);
      return uri;
    });
  }

  /** Connection URI of the server; undefined if it does not run. */
  findRunningUri(): string | undefined {
    const port = this.readPostmaster()?.port;
    if (port === undefined) return undefined;
    return `postgresql://${USER}:${this.readPassword()}@127.0.0.1:${port}/${DATABASE}`;
  }

  /**
   * Where this process reaches the server: through a Unix socket where there is one, because a small statement takes half as
   * long as over TCP. Undefined if the server does not run.
   */
  findAddress(): ServerAddress | undefined {
    const postmaster = this.readPostmaster();
    if (!postmaster) return undefined;
    return { host: this.findSocketFolder(postmaster.port) ?? '127.0.0.1', port: postmaster.port };
  }

  /** Stops the server. A process that still uses it starts it again. @returns false if it was not running. */
  stop(): boolean {
    const postmaster = this.readPostmaster();
    if (!postmaster) return false;
    // pg_ctl itself would wait until no server runs, also not one that was started again meanwhile.
    const args = ['stop', '-D', this.data, '-m', 'fast', '--no-wait'];
    this.assertSucceeded(this.programs.run('pg_ctl', args), 'stop');
    for (let waitedMs = 0; isPostgres(postmaster.pid); waitedMs += POLL_MS) {
      if (waitedMs > MAX_STOP_MS) throw new Error('The embedded PostgreSQL does not stop.');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
    return true;
  }

  /** Process id of the server's main process; undefined if it does not run. */
  processId(): number | undefined {
    return this.readPostmaster()?.pid;
  }

  private get dataLink(): string {
    return join(this.home, 'postgres');
  }

  private get data(): string {
    return realpathSync(this.dataLink);
  }

  private get passwordFile(): string {
    return join(this.home, 'postgres.password');
  }

  /** @throws Error with instructions if the file is missing, or empty after a power failure */
  private readPassword(): string {
    const password = existsSync(this.passwordFile) ? readFileSync(this.passwordFile, 'utf8').trim() : '';
    if (password !== '') return password;
    throw new Error(
      `The password of the embedded PostgreSQL is not in ${this.passwordFile}: restore that file from a backup. ` +
        `Without the password, the data in ${this.dataLink} cannot be used. Move both away to start with an empty database.`,
    );
  }

  private get logFile(): string {
    return join(this.data, 'server.log');
  }

  /** Process id and port from postmaster.pid, if that process is alive and accepts connections. */
  private readPostmaster(): { pid: number; port: number } | undefined {
    let lines: string[];
    try {
      lines = readFileSync(join(this.dataLink, 'postmaster.pid'), 'utf8').split('\n');
    } catch {
      return undefined;
    }
    const [pid, port, status] = [Number(lines[0]), Number(lines[3]), lines[7]?.trim()];
    return status === 'ready' && isPostgres(pid) ? { pid, port } : undefined;
  }

  /** The folder of the Unix socket, if this process sees it and its path is not too long. */
  private findSocketFolder(port: number): string | undefined {
    if (process.platform === 'win32') return undefined;
    const socket = join(this.data, `.s.PGSQL.${port}`);
    const isUsable = Buffer.byteLength(socket) <= MAX_SOCKET_PATH && existsSync(socket);
    return isUsable ? this.data : undefined;
  }

  /** Creates the data folder under a temporary name first, so that a crash leaves no incomplete data folder. */
  private initialise(): void {
    const target = this.prepareDataFolder();
    const fresh = `${target}.new`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    const passwordCopy = join(fresh, 'password');
    const password = randomBytes(24).toString('base64url');
    writeFileSync(passwordCopy, password, { mode: 0o600 });
    const data = join(fresh, 'data');
    mkdirSync(data, { mode: 0o700 });
    for (const path of [fresh, passwordCopy, data]) this.changeOwner(path);
    const sync = this.options.throwAway ? ['--no-sync'] : [];
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const access = ['-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordCopy}`];
    this.assertSucceeded(
      this.programs.run('initdb', ['-D', data, ...access, ...locale, ...sync]),
      'initialise',
    );
    this.assertSucceeded(
      this.programs.run('postgres', ['--single', '-D', data, 'postgres'], `CREATE DATABASE ${DATABASE}\n`),
      'create the database of',
    );
    replaceWholeFile(this.passwordFile, password);
    rmSync(target, { recursive: true, force: true });
    renameSync(data, target);
    rmSync(fresh, { recursive: true, force: true });
  }

  /** The data folder: below home, or linked from there if the server's user cannot enter home. */
  private prepareDataFolder(): string {
    if (canReach(this.home, this.account)) return this.dataLink;
    const name = createHash('sha256').update(realpathSync(this.home)).digest('hex').slice(0, 16);
    const place = join(SERVER_FOLDER, name);
    mkdirSync(SERVER_FOLDER, { recursive: true, mode: 0o755 });
    chmodSync(SERVER_FOLDER, 0o755);
    if (lstatSync(this.dataLink, { throwIfNoEntry: false })) rmSync(this.dataLink);
    symlinkSync(place, this.dataLink);
    return place;
  }

  private async start(): Promise<void> {
    this.removeStalePidFile();
    const settings = { ...SERVER_SETTINGS, ...(this.options.throwAway ? THROW_AWAY_SETTINGS : {}) };
    let failure = '';
    // The data folder, which only the user of the server can enter.
    let sockets = '.';
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      const logged = existsSync(this.logFile) ? statSync(this.logFile).size : 0;
      const port = String(await keepPort(join(this.home, 'postgres.port')));
      const options = Object.entries({ ...settings, unix_socket_directories: sockets, port })
        .map(([key, value]) => `-c ${key}=${value === '' ? "''" : value}`)
        .join(' ');
      const args = ['start', '-D', this.data, '-l', this.logFile, '-w', '-o', options];
      const result = await this.programs.runInBackground('pg_ctl', args);
      if (result.status === 0) return;
      failure = outputOf(result);
      // Not every file system has sockets.
      if (this.readLogFrom(logged).includes('Unix-domain socket')) sockets = '';
      // Child processes of a killed server may still use its shared memory, or another program took the port: try again.
      await sleep(RETRY_MS);
    }
    throw new Error(`The embedded PostgreSQL did not start (log: ${this.logFile}): ${failure}`);
  }

  /** What the server has logged after the first bytes. */
  private readLogFrom(bytes: number): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile).subarray(bytes).toString('utf8') : '';
  }

  /** Removes the pid file and the sockets of a crashed server: another program may have its process id now. */
  private removeStalePidFile(): void {
    const file = join(this.data, 'postmaster.pid');
    if (!existsSync(file)) return;
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    if (isPostgres(pid)) return;
    rmSync(file);
    for (const name of readdirSync(this.data)) {
      if (name.startsWith('.s.PGSQL.')) rmSync(join(this.data, name));
    }
  }

  private changeOwner(path: string): void {
    if (this.account) chownSync(path, this.account.uid, this.account.gid);
  }

  private assertSucceeded(result: ProgramResult, action: string): void {
    if (result.error) throw result.error;
    if (result.status !== 0)
      throw new Error(`Could not ${action} the embedded PostgreSQL: ${outputOf(result)}`);
  }
}

const outputOf = (result: ProgramResult): string => (result.stderr || result.stdout).trim();

function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return true; // without /proc, only the process id can be checked
  }
}
