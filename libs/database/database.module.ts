import { DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, SystemClock } from '#lib/time';
import { appConnectionOptions } from './connection/connection';
import { TableSizesRepository } from './care/table-sizes.repository';
import { LatestTaskRun } from './task-runs/latest-task-run.entity';
import { Notifications } from './notifications';
import { PoolUse } from './connection/pool-use';
import { SchemaState } from './schema/schema-state';
import { TaskRunsRepository } from './task-runs/task-runs.repository';
import { Transactions } from './transactions';

const PROVIDERS = [
  { provide: CLOCK, useClass: SystemClock },
  Transactions,
  Notifications,
  SchemaState,
  PoolUse,
  TaskRunsRepository,
  TableSizesRepository,
];

/** Everything that touches the database, and the clock that the times in it are taken from. */
@Global()
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class DatabaseModule {
  /** Connects to the configured or embedded database. The domain modules register their own entities. */
  static forRoot(): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [SETTINGS],
          useFactory: async (settings: Settings) => ({
            ...(await appConnectionOptions(settings)),
            autoLoadEntities: true,
            retryAttempts: 0,
          }),
        }),
        TypeOrmModule.forFeature([LatestTaskRun]),
      ],
    };
  }
}
