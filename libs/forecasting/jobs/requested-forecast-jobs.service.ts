import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { BeliefsService } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { JobsService, type Job } from '#lib/queues';
import { FORECASTING_QUEUE } from '#lib/queues/model';
import { SensorAccess, type Sensor } from '#lib/sensors';
import {
  addDuration,
  CLOCK,
  floorToStep,
  formatDuration,
  formatInstant,
  parseDuration,
  parseDurationMs,
  parseInstant,
  type Clock,
} from '#lib/time';
import {
  parseRequestedForecast,
  referencedSensors,
  REQUESTED_FORECAST_JOB,
  type ForecastConfig,
  type RequestedForecast,
} from '../requests/requested-forecast';
import { RequestedForecasts, type RequestedForecastReport } from '../requests/requested-forecasts.service';

/** What a user asks for; times and durations are ISO 8601. */
export interface ForecastTrigger {
  /** By default now, at the start of an event. */
  start?: string;
  /** At most two of start, end and duration can be given. */
  end?: string;
  /** By default the planning horizon of the settings. */
  duration?: string;
  prior?: string;
  /** By default the length of the window. */
  maxHorizon?: string;
  /** By default the largest horizon. */
  frequency?: string;
  isDeterministic?: boolean;
  config: ForecastConfig;
}

/** State of requested forecasts. */
export type RequestedForecastState =
  | { state: 'unknown' }
  | { state: 'queued' | 'started' }
  | { state: 'failed'; reason: string }
  | { state: 'finished'; startMs: number; values: Float64Array };

const HIDDEN_REASON = 'You may not read all sensors that this forecast is based on.';

