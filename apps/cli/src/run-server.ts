import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs the API server as a child, so that the command ends with it and passes signals on. */
export async function runServer(): Promise<void> {
  const server = spawn(process.execPath, [join(__dirname, '..', '..', 'api', 'src', 'main.js')], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
  const [code] = (await once(server, 'exit')) as [number | null];
  process.exitCode = code ?? 0;
}
