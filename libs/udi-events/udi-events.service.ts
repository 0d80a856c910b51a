import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import { UdiEventsRepository, type UdiEventName } from './udi-events.repository';

/** UDI events with the jobs of the schedules that they triggered. */
@Injectable()
export class UdiEventsService {
  constructor(
    private readonly events: UdiEventsRepository,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'planningTtlMs' | 'jobTtlMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Id of the job of an event; undefined for unknown events. */
  findJob(name: UdiEventName): Promise<string | undefined> {
    return this.events.findJob(name);
  }

  /** Stores the job of an event, and deletes events of the sensor whose jobs are no longer kept. Call it in a transaction. */
  async record(name: UdiEventName, jobId: string): Promise<void> {
    const nowMs = this.clock.now();
    await this.events.record(name, jobId, new Date(nowMs));
    const { planningTtlMs, jobTtlMs } = this.settings;
    if (planningTtlMs === null) return;
    await this.events.deleteBefore(name.sensorId, new Date(nowMs - jobTtlMs - planningTtlMs));
  }
}