/** Queues the forecasts that users ask for, and finds their results. */
@Injectable()
export class RequestedForecastJobs {
  constructor(
    private readonly forecasts: RequestedForecasts,
    private readonly jobs: JobsService,
    private readonly beliefs: BeliefsService,
    private readonly access: SensorAccess,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'planningHorizonMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Validates a request without reading data, and queues it as a job of its own. Data that is recorded after the request is
   * not used.
   * @returns the id of the job, and sentences about changes of the request
   * @throws DomainError as RequestedForecasts.validate; TOO_MANY_JOBS if the user, or the account, has too many open jobs
   */
  async trigger(
    sensor: Sensor,
    trigger: ForecastTrigger,
    requester: Requester,
  ): Promise<{ id: string; notes: string[] }> {
    const nowMs = this.clock.now();
    const { startMs, endMs, notes } = this.readWindow(sensor, trigger, nowMs);
    const { prior, isDeterministic, config } = trigger;
    const maxHorizonMs = toMs(trigger.maxHorizon) ?? endMs - startMs;
    if (trigger.maxHorizon !== undefined && maxHorizonMs > endMs - startMs)
      throw invalid('max-forecast-horizon', 'Must not be longer than the window.');
    const frequencyMs = toMs(trigger.frequency) ?? Math.min(maxHorizonMs, endMs - startMs);
    const firstMs = trigger.start === undefined ? nowMs : Math.min(startMs, nowMs);
    const request: RequestedForecast = {
      ...{ sensorId: sensor.id, userId: requester.id },
      ...(requester.deviceTokenId !== undefined && { deviceTokenId: requester.deviceTokenId }),
      ...{ start: toText(startMs), end: toText(endMs), askedAt: toText(nowMs) },
      ...{ frequency: formatDuration(frequencyMs), maxHorizon: formatDuration(maxHorizonMs) },
      ...(prior !== undefined && { prior }),
      beliefTime: prior ?? toText(firstMs),
      ...(isDeterministic === true && { isDeterministic }),
      config,
    };
    await this.forecasts.validate(request, requester);
    const id = await this.jobs.enqueue(FORECASTING_QUEUE, REQUESTED_FORECAST_JOB, request, {
      owner: { accountId: requester.accountId, userId: requester.id },
      ...{ isLimited: true, forceNew: true },
    });
    return { id, notes };
  }

  /**
   * Asks again for the forecasts of a failed job, with what is known now unless the request had a `prior`.
   * @returns the id of the new job, which is the same while it waits or runs
   * @throws as `trigger`
   */
  async retry({ id, payload }: Job, requester: Requester): Promise<string> {
    const request: RequestedForecast = {
      ...parseRequestedForecast(payload),
      ...{ userId: requester.id, deviceTokenId: requester.deviceTokenId },
      askedAt: toText(this.clock.now()),
    };
    await this.forecasts.validate(request, requester);
    return this.jobs.enqueue(FORECASTING_QUEUE, REQUESTED_FORECAST_JOB, request, {
      owner: { accountId: requester.accountId, userId: requester.id },
      ...{ isLimited: true, identity: { retryOf: id, userId: requester.id } },
    });
  }

  /**
   * The state of a job that forecasts this sensor; `unknown` for other jobs. Reasons are hidden from users who cannot read all
   * sensors that the request names.
   */
  async find(sensor: Sensor, id: string, requester: Requester): Promise<RequestedForecastState> {
    const job = await this.jobs.find(id);
    if (job?.kind !== REQUESTED_FORECAST_JOB) return { state: 'unknown' };
    const request = job.payload as RequestedForecast;
    if (request.sensorId !== sensor.id) return { state: 'unknown' };
    switch (job.state) {
      case 'failed': {
        const canRead = await this.access.canReadAll(referencedSensors(request), requester);
        return { state: 'failed', reason: canRead ? (job.failureReason ?? '') : HIDDEN_REASON };
      }
      case 'finished':
        return { state: 'finished', ...(await this.readValues(sensor, job, request)) };
      default:
        return { state: job.state };
    }
  }

  /**
   * The latest forecast of each event, from the first to the last one; NaN for events without one. A forecast that repeats
   * an earlier one of its source was not stored again, so that the earlier one counts.
   */
  private async readValues(
    sensor: Sensor,
    job: Job,
    { start, end }: RequestedForecast,
  ): Promise<{ startMs: number; values: Float64Array }> {
    const { sources, beliefTimes, firstEvent = start } = job.result as RequestedForecastReport;
    const { eventStarts, values } = await this.beliefs.latestPerEvent(sensor, {
      sourceIds: sources,
      eventStartsAfterMs: parseInstant(firstEvent),
      eventStartsBeforeMs: parseInstant(end),
      beliefsBeforeMs: parseInstant(beliefTimes[1]),
    });
    const [startMs = parseInstant(start)] = eventStarts;
    const lastMs = eventStarts[eventStarts.length - 1];
    const steps = lastMs === undefined ? 0 : Math.round((lastMs - startMs) / sensor.eventResolutionMs) + 1;
    const all = new Float64Array(steps).fill(NaN);
    eventStarts.forEach((eventStart, i) => {
      all[Math.round((eventStart - startMs) / sensor.eventResolutionMs)] = values[i]!;
    });
    return { startMs, values: all };
  }

  /** The window of events to forecast. @throws DomainError INVALID_OPTION with the field */
  private readWindow(
    { eventResolutionMs, timezone }: Sensor,
    { start, end, duration, maxHorizon }: ForecastTrigger,
    nowMs: number,
  ): { startMs: number; endMs: number; notes: string[] } {
    if (start !== undefined && end !== undefined && duration !== undefined)
      throw invalid('duration', 'Send at most two of start, end and duration.');
    const floor = (ms: number): number =>
      eventResolutionMs > 0 ? floorToStep(ms, eventResolutionMs, timezone) : ms;
    const given =
      end !== undefined && start === undefined && duration !== undefined
        ? addDuration(parseInstant(end), parseDuration(duration), timezone, -1)
        : start === undefined
          ? undefined
          : parseInstant(start);
    const startMs = floor(given ?? nowMs);
    const notes =
      given === undefined || given === startMs
        ? []
        : [`The start was moved to ${formatInstant(startMs, timezone)}, where an event starts.`];
    const defaultMs = toMs(maxHorizon) ?? this.settings.planningHorizonMs;
    const length = parseDuration(duration ?? formatDuration(defaultMs));
    const endMs = end === undefined ? addDuration(startMs, length, timezone) : parseInstant(end);
    return { startMs, endMs, notes };
  }
}

const toMs = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDurationMs(duration);

const toText = (ms: number): string => new Date(ms).toISOString();

const invalid = (field: string, reason: string): DomainError =>
  new DomainError('INVALID_OPTION', reason, field);
