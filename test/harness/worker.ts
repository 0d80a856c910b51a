import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { end, until } from './processes';

/** A worker as built, in a process of its own. */
export interface Worker {
  pid: number;
  /** What the worker has printed. */
  output: () => string;
  stop: () => Promise<void>;
  /** Ends it as a power cut does. */
  kill: () => Promise<void>;
  /** Holds it still, as an overloaded host does, and lets it go on. */
  freeze: () => void;
  thaw: () => void;
}

export async function startWorker(
  databaseUri: string,
  redisPort: number,
  name: string,
  env: NodeJS.ProcessEnv = {},
  queue = 'scheduling',
): Promise<Worker> {
  const main = join(__dirname, '..', '..', 'dist', 'apps', 'scheduler', 'src', 'main.js');
  const worker = spawn(process.execPath, [main, '--queue', queue, '--name', name], {
    env: {
      ...process.env,
      ...redisSettings(redisPort),
      SQLALCHEMY_DATABASE_URI: databaseUri,
      FLEXMEASURES_LOG_FILE: 'None',
      ...env,
    },
  });
  let output = '';
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  await until(worker, /takes jobs from queue/);
  return {
    pid: worker.pid!,
    output: () => output,
    stop: () => end(worker, 'SIGTERM'),
    kill: () => end(worker, 'SIGKILL'),
    freeze: () => void worker.kill('SIGSTOP'),
    thaw: () => void worker.kill('SIGCONT'),
  };
}

/** Settings of servers and workers that make no forecasts after new data: for tests about other jobs. */
export const WITHOUT_FORECASTS = { FLEXMEASURES_FORECAST_AFTER_DATA: 'False' };

/** What makes a process use a Redis of a test. */
export const redisSettings = (port: number): NodeJS.ProcessEnv => ({
  FLEXMEASURES_REDIS_URL: '127.0.0.1',
  FLEXMEASURES_REDIS_PORT: String(port),
});
