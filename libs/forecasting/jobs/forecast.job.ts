import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JobAnnouncements, JobHandlers } from '#lib/queues';
import { FORECASTING_QUEUE } from '#lib/queues/model';
import { describeDuration, describePeriod, describeSensor, type Sensor } from '#lib/sensors';
import { CLOCK, formatDuration, parseDurationMs, parseInstant, type Clock } from '#lib/time';
import {
  ForecastingService,
  type FixedForecastRequest,
  type ForecastCounts,
  type ForecastReport,
  type ForecastRequest,
} from '../forecasts/forecasting.service';
import { FORECAST_JOB, parseForecastJob, type ForecastJob } from './forecast-job';

/** Result of a forecast job. */
export interface ForecastJobResult extends ForecastCounts {
  sensorId: number;
  /** ISO 8601; either a horizon or a viewpoint. */
  horizon?: string;
  viewpoint?: string;
}

/** The handler of forecast jobs. */
@Injectable()
export class ForecastJobHandler implements OnModuleInit {
  constructor(
    private readonly forecasting: ForecastingService,
    private readonly handlers: JobHandlers,
    private readonly announcements: JobAnnouncements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.handlers.register(FORECASTING_QUEUE, FORECAST_JOB, (payload) => this.handle(payload));
  }

  /**
   * Computes the forecasts of a job.
   * @returns a function that stores them
   * @throws DomainError if the payload is invalid or refers to something invalid; the job fails with this message
   */
  async handle(payload: unknown): Promise<() => Promise<ForecastJobResult>> {
    const job = parseForecastJob(payload);
    const nowMs = job.beliefTime === undefined ? this.clock.now() : parseInstant(job.beliefTime);
    const request = toRequest(job);
    const computed = await this.forecasting.compute(request, nowMs, (sensor) =>
      this.announce(sensor, request),
    );
    return async () => toResult(await this.forecasting.store(computed));
  }

  private announce(sensor: Sensor, request: ForecastRequest | FixedForecastRequest): void {
    const horizon = 'horizonMs' in request ? ` for ${describeDuration(request.horizonMs)}` : '';
    const period = describePeriod(request.fromMs, request.untilMs, sensor.timezone);
    this.announcements.announce('Forecasting', `${describeSensor(sensor)}${horizon}, ${period}`);
  }
}

/** @throws TimeError for times that cannot be read */
function toRequest(job: ForecastJob): ForecastRequest | FixedForecastRequest {
  const events = {
    sensorId: job.sensorId,
    fromMs: parseInstant(job.from),
    untilMs: parseInstant(job.until),
    regressorIds: job.regressors,
    refit: job.refit,
  };
  return job.viewpoint === undefined
    ? { ...events, horizonMs: parseDurationMs(job.horizon ?? '') }
    : { ...events, viewpointMs: parseInstant(job.viewpoint) };
}

const toResult = (report: ForecastReport): ForecastJobResult => {
  const { sensor, made, linear, withRegressors, naive, custom, missing, known, failures } = report;
  const when =
    'horizonMs' in made
      ? { horizon: formatDuration(made.horizonMs) }
      : { viewpoint: new Date(made.viewpointMs).toISOString() };
  return { sensorId: sensor.id, ...when, linear, withRegressors, naive, custom, missing, known, failures };
};
