import { Module } from '@nestjs/common';
import { SensorsModule } from '#lib/sensors';
import { JobsController } from './jobs.controller';

/** HTTP endpoint of jobs. */
@Module({ imports: [SensorsModule], controllers: [JobsController] })
export class JobsApiModule {}
