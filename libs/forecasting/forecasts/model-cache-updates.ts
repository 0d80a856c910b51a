import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BELIEFS_DELETED, BELIEFS_SAVED, type BeliefsSaved } from '#lib/beliefs';
import { EventSubscriptions, type DomainEvent } from '#lib/events';
import { COMPUTED_SOURCE_TYPES, SENSOR_DELETED, SourcesService } from '#lib/sensors';
import { isCorrection } from '../inputs/new-data';
import { ModelCache } from './model-cache';

/** Removes the cached models of this process whose training data was corrected or deleted, also by other processes. */
@Injectable()
export class ModelCacheUpdates implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly models: ModelCache,
    private readonly sources: SourcesService,
  ) {}

  onModuleInit(): void {
    const onMissed = (): void => this.models.removeSensors();
    this.subscriptions.onNotice({
      ...{ events: [BELIEFS_SAVED], onMissed },
      handle: (events) => this.removeCorrected(events),
    });
    this.subscriptions.onNotice({
      ...{ events: [BELIEFS_DELETED], onMissed },
      handle: (events) => {
        for (const { payload } of events) this.models.removeSensors(payload.sensorIds);
      },
    });
    this.subscriptions.onNotice({
      ...{ events: [SENSOR_DELETED], onMissed },
      handle: (events) => {
        for (const { payload } of events) this.models.removeSensors(payload.ids);
      },
    });
  }

  /** Beliefs of forecasters and schedulers are ignored, as they are not training data. */
  private async removeCorrected(events: readonly DomainEvent<BeliefsSaved>[]): Promise<void> {
    const corrections = events.map(({ payload }) => payload).filter((saved) => isOldData(saved));
    if (corrections.length === 0) return;
    const sources = await this.sources.listByIds([...new Set(corrections.map(({ sourceId }) => sourceId))]);
    const computed = new Set(
      sources.filter(({ type }) => COMPUTED_SOURCE_TYPES.includes(type)).map(({ id }) => id),
    );
    const corrected = corrections.filter(({ sourceId }) => !computed.has(sourceId));
    if (corrected.length > 0) this.models.removeSensors(corrected.map(({ sensorId }) => sensorId));
  }
}

const isOldData = ({ measurements, forecasts, savedAtMs }: BeliefsSaved): boolean =>
  [measurements, forecasts].some((extent) => extent && isCorrection(extent.firstStartMs, savedAtMs));
