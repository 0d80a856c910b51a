import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { ApiUsageModule } from '#lib/api-usage';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { OLD_API_VERSIONS } from '#lib/config/model';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { UdiEventsModule } from '#lib/udi-events';
import { AnswersModule } from '../http/answers/answers.module';
import { KnownRoutes } from '../http/server/known-routes';
import { AssetsApiModule } from '../v3/assets/assets.module';
import { SchedulesApiModule } from '../v3/schedules/schedules.module';
import { Connections } from './exchange/connections.service';
import { BackupRestorer } from './control/backup-restorer.service';
import { DeviceMessages } from './control/device-messages.service';
import { Devices } from './control/devices.service';
import { UdiPosts } from './control/udi-posts.service';
import { PowerAnswers } from './endpoints/power-answers.service';
import { ConnectionList } from './exchange/connection-list.service';
import { MarketPosts } from './exchange/market-posts.service';
import { NamedSensors } from './exchange/named-sensors.service';
import { Owners } from './exchange/owners.service';
import { PowerPosts } from './exchange/power-posts.service';
import { PowerReads } from './exchange/power-reads.service';
import { SeriesPosts } from './exchange/series-posts.service';
import { SourceChoice } from './exchange/source-choice.service';
import { NEVER_SERVED } from './usage/deprecation';
import { WeatherPosts } from './exchange/weather-posts.service';
import { WeatherSensors } from './exchange/weather-sensors.service';
import { LegacyUsage } from './usage/legacy-usage.service';
import { OldVersions } from './usage/old-versions.middleware';
import { V1_CONTROLLERS } from './v1/controllers';
import { RestoreDataController } from './v1_1/restore-data.controller';
import { V1_1_CONTROLLERS } from './v1_1/controllers';
import { V1_2_CONTROLLERS } from './v1_2/controllers';
import { V1_3_CONTROLLERS } from './v1_3/controllers';
import { V2_0_CONTROLLERS } from './v2_0/controllers';
import { LegacyAssetChanges } from './v2_0/legacy-asset-changes.service';
import { LegacyAssets } from './v2_0/legacy-assets.service';

/** The versions of the API before version 3, as adapters to the services of today. */
@Module({
  imports: [
    AccountsModule,
    AdministrationModule,
    ApiUsageModule,
    AssetsApiModule,
    AnswersModule,
    AssetsModule,
    BeliefsModule,
    SchedulesApiModule,
    SchedulingModule,
    SensorsModule,
    UdiEventsModule,
  ],
  controllers: [
    ...V1_CONTROLLERS,
    ...V1_1_CONTROLLERS,
    ...V1_2_CONTROLLERS,
    ...V1_3_CONTROLLERS,
    ...V2_0_CONTROLLERS,
    RestoreDataController,
  ],
  providers: [
    KnownRoutes,
    ...[
      ConnectionList,
      Connections,
      MarketPosts,
      NamedSensors,
      PowerAnswers,
      PowerPosts,
      PowerReads,
      SeriesPosts,
      SourceChoice,
      WeatherPosts,
      WeatherSensors,
    ],
    ...[BackupRestorer, DeviceMessages, Devices, UdiPosts],
    ...[LegacyAssetChanges, LegacyAssets, Owners],
    ...[LegacyUsage, OldVersions],
  ],
})
export class LegacyApiModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    const paths = [...OLD_API_VERSIONS, NEVER_SERVED].map((version) => `api/${version}{/*path}`);
    consumer.apply(OldVersions).forRoutes(...paths);
  }
}
