import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '#lib/queues';
import { FORECAST_JOB, FORECASTING_QUEUE, parseForecastJob, type ForecastJob } from '#lib/queues/model';
import { formatDuration, parseDurationMs, parseInstant } from '#lib/time';
import { ForecastingService, type ForecastReport, type ForecastRequest } from './forecasting.service';

/** What a job tells about the forecasts that it stored. */
export interface ForecastJobResult {
  sensorId: number;
  /** ISO 8601. */
  horizon: string;
  /** How many events were forecast by a model, by a naive method, and not at all. */
  linear: number;
  naive: number;
  missing: number;
  failures: string[];
}

/** Runs forecast jobs, whichever process takes them. */
@Injectable()
export class ForecastJobHandler implements OnModuleInit {
  constructor(
    private readonly forecasting: ForecastingService,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(FORECASTING_QUEUE, FORECAST_JOB, (payload) => this.handle(payload));
  }

  /**
   * Computes forecasts.
   * @returns what stores them
   * @throws DomainError when the payload or what it names cannot be used; the job then fails with that sentence
   */
  async handle(payload: unknown): Promise<() => Promise<ForecastJobResult>> {
    const computed = await this.forecasting.compute(toRequest(parseForecastJob(payload)), Date.now());
    return async () => toResult(await this.forecasting.store(computed));
  }
}

/** @throws TimeError for times that cannot be read */
function toRequest({ sensorId, from, until, horizon }: ForecastJob): ForecastRequest {
  return {
    sensorId,
    fromMs: parseInstant(from),
    untilMs: parseInstant(until),
    horizonMs: parseDurationMs(horizon),
  };
}

const toResult = ({
  sensor,
  horizonMs,
  linear,
  naive,
  missing,
  failures,
}: ForecastReport): ForecastJobResult => ({
  sensorId: sensor.id,
  horizon: formatDuration(horizonMs),
  linear,
  naive,
  missing,
  failures,
});
