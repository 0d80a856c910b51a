export { connectionOptions, databaseUri } from './connection';
export { DatabaseModule } from './database.module';
export { EmbeddedPostgres } from './embedded/embedded-postgres';
export { isDatabaseUnavailable, isValueRefused } from './failures';
export { intervalToMs } from './interval';
export { LatestTaskRun } from './latest-task-run.entity';
export { Migrator, type MigrationState } from './migrator';
export { Transactions } from './transactions';
