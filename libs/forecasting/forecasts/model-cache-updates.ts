import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BELIEFS_DELETED, BELIEFS_SAVED, type BeliefsSaved } from '#lib/beliefs';
import { EventSubscriptions, type DomainEvent } from '#lib/events';
import { SENSOR_DELETED, SourcesService } from '#lib/sensors';
import { COMPUTED } from '../inputs/forecast-inputs';
import { isCorrection } from '../inputs/new-data';
import { ModelCache } from './model-cache';

/** Drops the models of this process that learnt from data which was corrected or deleted, by whichever process. */
@Injectable()
export class ModelCacheUpdates implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly models: ModelCache,
    private readonly sources: SourcesService,
  ) {}

  onModuleInit(): void {
    const forgetAll = (): void => this.models.forgetSensors();
    this.subscriptions.onNotice({
      ...{ events: [BELIEFS_SAVED], onMissed: forgetAll },
      handle: (events) => this.forgetCorrected(events),
    });
    this.subscriptions.onNotice({
      ...{ events: [BELIEFS_DELETED], onMissed: forgetAll },
      handle: (events) => {
        for (const { payload } of events) this.models.forgetSensors(payload.sensorIds);
      },
    });
    this.subscriptions.onNotice({
      ...{ events: [SENSOR_DELETED], onMissed: forgetAll },
      handle: (events) => {
        for (const { payload } of events) this.models.forgetSensors(payload.ids);
      },
    });
  }

  /** What forecasters and schedulers say corrects no measurement. */
  private async forgetCorrected(events: readonly DomainEvent<BeliefsSaved>[]): Promise<void> {
    const corrections = events.map(({ payload }) => payload).filter((saved) => isOld(saved));
    if (corrections.length === 0) return;
    const sources = await this.sources.listByIds([...new Set(corrections.map(({ sourceId }) => sourceId))]);
    const computed = new Set(sources.filter(({ type }) => COMPUTED.includes(type)).map(({ id }) => id));
    const corrected = corrections.filter(({ sourceId }) => !computed.has(sourceId));
    if (corrected.length > 0) this.models.forgetSensors(corrected.map(({ sensorId }) => sensorId));
  }
}

const isOld = ({ measurements, forecasts, savedAtMs }: BeliefsSaved): boolean =>
  [measurements, forecasts].some((extent) => extent && isCorrection(extent.firstStartMs, savedAtMs));
