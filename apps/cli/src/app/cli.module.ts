import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { ForecastingModule } from '#lib/forecasting';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';

@Module({
  imports: [
    ConfigModule.forRoot(readSettings()),
    DatabaseModule.forRoot(),
    AccountsModule,
    AssetsModule,
    SensorsModule,
    BeliefsModule,
    AdministrationModule,
    SchedulingModule,
    ForecastingModule,
  ],
})
export class CliModule {}
