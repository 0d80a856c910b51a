import { execFile } from 'node:child_process';
import { Console } from 'node:console';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runProgram } from '../../../apps/cli/src/program';
import { reportAndExit } from '../../../apps/cli/src/report-error';
import { TEST_SECRET_KEY } from './secret-key';

const COMMAND = join(__dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  databaseUri?: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Standard input. */
  input?: string;
}

/** The whole environment of a command. */
const environment = ({ databaseUri, env = {} }: CliOptions): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  SECRET_KEY: TEST_SECRET_KEY,
  FLEXMEASURES_LOG_FILE: 'None',
  ...(databaseUri === undefined ? {} : { SQLALCHEMY_DATABASE_URI: databaseUri }),
  ...env,
});

/** Runs the built command line in a separate process, as users do. */
export function spawnFlexmeasures(args: string[], options: CliOptions): Promise<CliResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [COMMAND, ...args],
      { cwd: options.cwd, env: environment(options) },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
  });
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line in this process, which takes a tenth of the time of a separate process. One command at a time,
 * since it replaces the environment, working directory, streams and exit function of the process.
 *
 * Use `spawnFlexmeasures` for commands that start other processes or receive signals, and once for each plugin: it is loaded
 * once in this process, whatever the settings of later commands say.
 */
export function flexmeasures(args: string[], options: CliOptions): Promise<CliResult> {
  const result = last.then(() => runHere(args, options));
  last = result.catch(() => undefined);
  return result;
}

/** Thrown instead of ending the process. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`Exit with code ${code}`);
  }
}

async function runHere(args: string[], options: CliOptions): Promise<CliResult> {
  const [stdout, stderr] = [new Printed(), new Printed()];
  const restore = [
    replace(process, 'env', environment(options)),
    replace(process, 'stdin', Readable.from([options.input ?? ''])),
    replace(process, 'stdout', stdout),
    replace(process, 'stderr', stderr),
    replace(process, 'exit', (code?: number) => {
      throw new Exit(code ?? 0);
    }),
    replace(globalThis, 'console', new Console({ stdout, stderr })),
  ];
  const { exitCode } = process;
  process.exitCode = undefined;
  const folder = process.cwd();
  if (options.cwd !== undefined) process.chdir(options.cwd);
  try {
    await runProgram(args).catch(unlessExit(reportAndExit));
    return { code: exitCodeOf(process), stdout: stdout.text, stderr: stderr.text };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { code: error.code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.chdir(folder);
    process.exitCode = exitCode;
    for (const undo of restore.reverse()) undo();
  }
}

const exitCodeOf = ({ exitCode }: NodeJS.Process): number => Number(exitCode ?? 0);

const unlessExit = (handle: (error: unknown) => void) => (error: unknown) => {
  if (error instanceof Exit) throw error;
  handle(error);
};

/** Sets a property. @returns a function that restores the former value */
function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name)!;
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
  return () => Object.defineProperty(target, name, before);
}

/** A stream that is not a terminal and keeps everything that is written to it. */
class Printed extends Writable {
  text = '';

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
