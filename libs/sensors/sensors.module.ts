import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { DeviceTokensModule } from '#lib/device-tokens';
import { EventsModule } from '#lib/events';
import { Annotation } from './annotations/annotation.entity';
import { AnnotationChanges } from './annotations/annotation-changes.service';
import { AnnotationsRepository } from './annotations/annotations.repository';
import { AnnotationsService } from './annotations/annotations.service';
import { EntityAddresses } from './entity-address';
import { SensorAccess } from './sensor-access.service';
import { AssetSensorsRepository } from './asset-sensors.repository';
import { AssetSensors } from './asset-sensors.service';
import { Sensor } from './sensor.entity';
import { SensorsRepository } from './sensors.repository';
import { SensorsService } from './sensors.service';
import { Source } from './sources/source.entity';
import { SourcesRepository } from './sources/sources.repository';
import { SourcesService } from './sources/sources.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Sensor, Source, Annotation]),
    EventsModule,
    AccountsModule,
    AssetsModule,
    DeviceTokensModule,
  ],
  providers: [
    AnnotationChanges,
    AnnotationsRepository,
    AnnotationsService,
    AssetSensors,
    AssetSensorsRepository,
    EntityAddresses,
    SensorAccess,
    SensorsRepository,
    SensorsService,
    SourcesRepository,
    SourcesService,
  ],
  exports: [
    AnnotationChanges,
    AnnotationsService,
    AssetSensors,
    EntityAddresses,
    SensorAccess,
    SensorsService,
    SourcesService,
  ],
})
export class SensorsModule {}
