import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { end, until } from './processes';

/** A worker as built, in a process of its own. */
export interface Worker {
  stop: () => Promise<void>;
  /** Ends it as a power cut does. */
  kill: () => Promise<void>;
}

export async function startWorker(
  databaseUri: string,
  redisPort: number,
  name: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Worker> {
  const main = join(__dirname, '..', '..', 'dist', 'apps', 'scheduler', 'src', 'main.js');
  const worker = spawn(process.execPath, [main, '--queue', 'scheduling', '--name', name], {
    env: {
      ...process.env,
      ...redisSettings(redisPort),
      SQLALCHEMY_DATABASE_URI: databaseUri,
      FLEXMEASURES_LOG_FILE: 'None',
      ...env,
    },
  });
  await until(worker, /takes jobs from queue scheduling/);
  return { stop: () => end(worker, 'SIGTERM'), kill: () => end(worker, 'SIGKILL') };
}

/** What makes a process use a Redis of a test. */
export const redisSettings = (port: number): NodeJS.ProcessEnv => ({
  FLEXMEASURES_REDIS_URL: '127.0.0.1',
  FLEXMEASURES_REDIS_PORT: String(port),
});
