import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { ConfigModule, readSettings } from '#lib/config';
import { DatabaseModule } from '#lib/database';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { HealthController } from './health.controller';
import { LandingController } from './landing.controller';

@Module({
  imports: [
    ConfigModule.forRoot(readSettings()),
    DatabaseModule.forRoot(),
    AccountsModule,
    AssetsModule,
    SensorsModule,
    BeliefsModule,
    SchedulingModule,
  ],
  controllers: [HealthController, LandingController],
})
export class ApiModule {}
