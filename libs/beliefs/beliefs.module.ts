import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SensorsModule } from '#lib/sensors';
import { BeliefImportService } from './belief-import.service';
import { BeliefSaving } from './belief-saving';
import { BeliefsRepository } from './beliefs.repository';
import { BeliefsService } from './beliefs.service';
import { TimedBelief } from './timed-belief.entity';

@Module({
  imports: [TypeOrmModule.forFeature([TimedBelief]), SensorsModule],
  providers: [BeliefsRepository, BeliefSaving, BeliefsService, BeliefImportService],
  exports: [BeliefsService, BeliefImportService],
})
export class BeliefsModule {}
