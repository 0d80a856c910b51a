import { Module } from '@nestjs/common';
import { SchedulersController } from './schedulers.controller';

/** HTTP endpoints of the schedulers and forecasters of plugins. */
@Module({ controllers: [SchedulersController] })
export class SchedulersApiModule {}
