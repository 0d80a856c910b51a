import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a file unless it is there. Nobody ever sees it empty or in part: it appears when it is complete and on the disk.
 * Of several processes that make it at once, one makes it. Only its owner may read it.
 *
 * @returns false when it was there, or another process was faster
 * @throws the error of the file system, such as ENOSPC; nothing is left behind then
 */
export function createWholeFile(path: string, content: string): boolean {
  let isMade = true;
  writeBeside(path, content, (written) => {
    try {
      // A rename would replace what another process has made; a link does not.
      linkSync(written, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      isMade = false;
    }
  });
  return isMade;
}

/** Makes a file, in place of the one that is there, if any; otherwise as `createWholeFile`. */
export function replaceWholeFile(path: string, content: string): void {
  writeBeside(path, content, (written) => renameSync(written, path));
}

function writeBeside(path: string, content: string, publish: (written: string) => void): void {
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

/** Without it, the name of a file may be lost with the power. Not all systems can do it. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The file is there all the same.
  }
}
