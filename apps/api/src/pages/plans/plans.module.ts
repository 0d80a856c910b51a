import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { ChartsModule } from '#lib/charts';
import { SensorsModule } from '#lib/sensors';
import { SiteDevices } from './site-devices.service';

/** What pages about plans of sites have in common. */
@Module({
  imports: [AssetsModule, ChartsModule, SensorsModule],
  providers: [SiteDevices],
  exports: [SiteDevices],
})
export class PlansModule {}
