import { Module } from '@nestjs/common';
import { SensorsModule } from '#lib/sensors';
import { JobsController } from './jobs.controller';

/** States of jobs over HTTP. */
@Module({ imports: [SensorsModule], controllers: [JobsController] })
export class JobsApiModule {}
