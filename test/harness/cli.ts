import { execFile } from 'node:child_process';
import { join } from 'node:path';

const COMMAND = join(__dirname, '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a user does: the built program in a process of its own. */
export function flexmeasures(
  args: string[],
  {
    databaseUri,
    cwd,
    env = {},
    input = '',
  }: { databaseUri?: string; cwd?: string; env?: NodeJS.ProcessEnv; input?: string },
): Promise<CliResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [COMMAND, ...args],
      {
        cwd,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          SECRET_KEY: 'test',
          ...(databaseUri === undefined ? {} : { SQLALCHEMY_DATABASE_URI: databaseUri }),
          ...env,
        },
      },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}
