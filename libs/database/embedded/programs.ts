import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { locateBinaries, programPath } from './binaries';
import type { ServerAccount } from './server-account';

/** Programs of PostgreSQL. */
export type ProgramName = 'initdb' | 'pg_ctl' | 'postgres';

/** How a program ended, and what it printed. */
export interface ProgramResult {
  status: number | null;
  stdout: string;
  stderr: string;
  /** Why it did not start. */
  error?: Error;
}

/** Runs programs of PostgreSQL, as the operating-system user of the server. */
export class Programs {
  /** @param folder working folder, if the current user runs the server */
  constructor(
    private readonly account: ServerAccount | undefined,
    private readonly folder: string,
  ) {}

  /** Runs a program while this process waits. */
  run(name: ProgramName, args: string[], input?: string): ProgramResult {
    return spawnSync(this.path(name), args, {
      ...this.options,
      encoding: 'utf8',
      ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
    });
  }

  /** As `run`, but this process goes on. @throws Error if the program does not start */
  async runInBackground(name: ProgramName, args: string[]): Promise<ProgramResult> {
    const child = spawn(this.path(name), args, { ...this.options, stdio: ['ignore', 'pipe', 'pipe'] });
    const result: ProgramResult = { status: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
    [result.status] = (await once(child, 'close')) as [number | null];
    return result;
  }

  private path(name: ProgramName): string {
    return programPath(locateBinaries(this.account), name);
  }

  private get options() {
    return { ...this.account, cwd: this.account ? '/' : this.folder, env: serverEnvironment() };
  }
}

/** The environment without PG* and locale variables, which would change the behaviour of the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
