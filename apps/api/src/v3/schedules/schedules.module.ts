import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { ScheduleTrigger } from './schedule-trigger.service';
import { SchedulesController } from './schedules.controller';
import { SitePreviews } from './site-previews.service';
import { SiteSchedulesController } from './site-schedules.controller';

/** HTTP endpoints of schedules of one device, and of the devices of a site. */
@Module({
  imports: [AssetsModule, SchedulingModule, SensorsModule],
  controllers: [SchedulesController, SiteSchedulesController],
  providers: [ScheduleTrigger, SitePreviews],
  exports: [ScheduleTrigger, SitePreviews],
})
export class SchedulesApiModule {}
