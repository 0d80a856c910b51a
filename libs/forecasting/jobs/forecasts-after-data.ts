import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AssetTree, type Attributes } from '#lib/assets';
import { BELIEFS_SAVED, type BeliefsSaved } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { EventSubscriptions, type Actor } from '#lib/events';
import { FORECASTING_QUEUE, SCHEDULING_QUEUE } from '#lib/queues/model';
import { SensorsService, SourcesService, type Sensor } from '#lib/sensors';
import {
  ForecastingService,
  MAX_LEAD_MS,
  type FixedForecastRequest,
  type ForecastRequest,
} from '../forecasts/forecasting.service';
import {
  isCorrection,
  MAX_DATA_AGE_MS,
  measuredSpan,
  mergeNewData,
  toNewData,
  type EventSpan,
  type NewData,
} from '../inputs/new-data';
import { ForecastJobsService } from './forecast-jobs.service';

/** Boolean attribute of sensors and assets that enables or disables forecasts after new data. */
const ATTRIBUTE = 'forecast-after-data';

/** A burst of data triggers forecasts once: after this time without new data, or at the latest after the second time. */
const DEBOUNCE_MS = 1_000;
const MAX_WAIT_MS = 10_000;

/** Shorter events are not forecast by themselves: 90 days of them take too much memory. */
const SHORTEST_EVENT_MS = 10_000;

/** Queues forecasts after new data was saved. */
@Injectable()
export class ForecastsAfterData implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly forecasting: ForecastingService,
    private readonly jobs: ForecastJobsService,
    private readonly sensors: SensorsService,
    private readonly sources: SourcesService,
    private readonly assets: AssetTree,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'forecastAfterData'>,
  ) {}

  onModuleInit(): void {
    this.subscriptions.onMerged<BeliefsSaved, NewData>({
      name: 'forecasts-after-data',
      events: [BELIEFS_SAVED],
      toWork: ({ payload, actor }) =>
        isComputed(actor) ? undefined : { key: String(payload.sensorId), work: toNewData(payload) },
      merge: mergeNewData,
      debounceMs: DEBOUNCE_MS,
      maxWaitMs: MAX_WAIT_MS,
      handle: (data) => this.queueForecasts(data),
    });
  }

  /**
   * Queues forecasts for each horizon of the sensor, of the events that are this horizon after the measured events. The
   * forecasts use the beliefs up to the time when the data was saved, also if the job runs later.
   */
  private async queueForecasts(data: NewData): Promise<void> {
    const sensor = await this.sensors.find(data.sensorId);
    if (!sensor || sensor.eventResolutionMs < SHORTEST_EVENT_MS) return;
    if (this.forecasting.defaultHorizons(sensor).length === 0) return;
    const sources = await this.sources.listByIds(Object.keys(data.sources).map(Number));
    const measured = measuredSpan(sensor, data, sources);
    if (!measured || !(await this.isEnabled(sensor))) return;
    for (const request of this.createRequests(sensor, measured, data.savedAtMs)) {
      await this.jobs.enqueue(request, {
        ...{ sensor, beliefTimeMs: data.savedAtMs },
        mergesIntoWaiting: true,
      });
    }
  }

  /** The attribute of the sensor, its asset or the nearest parent asset that has it; otherwise the setting. */
  private async isEnabled({ attributes, assetId }: Sensor): Promise<boolean> {
    const own = readAttribute(attributes);
    if (own !== undefined) return own;
    const values = (await this.assets.findAttributesUpToRoot(assetId)).map(readAttribute);
    return values.find((value) => value !== undefined) ?? this.settings.forecastAfterData;
  }

  /** Rolling forecasts after measured events; fixed forecasts after the end of published values (prices). */
  private createRequests(
    sensor: Sensor,
    { startMs, endMs }: EventSpan,
    nowMs: number,
  ): (ForecastRequest | FixedForecastRequest)[] {
    const sensorId = sensor.id;
    const horizons = this.forecasting.defaultHorizons(sensor);
    const pastEndMs = Math.min(endMs, nowMs);
    const fromMs = Math.max(startMs, pastEndMs - MAX_DATA_AGE_MS);
    const refit = isCorrection(startMs, nowMs);
    const requests: (ForecastRequest | FixedForecastRequest)[] =
      fromMs + sensor.eventResolutionMs <= pastEndMs
        ? horizons.map((horizonMs) => ({
            ...{ sensorId, horizonMs, refit },
            ...{ fromMs: fromMs + horizonMs, untilMs: pastEndMs + horizonMs },
          }))
        : [];
    const untilMs = Math.min(endMs + Math.max(...horizons), nowMs + MAX_LEAD_MS);
    // After the prices of tomorrow are published, those of the following days can be forecast now, with a fixed viewpoint.
    if (endMs > nowMs && untilMs > endMs)
      requests.push({ sensorId, viewpointMs: nowMs, fromMs: endMs, untilMs, refit });
    return requests;
  }
}

/** Whether a job computed the beliefs. Forecasts and schedules are not measurements. */
const isComputed = (actor: Actor): boolean =>
  'queue' in actor && [FORECASTING_QUEUE, SCHEDULING_QUEUE].includes(String(actor.queue));

const readAttribute = (attributes: Attributes): boolean | undefined => {
  const value = attributes[ATTRIBUTE];
  return typeof value === 'boolean' ? value : undefined;
};
