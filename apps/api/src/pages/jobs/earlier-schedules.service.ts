import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { JobsService, type Job } from '#lib/queues';
import { SCHEDULE_JOB } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { sensorsOf } from '../../v3/jobs/job-sensors';
import { ReadableJobs } from '../../v3/jobs/readable-jobs.service';

/** So many schedules before it are looked at. */
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
    const isOfSame = (other: Job): boolean =>
      isDeepStrictEqual(
        [...sensorsOf(other).devices].sort((one, two) => one - two),
        ids,
      );
    const filter = { kind: SCHEDULE_JOB, state: 'finished', createdBefore: job.createdAt } as const;
    const found = (await this.jobs.listAbout(assetId, sensorIds, MAX_JOBS, filter)).find(isOfSame);
    return found && this.readable.find(found.id, user);
  }
}
