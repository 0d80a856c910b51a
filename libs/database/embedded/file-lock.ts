import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';

const WAIT_MS = 50;
const GRACE_ROUNDS = 40;

/**
 * Runs `work` while this process alone, among all processes of the machine, holds the lock folder `path`.
 * The lock of a process that died is taken over.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (let roundsWithoutHolder = 0; !tryAcquire(path);) {
    const holder = readHolder(path);
    roundsWithoutHolder = holder === undefined ? roundsWithoutHolder + 1 : 0;
    if (holder === undefined ? roundsWithoutHolder > GRACE_ROUNDS : !isAlive(holder)) {
      rmSync(path, { recursive: true, force: true });
    }
    await sleep(WAIT_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function tryAcquire(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(path, 'pid'), String(process.pid));
  return true;
}

function readHolder(path: string): number | undefined {
  try {
    return Number(readFileSync(join(path, 'pid'), 'utf8')) || undefined;
  } catch {
    return undefined; // just created or just released
  }
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
