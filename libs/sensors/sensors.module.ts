import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { EventsModule } from '#lib/events';
import { Annotation } from './annotation.entity';
import { AnnotationsRepository } from './annotations.repository';
import { AnnotationsService } from './annotations.service';
import { EntityAddresses } from './entity-address';
import { Sensor } from './sensor.entity';
import { SensorsRepository } from './sensors.repository';
import { SensorsService } from './sensors.service';
import { Source } from './source.entity';
import { SourcesRepository } from './sources.repository';
import { SourcesService } from './sources.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Sensor, Source, Annotation]),
    EventsModule,
    AccountsModule,
    AssetsModule,
  ],
  providers: [
    AnnotationsRepository,
    AnnotationsService,
    EntityAddresses,
    SensorsRepository,
    SensorsService,
    SourcesRepository,
    SourcesService,
  ],
  exports: [AnnotationsService, EntityAddresses, SensorsService, SourcesService],
})
export class SensorsModule {}
