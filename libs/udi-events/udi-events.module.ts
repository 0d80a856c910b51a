import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UdiEvent } from './udi-event.entity';
import { UdiEventsRepository } from './udi-events.repository';
import { UdiEventsService } from './udi-events.service';

@Module({
  imports: [TypeOrmModule.forFeature([UdiEvent])],
  providers: [UdiEventsRepository, UdiEventsService],
  exports: [UdiEventsService],
})
export class UdiEventsModule {}
