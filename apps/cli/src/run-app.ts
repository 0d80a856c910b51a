import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs the server or a worker as a child, so that the command ends with it and passes signals on. */
export async function runApp(app: 'api' | 'scheduler', args: string[] = []): Promise<void> {
  const child = spawn(process.execPath, [join(__dirname, '..', '..', app, 'src', 'main.js'), ...args], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 0;
}
