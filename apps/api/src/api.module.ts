import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { AuditModule } from '#lib/audit';
import { BeliefPartitionsModule } from '#lib/beliefs';
import { SolverThreadsModule } from '#lib/compute';
import { ConfigModule } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { EventDeliveryModule } from '#lib/events';
import { PluginsModule, type Host } from '#lib/plugins';
import { SensorsModule } from '#lib/sensors';
import { DocsModule } from './docs/docs.module';
import { AuthModule } from './http/auth/auth.module';
import { AuthenticationGuard } from './http/auth/authentication/authentication.guard';
import { PermissionGuard } from './http/auth/permissions/permission.guard';
import { ResourceLoaders } from './http/auth/permissions/resource-loaders';
import { BodiesModule } from './http/bodies/bodies.module';
import { BodyReader } from './http/bodies/body-reader.guard';
import { MediaTypeGuard } from './http/bodies/media-type.guard';
import { IdempotencyApiModule } from './http/idempotency/idempotency-api.module';
import { MetricsModule } from './http/metrics/metrics.module';
import { ErrorFilter } from './http/server/error.filter';
import { KnownMethodsGuard } from './http/server/known-methods.guard';
import { KnownRoutes } from './http/server/known-routes';
import { ServerUrlModule } from './http/headers/server-url.module';
import { LongResponsesModule } from './http/server/long-responses';
import { ServerShutdown } from './http/server/server-shutdown';
import { jobsDriver } from './jobs-driver';
import { LegacyApiModule } from './legacy/legacy.module';
import { PagesModule } from './pages/pages.module';
import { PluginRoutesModule } from './plugins/plugin-routes.module';
import { tasksModule } from './pages/tasks/tasks.module';
import { EventStreamsModule } from './streams/event-streams.module';
import { UnversionedApiModule } from './unversioned/unversioned.module';
import { AccountsApiModule } from './v3/accounts/accounts.module';
import { AnnotationsApiModule } from './v3/annotations/annotations.module';
import { AssetDetailsApiModule } from './v3/asset-details/asset-details.module';
import { AssetsApiModule } from './v3/assets/assets.module';
import { AuditLogApiModule } from './v3/audit-log/audit-log.module';
import { BalanceApiModule } from './v3/balance/balance-api.module';
import { ChartsApiModule } from './v3/charts/charts-api.module';
import { ForecastsApiModule } from './v3/forecasts/forecasts.module';
import { HealthApiModule } from './v3/health/health.module';
import { JobsApiModule } from './v3/jobs/jobs.module';
import { SchedulersApiModule } from './v3/schedulers/schedulers.module';
import { SchedulesApiModule } from './v3/schedules/schedules.module';
import { SensorDataApiModule } from './v3/sensor-data/sensor-data.module';
import { SensorsApiModule } from './v3/sensors/sensors.module';
import { SourcesApiModule } from './v3/sources/sources.module';
import { UsersApiModule } from './v3/users/users.module';

/** Everything that the routes need: settings, database, events, solver, jobs, plugins, authentication. */
const foundation = ({ settings, plugins }: Host) => [
  ConfigModule.forRoot(settings),
  DatabaseModule.forRoot(),
  EventDeliveryModule,
  BeliefPartitionsModule,
  SolverThreadsModule,
  jobsDriver(settings),
  PluginsModule.for(plugins),
  AuthModule,
  BodiesModule,
  ServerUrlModule,
  LongResponsesModule,
  IdempotencyApiModule,
  MetricsModule,
  // For the permission guard, which loads accounts, assets and sensors.
  AccountsModule,
  AssetsModule,
  SensorsModule,
  AuditModule,
];

/** The routes of the API. Sensor data comes before sensors, because `/sensors/data` would match `/sensors/:id`. */
const ROUTES = [
  HealthApiModule,
  UnversionedApiModule,
  LegacyApiModule,
  DocsModule,
  AccountsApiModule,
  AssetDetailsApiModule,
  AssetsApiModule,
  AnnotationsApiModule,
  SensorDataApiModule,
  ForecastsApiModule,
  SensorsApiModule,
  SourcesApiModule,
  UsersApiModule,
  AuditLogApiModule,
  BalanceApiModule,
  SchedulersApiModule,
  SchedulesApiModule,
  JobsApiModule,
  ChartsApiModule,
  EventStreamsModule,
];

@Module({
  providers: [
    KnownRoutes,
    ServerShutdown,
    ResourceLoaders,
    { provide: APP_GUARD, useClass: KnownMethodsGuard },
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useClass: MediaTypeGuard },
    { provide: APP_GUARD, useClass: PermissionGuard },
    { provide: APP_GUARD, useClass: BodyReader },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class ApiModule {
  /** The module with its imports, which depend on the settings and plugins. */
  static forRoot(host: Host): DynamicModule {
    const { settings } = host;
    return {
      module: ApiModule,
      imports: [
        ...foundation(host),
        PluginRoutesModule.for(host.plugins),
        ...ROUTES,
        PagesModule,
        tasksModule(settings),
      ],
    };
  }
}
