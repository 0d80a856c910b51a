import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { JobsService, type Job } from '#lib/queues';
import { SCHEDULE_JOB } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { ApiError } from '../../http/errors/api-error';
import { sensorsOf } from '../../v3/jobs/job-sensors';
import { ReadableJobs } from '../../v3/jobs/readable-jobs.service';

/** So many jobs are looked at. */
const MAX_JOBS = 100;

/** Finds the schedule that a schedule follows. */
@Injectable()
export class EarlierSchedules {
  constructor(
    private readonly jobs: JobsService,
    private readonly readable: ReadableJobs,
  ) {}

  /**
   * The last finished schedule of the same devices that was asked for before a job, if the user may read it.
   * @param devices power sensors of the job
   */
  async findBefore(job: Job, devices: readonly Sensor[], user: ApiUser): Promise<Job | undefined> {
    const [first] = devices;
    if (job.kind !== SCHEDULE_JOB || job.state !== 'finished' || !first) return undefined;
    const { assetId = first.assetId } = job.payload as { assetId?: number };
    const ids = devices.map(({ id }) => id).sort((one, other) => one - other);
    const sensorIds = assetId === first.assetId ? ids : [];
    const isEarlier = (other: Job): boolean =>
      other.kind === SCHEDULE_JOB &&
      other.state === 'finished' &&
      other.createdAt < job.createdAt &&
      isDeepStrictEqual(
        [...sensorsOf(other).devices].sort((one, two) => one - two),
        ids,
      );
    const found = (await this.jobs.listAbout(assetId, sensorIds, MAX_JOBS)).find(isEarlier);
    return found && this.readable.get(found.id, user).catch(withoutRefusal);
  }
}

/** Refusals of the API mean that there is nothing to show. */
function withoutRefusal(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error;
  return undefined;
}
