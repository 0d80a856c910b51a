export { connectionOptions, databaseUri } from './connection';
export { DatabaseModule } from './database.module';
export { EmbeddedPostgres } from './embedded/embedded-postgres';
export { brokenRule, isDatabaseUnavailable, isValueRefused } from './failures';
export { intervalToMs } from './interval';
export { LatestTaskRun } from './latest-task-run.entity';
export { holding, listed, type Listed, type Listing } from './listing';
export { Migrator, type MigrationState } from './migrator';
export { Transactions } from './transactions';
