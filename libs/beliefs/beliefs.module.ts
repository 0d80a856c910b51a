import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { EventsModule } from '#lib/events';
import { SensorsModule } from '#lib/sensors';
import { BeliefFiles } from './files';
import { BeliefImportService } from './import/belief-import.service';
import { BeliefMaintenanceRepository } from './maintenance/belief-maintenance.repository';
import { BeliefMaintenanceService } from './maintenance/belief-maintenance.service';
import { BeliefPartitionsRepository } from './maintenance/belief-partitions.repository';
import { BeliefPartitions } from './maintenance/belief-partitions.service';
import { BeliefResamplingService } from './maintenance/belief-resampling.service';
import { RetentionRepository } from './maintenance/retention.repository';
import { BeliefRetention } from './maintenance/retention.service';
import { SensorChangesService } from './maintenance/sensor-changes.service';
import { SensorStatusService } from './status/sensor-status.service';
import { SourceRhythmsRepository } from './status/source-rhythms.repository';
import { BeliefSaving } from './store/belief-saving';
import { BeliefsRepository } from './store/beliefs.repository';
import { BeliefsService } from './store/beliefs.service';
import { SensorDataService } from './store/sensor-data.service';
import { TimedBelief } from './store/timed-belief.entity';

@Module({
  imports: [
    TypeOrmModule.forFeature([TimedBelief]),
    EventsModule,
    AccountsModule,
    AssetsModule,
    SensorsModule,
  ],
  providers: [
    { provide: BeliefFiles, useFactory: () => new BeliefFiles() },
    BeliefImportService,
    SensorDataService,
    BeliefMaintenanceRepository,
    BeliefMaintenanceService,
    BeliefPartitions,
    BeliefPartitionsRepository,
    BeliefResamplingService,
    BeliefRetention,
    RetentionRepository,
    BeliefSaving,
    BeliefsRepository,
    BeliefsService,
    SensorChangesService,
    SensorStatusService,
    SourceRhythmsRepository,
  ],
  exports: [
    BeliefImportService,
    SensorDataService,
    BeliefMaintenanceService,
    BeliefPartitions,
    BeliefResamplingService,
    BeliefRetention,
    BeliefsService,
    SensorChangesService,
    SensorStatusService,
  ],
})
export class BeliefsModule {}
