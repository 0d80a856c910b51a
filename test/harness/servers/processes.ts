import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Resolves when the output of the process matches the pattern; rejects when the process ends before. */
export function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (pattern.test(output)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The process ended with ${String(code)}: ${output}`)));
  });
}

/** Sends a signal and waits until the process has ended. */
export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/**
 * Ports below those that systems give to connections and to servers without a port of their own, so that no other
 * program takes one between its choice and its use, or while a server restarts. Each test process has its own.
 */
const PORTS = { first: 12_000, perProcess: 1000, processes: 20 };
let nextPort = Math.floor(Math.random() * PORTS.perProcess);

/** A free TCP port, which no other test of this run gets soon. */
export async function freePort(): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % PORTS.processes;
  for (let tries = 0; tries < PORTS.perProcess; tries++) {
    const port = PORTS.first + worker * PORTS.perProcess + (nextPort++ % PORTS.perProcess);
    if (await isFree(port)) return port;
  }
  throw new Error('There is no free port.');
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const isListening = once(probe.listen(port), 'listening').then(
    () => true,
    () => false,
  );
  if (!(await isListening)) return false;
  probe.close();
  await once(probe, 'close');
  return true;
}
