import { Module } from '@nestjs/common';
import { SensorsModule } from '#lib/sensors';
import { SourcesController } from './sources.controller';

/** HTTP endpoints of data sources. */
@Module({ imports: [SensorsModule], controllers: [SourcesController] })
export class SourcesApiModule {}
