import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stopProcess, waitForOutput } from './processes';

/** A built worker in a separate process. */
export interface Worker {
  pid: number;
  /** Everything that the worker has printed. */
  output: () => string;
  stop: () => Promise<void>;
  /** Kills the process with SIGKILL. */
  kill: () => Promise<void>;
  /** Stops and continues the process (SIGSTOP, SIGCONT), as an overloaded host does. */
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
  const main = join(__dirname, '..', '..', '..', 'dist', 'apps', 'scheduler', 'src', 'main.js');
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
  await waitForOutput(worker, /takes jobs from queue/);
  return {
    pid: worker.pid!,
    output: () => output,
    stop: () => stopProcess(worker, 'SIGTERM'),
    kill: () => stopProcess(worker, 'SIGKILL'),
    freeze: () => void worker.kill('SIGSTOP'),
    thaw: () => void worker.kill('SIGCONT'),
  };
}

/** Settings that disable forecasts after new data: for tests of other jobs. */
export const WITHOUT_FORECASTS = { FLEXMEASURES_FORECAST_AFTER_DATA: 'False' };

/** Settings that make a process use the Redis server of a test. */
export const redisSettings = (port: number): NodeJS.ProcessEnv => ({
  FLEXMEASURES_REDIS_URL: '127.0.0.1',
  FLEXMEASURES_REDIS_PORT: String(port),
});
