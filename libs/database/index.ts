// First, because files of this lib import what it loads.
import './load-driver';
export { ADVISORY_LOCKS } from './advisory-locks';
export { connectionOptions, getDatabaseUri } from './connection/connection';
export { DatabaseModule } from './database.module';
export { EmbeddedPostgres } from './embedded/embedded-postgres';
export {
  violatedConstraint,
  isDatabaseUnavailable,
  isStorageFull,
  isValueRejected,
} from './errors/database-errors';
export { intervalToMs } from './interval';
export { LatestTaskRun } from './task-runs/latest-task-run.entity';
export { TableSizesRepository, type TableSize } from './care/table-sizes.repository';
export { TaskRunsRepository } from './task-runs/task-runs.repository';
export { containsText, findPage, literalPattern, type ListPage, type PageRequest } from './page';
export { Migrator, type MigrationState } from './schema/migrator';
export { Notifications, type NotificationListener } from './notifications';
export { PREPARED } from './connection/preparing-client';
export { PoolUse } from './connection/pool-use';
export { SchemaState } from './schema/schema-state';
export { Transactions } from './transactions';
export { isTransientFailure } from './errors/transient-errors';
export { COMMITS_WITHOUT_WAITING } from './without-waiting';
export { shiftedNow } from './shifted-now';
