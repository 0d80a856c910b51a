import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AssetsService, type Attributes } from '#lib/assets';
import { BELIEFS_SAVED, type BeliefsSaved } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { EventSubscriptions } from '#lib/events';
import { SensorsService, SourcesService, type Sensor } from '#lib/sensors';
import {
  ForecastingService,
  MAX_LEAD_MS,
  type FixedForecastRequest,
  type ForecastRequest,
} from '../forecasts/forecasting.service';
import {
  isCorrection,
  LATEST_MS,
  measuredSpan,
  mergeNewData,
  toNewData,
  type EventSpan,
  type NewData,
} from '../inputs/new-data';
import { ForecastJobsService } from './forecast-jobs.service';

/** Attribute of sensors and assets that says whether forecasts follow from new data. */
const ATTRIBUTE = 'forecast-after-data';

/** Data that arrives in one burst is forecast from once: after so long without more, or after so long in all. */
const QUIET_MS = 1_000;
const PATIENCE_MS = 10_000;

/** Queues forecasts after new data was saved, whichever way it came. */
@Injectable()
export class ForecastsAfterData implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly forecasting: ForecastingService,
    private readonly jobs: ForecastJobsService,
    private readonly sensors: SensorsService,
    private readonly sources: SourcesService,
    private readonly assets: AssetsService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'forecastAfterData'>,
  ) {}

  onModuleInit(): void {
    this.subscriptions.onMerged<BeliefsSaved, NewData>({
      name: 'forecasts-after-data',
      events: [BELIEFS_SAVED],
      toWork: ({ payload }) => ({ key: String(payload.sensorId), work: toNewData(payload) }),
      merge: mergeNewData,
      debounceMs: QUIET_MS,
      maxWaitMs: PATIENCE_MS,
      handle: (data) => this.follow(data),
    });
  }

  /**
   * Queues forecasts for each of the sensor's horizons, of the events that lie that far ahead of what was measured. They
   * are made with what was known when the data was saved, however late a worker gets to it.
   */
  private async follow(data: NewData): Promise<void> {
    const sensor = await this.sensors.find(data.sensorId);
    if (!sensor || this.forecasting.defaultHorizons(sensor).length === 0) return;
    const sources = await this.sources.listByIds(Object.keys(data.sources).map(Number));
    const measured = measuredSpan(sensor, data, sources);
    if (!measured || !(await this.isWanted(sensor))) return;
    for (const request of this.requestsAfter(sensor, measured, data.savedAtMs)) {
      await this.jobs.queue(request, { beliefTimeMs: data.savedAtMs });
    }
  }

  /** The nearest attribute says so: of the sensor, its asset, or one that this is part of; else the setting. */
  private async isWanted({ attributes, assetId }: Sensor): Promise<boolean> {
    const own = wishOf(attributes);
    if (own !== undefined) return own;
    const wishes = (await this.assets.findAttributesUpToRoot(assetId)).map(wishOf);
    return wishes.find((wish) => wish !== undefined) ?? this.settings.forecastAfterData;
  }

  /** What is to be forecast: from past events by horizons, from what is known ahead beyond its end. */
  private requestsAfter(
    sensor: Sensor,
    { startMs, endMs }: EventSpan,
    nowMs: number,
  ): (ForecastRequest | FixedForecastRequest)[] {
    const sensorId = sensor.id;
    const horizons = this.forecasting.defaultHorizons(sensor);
    const pastEndMs = Math.min(endMs, nowMs);
    const fromMs = Math.max(startMs, pastEndMs - LATEST_MS);
    const refit = isCorrection(startMs, nowMs);
    const requests: (ForecastRequest | FixedForecastRequest)[] =
      fromMs + sensor.eventResolutionMs <= pastEndMs
        ? horizons.map((horizonMs) => ({
            ...{ sensorId, horizonMs, refit },
            ...{ fromMs: fromMs + horizonMs, untilMs: pastEndMs + horizonMs },
          }))
        : [];
    const untilMs = Math.min(endMs + Math.max(...horizons), nowMs + MAX_LEAD_MS);
    // Prices of tomorrow: those of the days after can be forecast now, while by a horizon they could be tomorrow only.
    if (endMs > nowMs && untilMs > endMs)
      requests.push({ sensorId, viewpointMs: nowMs, fromMs: endMs, untilMs, refit });
    return requests;
  }
}

const wishOf = (attributes: Attributes): boolean | undefined => {
  const wish = attributes[ATTRIBUTE];
  return typeof wish === 'boolean' ? wish : undefined;
};
