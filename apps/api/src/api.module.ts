import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefPartitionsModule, BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { ForecastingModule } from '#lib/forecasting';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { SolverThreadsModule } from '#lib/solver';
import { AccountsController } from './v3/accounts/accounts.controller';
import { AssetsController } from './v3/assets/assets.controller';
import { AuthModule } from './http/auth/auth.module';
import { AuthenticationGuard } from './http/auth/authentication.guard';
import { ChartsApiModule } from './v3/charts/charts-api.module';
import { DocsController } from './docs/docs.controller';
import { DataOfSensorController } from './v3/sensor-data/data-of-sensor.controller';
import { ErrorFilter } from './http/server/error.filter';
import { HealthController } from './v3/health/health.controller';
import { PagesModule } from './pages/pages.module';
import { PermissionGuard } from './http/auth/permission.guard';
import { ResourceLoaders } from './http/auth/resource-loaders';
import { JobsController } from './v3/jobs/jobs.controller';
import { jobsDriver } from './jobs-driver';
import { RetiredVersionsController } from './legacy/retired-versions.controller';
import { SchedulesController } from './v3/schedules/schedules.controller';
import { SiteSchedulesController } from './v3/schedules/site-schedules.controller';
import { ScheduleTrigger } from './v3/schedules/schedule-trigger.service';
import { SensorDataController } from './v3/sensor-data/sensor-data.controller';
import { SensorDataExchange } from './v3/sensor-data/sensor-data-exchange.service';
import { SensorAccuracyController } from './v3/forecasts/sensor-accuracy.controller';
import { SensorsController } from './v3/sensors/sensors.controller';
import { KnownRoutes } from './http/server/known-routes';
import { MediaTypeGuard } from './http/server/bodies';
import { ServerShutdown } from './http/server/server-shutdown';
import { tasksModule } from './pages/tasks/tasks.module';
import { UploadsModule } from './http/uploads/uploads.module';
import { UsersController } from './v3/users/users.controller';
import { VersionsController } from './unversioned/versions/versions.controller';

const settings = readSettings();

@Module({
  imports: [
    ConfigModule.forRoot(settings),
    DatabaseModule.forRoot(),
    AccountsModule,
    AuthModule,
    PagesModule,
    AssetsModule,
    SensorsModule,
    BeliefsModule,
    BeliefPartitionsModule,
    SolverThreadsModule,
    ForecastingModule,
    SchedulingModule,
    jobsDriver(settings),
    ChartsApiModule,
    UploadsModule,
    tasksModule(settings),
  ],
  controllers: [
    HealthController,
    VersionsController,
    RetiredVersionsController,
    DocsController,
    AccountsController,
    AssetsController,
    SensorDataController,
    DataOfSensorController,
    SensorAccuracyController,
    SensorsController,
    UsersController,
    SchedulesController,
    SiteSchedulesController,
    JobsController,
  ],
  providers: [
    KnownRoutes,
    ServerShutdown,
    ResourceLoaders,
    SensorDataExchange,
    ScheduleTrigger,
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useClass: MediaTypeGuard },
    { provide: APP_GUARD, useClass: PermissionGuard },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class ApiModule {}
