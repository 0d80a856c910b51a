import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { JobsService } from '#lib/queues';
import { FORECASTING_QUEUE } from '#lib/queues/model';
import type { Sensor } from '#lib/sensors';
import { DAY_MS, formatDuration } from '#lib/time';
import { isPriceUnit } from '#lib/units';
import {
  ForecastingService,
  MAX_LEAD_MS,
  type FixedForecastRequest,
  type ForecastRequest,
} from '../forecasts/forecasting.service';
import { FORECAST_JOB, type ForecastJob } from './forecast-job';

/** Events that data came about; epoch milliseconds. */
export interface PostedWindow {
  startMs: number;
  endMs: number;
  /** When the data was recorded; now if not given. */
  recordedMs?: number;
}

/** Data that arrives in one burst is forecast from once: after so long without more, or after so long in all. */
const QUIET_MS = 1_000;
const PATIENCE_MS = 10_000;

/** Forecasts follow from so much of what was posted at most: older forecasts would help nobody any more. */
const LATEST_MS = 2 * DAY_MS;

interface PostedEvents {
  sensor: Sensor;
  startMs: number;
  endMs: number;
}

interface Expected extends PostedEvents {
  sinceMs: number;
  timer: NodeJS.Timeout;
}

/** Queues forecasts, on demand and by itself where data arrived. */
@Injectable()
export class ForecastJobsService implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Forecasting');
  private readonly expected = new Map<number, Expected>();

  constructor(
    private readonly forecasting: ForecastingService,
    private readonly jobs: JobsService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'mode'>,
  ) {}

  /** Queues forecasts, also if the same were made before. @returns the job's id */
  queue(request: ForecastRequest | FixedForecastRequest): Promise<string> {
    const payload: ForecastJob = {
      sensorId: request.sensorId,
      from: new Date(request.fromMs).toISOString(),
      until: new Date(request.untilMs).toISOString(),
      ...('horizonMs' in request
        ? { horizon: formatDuration(request.horizonMs) }
        : { viewpoint: new Date(request.viewpointMs).toISOString() }),
      ...(request.regressorIds && { regressors: [...request.regressorIds] }),
      ...(request.refit && { refit: true }),
    };
    return this.jobs.enqueue(FORECASTING_QUEUE, FORECAST_JOB, payload, { forceNew: true });
  }

  /**
   * Lets forecasts follow from measurements or prices that were just saved: for each of the sensor's horizons, of the
   * events that lie that far ahead of them. Not in play mode, where data is not of its time.
   */
  expect(sensor: Sensor, { startMs, ...posted }: PostedWindow): void {
    if (this.settings.mode === 'play' || this.forecasting.defaultHorizons(sensor).length === 0) return;
    const nowMs = Date.now();
    // What was recorded before the fact is no measurement, but somebody's forecast; only prices are known before.
    const recordedMs = isPriceUnit(sensor.unit) ? Infinity : (posted.recordedMs ?? nowMs);
    const endMs = Math.min(posted.endMs, recordedMs);
    if (endMs <= startMs) return;
    const before = this.expected.get(sensor.id);
    if (before) clearTimeout(before.timer);
    const sinceMs = before?.sinceMs ?? nowMs;
    const waitMs = Math.max(0, Math.min(QUIET_MS, sinceMs + PATIENCE_MS - nowMs));
    this.expected.set(sensor.id, {
      sensor,
      startMs: Math.min(startMs, before?.startMs ?? Infinity),
      endMs: Math.max(endMs, before?.endMs ?? -Infinity),
      sinceMs,
      timer: setTimeout(() => void this.queueExpected(sensor.id), waitMs),
    });
  }

  /** Queues what is still expected. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const id of [...this.expected.keys()]) await this.queueExpected(id);
  }

  private async queueExpected(sensorId: number): Promise<void> {
    const expected = this.expected.get(sensorId);
    if (!expected) return;
    clearTimeout(expected.timer);
    this.expected.delete(sensorId);
    try {
      for (const request of this.requestsAfter(expected, Date.now())) await this.queue(request);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.error(`No forecasts of sensor ${sensorId} were queued: ${reason}`);
    }
  }

  /** What is to be forecast after events were posted: from the past ones by horizons, from what is ahead beyond it. */
  private requestsAfter({ sensor, startMs, endMs }: PostedEvents, nowMs: number) {
    const sensorId = sensor.id;
    const horizons = this.forecasting.defaultHorizons(sensor);
    const pastEndMs = Math.min(endMs, nowMs);
    const fromMs = Math.max(startMs, pastEndMs - LATEST_MS);
    // Models know the data of the last days as it came; what is posted about earlier ones may correct what they learnt.
    const refit = startMs < nowMs - LATEST_MS;
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
