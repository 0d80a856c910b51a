import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { ApiUsageModule } from '#lib/api-usage';
import { AssetsModule } from '#lib/assets';
import { AuditLogModule } from '#lib/audit';
import { BeliefsModule } from '#lib/beliefs';
import { ConfigModule } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { ForecastingModule } from '#lib/forecasting';
import { PluginsModule, type Host } from '#lib/plugins';
import { ReportingModule } from '#lib/reporting';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';

/** The services of all domains. */
@Module({
  imports: [
    AccountsModule,
    AssetsModule,
    SensorsModule,
    BeliefsModule,
    AdministrationModule,
    AuditLogModule,
    SchedulingModule,
    ForecastingModule,
    ReportingModule,
    ApiUsageModule,
  ],
})
export class CliModule {
  /** The module with settings, and with a connection to their database. */
  static forRoot({ settings, plugins }: Host): DynamicModule {
    return {
      module: CliModule,
      imports: [ConfigModule.forRoot(settings), PluginsModule.for(plugins), DatabaseModule.forRoot()],
    };
  }
}
