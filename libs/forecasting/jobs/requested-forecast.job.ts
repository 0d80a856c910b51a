import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '#lib/queues';
import { FORECASTING_QUEUE } from '#lib/queues/model';
import { parseRequestedForecast, REQUESTED_FORECAST_JOB } from '../requests/requested-forecast';
import { RequestedForecasts, type RequestedForecastReport } from '../requests/requested-forecasts.service';

/** The handler of the jobs that compute the forecasts that users ask for. */
@Injectable()
export class RequestedForecastJobHandler implements OnModuleInit {
  constructor(
    private readonly forecasts: RequestedForecasts,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(FORECASTING_QUEUE, REQUESTED_FORECAST_JOB, (payload) => this.handle(payload));
  }

  /**
   * Computes the forecasts of a job.
   * @returns a function that stores them
   * @throws DomainError if the payload is invalid, or no forecast is possible; the job fails with this message
   */
  async handle(payload: unknown): Promise<() => Promise<RequestedForecastReport>> {
    const computed = await this.forecasts.compute(parseRequestedForecast(payload));
    return () => this.forecasts.store(computed);
  }
}
