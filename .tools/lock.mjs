import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WAIT_MS = 200;
/** A lock without a holder for this time belongs to a process that died while acquiring it. */
const NAMELESS_MS = 5000;

/**
 * Runs `work` while this process holds the lock directory `path`; other processes wait.
 * Takes over a lock whose holder has died.
 */
export async function withLock(path, work) {
  while (!acquire(path)) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const release = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function acquire(path) {
  try {
    mkdirSync(path);
    writeFileSync(join(path, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!holderIsAlive(path)) rmSync(path, { recursive: true, force: true });
  return false;
}

function holderIsAlive(path) {
  let pid;
  try {
    pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
  } catch {
    // The folder has no file yet, or the lock was just released: try again.
    const taken = statSync(path, { throwIfNoEntry: false });
    return taken === undefined || Date.now() - taken.mtimeMs < NAMELESS_MS;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
