import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { AssetsApiModule } from '../assets/assets.module';
import { SensorList } from './sensor-list.service';
import { SensorStatsController } from './sensor-stats.controller';
import { SensorsController } from './sensors.controller';

/** HTTP endpoints of sensors. */
@Module({
  imports: [
    AccountsModule,
    AdministrationModule,
    AssetsModule,
    BeliefsModule,
    SensorsModule,
    AssetsApiModule,
  ],
  controllers: [SensorsController, SensorStatsController],
  providers: [SensorList],
})
export class SensorsApiModule {}
