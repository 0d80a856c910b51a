import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWholeFile } from './whole-file';

const WAIT_MS = 50;
/** A lock that names no holder for so long was left by a machine that lost its power, or by an earlier version. */
const GRACE_ROUNDS = 40;

/** Locks that this process holds: its id alone may be that of an earlier process, above all in containers. */
const held = new Set<string>();

/**
 * Runs `work` while this process alone, among all processes of the machine, holds the lock `path`.
 * The lock of a process that died is taken over.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const own = `${process.pid} ${randomBytes(12).toString('hex')}`;
  held.add(own);
  try {
    for (let roundsWithoutHolder = 0; existsSync(path) || !createWholeFile(path, own);) {
      const lock = readLock(path);
      const holder = lock === undefined ? NaN : Number.parseInt(lock, 10);
      roundsWithoutHolder = Number.isNaN(holder) ? roundsWithoutHolder + 1 : 0;
      const isLeft = Number.isNaN(holder) ? roundsWithoutHolder > GRACE_ROUNDS : !isHeld(lock!, holder);
      if (isLeft) takeAway(path, lock);
      else await sleep(WAIT_MS);
    }
    try {
      return await work();
    } finally {
      if (readLock(path) === own) rmSync(path, { force: true });
    }
  } finally {
    held.delete(own);
  }
}

function isHeld(lock: string, holder: number): boolean {
  return holder === process.pid ? held.has(lock) : isAlive(holder);
}

/** Removes a lock that was left. Where another process did, and holds the lock now, that one is put back. */
function takeAway(path: string, lock: string | undefined): void {
  const aside = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
    if (readLock(aside) !== lock) linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** What the lock holds; undefined when it was released just now, or is the folder that earlier versions made. */
function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
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
