export { isAlive, withFileLock } from './file-lock';
export { createWholeFile, replaceWholeFile } from './whole-file';
