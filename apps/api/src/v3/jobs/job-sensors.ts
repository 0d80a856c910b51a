import {
  referencedSensors,
  REQUESTED_FORECAST_JOB,
  type ForecastJob,
  type RequestedForecast,
} from '#lib/forecasting';
import type { Job } from '#lib/queues';
import { findJobSensors, SCHEDULE_JOB } from '#lib/scheduling';

/** Ids of the sensors that a job is for (`devices`), and of the other sensors that it refers to or has read (`sources`). */
export function sensorsOf(job: Job): { devices: number[]; sources: number[] } {
  if (job.kind === SCHEDULE_JOB) return findJobSensors(job);
  const { sensorId } = job.payload as ForecastJob | RequestedForecast;
  const isRequested = job.kind === REQUESTED_FORECAST_JOB;
  return {
    devices: [sensorId],
    sources: isRequested ? referencedSensors(job.payload as RequestedForecast) : [],
  };
}
