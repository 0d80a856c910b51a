export { isBackupName, type Manifest } from './backup-format';
export { isPgDump, pgDump, pgRestore, whyNoPgDump } from './client-programs';
export { loadDatabase, readManifest, type LoadResult } from './load-database';
export { resetDatabase } from './reset-database';
export { saveDatabase } from './save-database';
