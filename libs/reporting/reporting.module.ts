import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { ExtensionsModule } from '#lib/extensions';
import { SensorsModule } from '#lib/sensors';
import { ReportsService } from './reports.service';

@Module({
  imports: [BeliefsModule, ExtensionsModule, SensorsModule],
  providers: [ReportsService],
  exports: [ReportsService],
})
export class ReportingModule {}
