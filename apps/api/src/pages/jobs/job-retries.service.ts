import { Injectable } from '@nestjs/common';
import { isAllowed } from '#lib/accounts/model';
import { FORECAST_JOB, ForecastJobsService, RequestedForecastJobs } from '#lib/forecasting';
import type { Job } from '#lib/queues';
import { SCHEDULE_JOB, ScheduleJobsService } from '#lib/scheduling';
import { sensorRules, SensorsService, type Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { unauthorized } from '../../http/errors/api-error';
import { sensorsOf } from '../../v3/jobs/job-sensors';
import { ReadableJobs } from '../../v3/jobs/readable-jobs.service';

/** Asks again for what failed jobs should have computed, as the user who asks now. */
@Injectable()
export class JobRetries {
  constructor(
    private readonly readable: ReadableJobs,
    private readonly sensors: SensorsService,
    private readonly schedules: ScheduleJobsService,
    private readonly requested: RequestedForecastJobs,
    private readonly forecasts: ForecastJobsService,
  ) {}

  /** Which of some jobs have failed, and are for sensors of which the user may ask for schedules and forecasts. */
  async findRetryable(jobs: readonly Job[], user: ApiUser): Promise<Set<string>> {
    const failed = jobs.filter(({ state }) => state === 'failed');
    const devicesOf = new Map(failed.map((job) => [job.id, devicesIn(job)]));
    const found = await this.sensors.listByIds([...devicesOf.values()].flat());
    const allowed = new Set(found.filter((sensor) => mayAskFor(sensor, user)).map(({ id }) => id));
    const ids = failed.map(({ id }) => id);
    return new Set(
      ids.filter((id) => {
        const devices = devicesOf.get(id)!;
        return devices.length > 0 && devices.every((device) => allowed.has(device));
      }),
    );
  }

  /**
   * @returns the id of the new job; that of the same job if it has not failed
   * @throws ApiError 403, 404; DomainError as the services that queue such jobs
   */
  async retry(id: string, user: ApiUser): Promise<string> {
    const job = await this.readable.get(id, user);
    if (job.state !== 'failed') return job.id;
    const devices = await this.sensors.listByIds(devicesIn(job));
    const [first] = devices;
    if (!first || !devices.every((sensor) => mayAskFor(sensor, user))) throw unauthorized();
    if (job.kind === SCHEDULE_JOB) return (await this.schedules.retry(job, user)).id;
    if (job.kind === FORECAST_JOB) return this.forecasts.retry(job, first);
    return this.requested.retry(job, user);
  }
}

const mayAskFor = (sensor: Sensor, user: ApiUser): boolean =>
  isAllowed(user, 'create-children', sensorRules(sensor));

/** The sensors that a job is for; none for jobs without a usable payload. */
function devicesIn(job: Job): number[] {
  const { sensorId, flexModel } = job.payload as { sensorId?: unknown; flexModel?: unknown };
  return Number.isInteger(sensorId) || Array.isArray(flexModel) ? sensorsOf(job).devices : [];
}
