import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWholeFile } from './whole-file';

const WAIT_MS = 50;
/** A lock without a holder for this many rounds is stale: from a power failure or an earlier version. */
const GRACE_ROUNDS = 40;

/** Locks that this process holds. The process id is not enough: in containers, earlier processes often had the same id. */
const heldLocks = new Set<string>();

/**
 * Runs `work` while this process holds the lock file `path`. Only one process of the machine can hold it.
 * The lock of a dead process is removed.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const ownLock = `${process.pid} ${randomBytes(12).toString('hex')}`;
  heldLocks.add(ownLock);
  try {
    for (let roundsWithoutHolder = 0; existsSync(path) || !createWholeFile(path, ownLock);) {
      const lock = readLock(path);
      const holder = lock === undefined ? NaN : Number.parseInt(lock, 10);
      roundsWithoutHolder = Number.isNaN(holder) ? roundsWithoutHolder + 1 : 0;
      const isStale = Number.isNaN(holder) ? roundsWithoutHolder > GRACE_ROUNDS : !isHeld(lock!, holder);
      if (isStale) removeStaleLock(path, lock);
      else await sleep(WAIT_MS);
    }
    try {
      return await work();
    } finally {
      if (readLock(path) === ownLock) rmSync(path, { force: true });
    }
  } finally {
    heldLocks.delete(ownLock);
  }
}

function isHeld(lock: string, holder: number): boolean {
  return holder === process.pid ? heldLocks.has(lock) : isAlive(holder);
}

/** Removes a stale lock. If another process has replaced it with its own lock meanwhile, that lock is restored. */
function removeStaleLock(path: string, lock: string | undefined): void {
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

/** Content of the lock file; undefined if it was just released, or if it is a folder of an earlier version. */
function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether a process with this id exists, of any user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
