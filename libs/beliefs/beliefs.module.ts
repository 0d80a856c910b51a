import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { EventsModule } from '#lib/events';
import { SensorsModule } from '#lib/sensors';
import { AccountRemovalService } from './account-removal.service';
import { AssetRemovalService } from './asset-removal.service';
import { BeliefImportService } from './belief-import.service';
import { BeliefMaintenanceRepository } from './belief-maintenance.repository';
import { BeliefMaintenanceService } from './belief-maintenance.service';
import { BeliefPartitionsRepository } from './belief-partitions.repository';
import { BeliefPartitions } from './belief-partitions.service';
import { BeliefResamplingService } from './belief-resampling.service';
import { BeliefSaving } from './belief-saving';
import { BeliefsRepository } from './beliefs.repository';
import { BeliefsService } from './beliefs.service';
import { SensorDataService } from './sensor-data.service';
import { TimedBelief } from './timed-belief.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([TimedBelief]),
    EventsModule,
    AccountsModule,
    AssetsModule,
    SensorsModule,
  ],
  providers: [
    AccountRemovalService,
    AssetRemovalService,
    BeliefImportService,
    SensorDataService,
    BeliefMaintenanceRepository,
    BeliefMaintenanceService,
    BeliefPartitions,
    BeliefPartitionsRepository,
    BeliefResamplingService,
    BeliefSaving,
    BeliefsRepository,
    BeliefsService,
  ],
  exports: [
    AccountRemovalService,
    AssetRemovalService,
    BeliefImportService,
    SensorDataService,
    BeliefMaintenanceService,
    BeliefPartitions,
    BeliefResamplingService,
    BeliefsService,
  ],
})
export class BeliefsModule {}
