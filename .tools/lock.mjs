import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WAIT_MS = 200;
/** A lock that has named no holder for so long was left by a process that died while taking it. */
const NAMELESS_MS = 5000;

/**
 * Runs `work` while this process alone holds the lock directory `path`; other processes wait.
 * A lock whose holder has died is taken over.
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
    // Between the folder and its file, or just released: look again on the next round.
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
