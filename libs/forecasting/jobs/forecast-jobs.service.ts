import { Injectable } from '@nestjs/common';
import { JobsService, type Job } from '#lib/queues';
import { FORECASTING_QUEUE } from '#lib/queues/model';
import type { Sensor } from '#lib/sensors';
import { formatDuration } from '#lib/time';
import type { FixedForecastRequest, ForecastRequest } from '../forecasts/forecasting.service';
import { FORECAST_JOB, mergeForecastJobs, parseForecastJob, type ForecastJob } from './forecast-job';

/** Queues forecast jobs. */
@Injectable()
export class ForecastJobsService {
  constructor(private readonly jobs: JobsService) {}

  /**
   * Queues a forecast job. It counts for the account of the asset, but not for the limits of open jobs: nobody who saves data
   * has asked for it.
   * @param sensor the sensor of the request
   * @param beliefTimeMs only beliefs up to this time are used, also if the job runs later; epoch milliseconds
   * @param mergesIntoWaiting whether a job that waits for the same sensor and horizon takes over the request, so that at most one
   *   waits however much data arrives; false if not given
   * @returns the id of the job, which is the same for the same request and belief time
   */
  enqueue(
    request: ForecastRequest | FixedForecastRequest,
    {
      sensor,
      beliefTimeMs,
      mergesIntoWaiting = false,
    }: { sensor: Sensor; beliefTimeMs: number; mergesIntoWaiting?: boolean },
  ): Promise<string> {
    const payload: ForecastJob = {
      sensorId: request.sensorId,
      from: new Date(request.fromMs).toISOString(),
      until: new Date(request.untilMs).toISOString(),
      ...('horizonMs' in request
        ? { horizon: formatDuration(request.horizonMs) }
        : { viewpoint: new Date(request.viewpointMs).toISOString() }),
      beliefTime: new Date(beliefTimeMs).toISOString(),
      ...(request.regressorIds && { regressors: [...request.regressorIds] }),
      ...(request.refit && { refit: true }),
    };
    const { sensorId, horizon = 'viewpoint', regressors } = payload;
    return this.jobs.enqueue(FORECASTING_QUEUE, FORECAST_JOB, payload, {
      owner: sensor.asset,
      merge: mergesIntoWaiting
        ? {
            key: { sensorId, horizon, regressors },
            into: (waiting) => mergeForecastJobs(waiting as ForecastJob, payload),
          }
        : undefined,
    });
  }

  /** Queues a failed job again. @param sensor the sensor of the job */
  retry({ payload }: Job, { asset }: Sensor): Promise<string> {
    return this.jobs.enqueue(FORECASTING_QUEUE, FORECAST_JOB, parseForecastJob(payload), { owner: asset });
  }
}
