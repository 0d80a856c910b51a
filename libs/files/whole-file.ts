import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a file atomically, unless it exists: it appears when it is complete and synced to the disk. If several processes
 * create it at once, one of them succeeds. Only the owner can read the file.
 *
 * @returns false if the file exists or another process created it
 * @throws the error of the file system, such as ENOSPC; then no file is left behind
 */
export function createWholeFile(path: string, content: string): boolean {
  let isCreated = true;
  writeTemporary(path, content, (written) => {
    try {
      // A rename would replace the file of another process; a link does not.
      linkSync(written, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      isCreated = false;
    }
  });
  return isCreated;
}

/** Creates or replaces a file atomically; otherwise as `createWholeFile`. */
export function replaceWholeFile(path: string, content: string): void {
  writeTemporary(path, content, (written) => renameSync(written, path));
}

function writeTemporary(path: string, content: string, publish: (written: string) => void): void {
  const written = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(written, 'wx', 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    publish(written);
  } finally {
    rmSync(written, { force: true });
  }
  syncFolder(dirname(path));
}

/** Syncs a folder: otherwise, a new file name may be lost in a power failure. Not all systems support it. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The file exists nevertheless.
  }
}
