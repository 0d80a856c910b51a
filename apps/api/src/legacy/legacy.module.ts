import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { BeliefsModule } from '#lib/beliefs';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { AnswersModule } from '../http/answers/answers.module';
import { KnownRoutes } from '../http/server/known-routes';
import { Connections } from './exchange/connections.service';
import { NamedSensors } from './exchange/named-sensors.service';
import { PowerPosts } from './exchange/power-posts.service';
import { PowerReads } from './exchange/power-reads.service';
import { SeriesPosts } from './exchange/series-posts.service';
import { SourceChoice } from './exchange/source-choice.service';
import { NEVER_SERVED, OLD_VERSIONS } from './usage/deprecation';
import { LegacyUsage } from './usage/legacy-usage.service';
import { OldVersions } from './usage/old-versions.middleware';
import { V1_CONTROLLERS } from './v1/controllers';

/** The versions of the API before version 3, as adapters to the services of today. */
@Module({
  imports: [AccountsModule, AnswersModule, BeliefsModule, SchedulingModule, SensorsModule],
  controllers: [...V1_CONTROLLERS],
  providers: [
    KnownRoutes,
    ...[Connections, NamedSensors, PowerPosts, PowerReads, SeriesPosts, SourceChoice],
    ...[LegacyUsage, OldVersions],
  ],
})
export class LegacyApiModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    const paths = [...OLD_VERSIONS, NEVER_SERVED].map((version) => `api/${version}{/*path}`);
    consumer.apply(OldVersions).forRoutes(...paths);
  }
}
