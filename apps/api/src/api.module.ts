import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefPartitionsModule, BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { EventDeliveryModule } from '#lib/events';
import { ForecastingModule } from '#lib/forecasting';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { SolverThreadsModule } from '#lib/solver';
import { AccountsController } from './v3/accounts.controller';
import { AssetsController } from './v3/assets.controller';
import { ActorInterceptor } from './auth/actor.interceptor';
import { AuthModule } from './auth/auth.module';
import { AuthenticationGuard } from './auth/authentication.guard';
import { ChartsApiModule } from './charts/charts-api.module';
import { DocsController } from './docs/docs.controller';
import { DataOfSensorController } from './v3/data-of-sensor.controller';
import { ErrorFilter } from './errors/error.filter';
import { HealthController } from './health.controller';
import { PagesModule } from './pages/pages.module';
import { PermissionGuard } from './auth/permission.guard';
import { ResourceLoaders } from './auth/resource-loaders';
import { JobsController } from './v3/jobs.controller';
import { jobsDriver } from './jobs-driver';
import { RetiredVersionsController } from './retired-versions.controller';
import { SchedulesController } from './v3/schedules.controller';
import { SiteSchedulesController } from './v3/site-schedules.controller';
import { ScheduleTrigger } from './v3/schedule-trigger.service';
import { SensorDataController } from './v3/sensor-data.controller';
import { SensorDataExchange } from './v3/sensor-data-exchange.service';
import { SensorAccuracyController } from './v3/sensor-accuracy.controller';
import { SensorsController } from './v3/sensors.controller';
import { KnownRoutes } from './server/known-routes';
import { MediaTypeGuard } from './server/bodies';
import { ServerShutdown } from './server/server-shutdown';
import { tasksModule } from './tasks/tasks.module';
import { UploadsModule } from './uploads/uploads.module';
import { UsersController } from './v3/users.controller';
import { VersionsController } from './versions.controller';

const settings = readSettings();

@Module({
  imports: [
    ConfigModule.forRoot(settings),
    DatabaseModule.forRoot(),
    EventDeliveryModule,
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
    { provide: APP_INTERCEPTOR, useClass: ActorInterceptor },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class ApiModule {}
