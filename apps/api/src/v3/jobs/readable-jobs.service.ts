import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { JobsService, type Job } from '#lib/queues';
import { couldReadAll, SCHEDULE_JOB } from '#lib/scheduling';
import { SensorAccess, SensorsService } from '#lib/sensors';
import { ApiError, rejected, unauthorized } from '../../http/errors/api-error';
import { sensorsOf } from './job-sensors';

/** Finds jobs for users. */
@Injectable()
export class ReadableJobs {
  constructor(
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
  ) {}

  /**
   * A job, if the user has read permission on all sensors that the job is for, refers to, or has read.
   * @throws ApiError 403, 404
   */
  async get(uuid: string, user: Requester): Promise<Job> {
    const job = await this.jobs.find(uuid);
    const { devices, sources } = job === null ? { devices: [], sources: [] } : sensorsOf(job);
    const known = new Set((await this.sensors.listByIds(devices)).map(({ id }) => id));
    if (job === null || !devices.every((id) => known.has(id))) {
      throw rejected(404, 'NOT_FOUND', `There is no job with id ${uuid}.`);
    }
    const deletedToo = job.kind === SCHEDULE_JOB && couldReadAll(job, user);
    if (!(await this.access.canReadAll([...devices, ...sources], user, { deletedToo }))) throw unauthorized();
    return job;
  }

  /** As `get`; undefined if there is no such job, or if the user may not read it. */
  find(uuid: string, user: Requester): Promise<Job | undefined> {
    return this.get(uuid, user).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      return undefined;
    });
  }
}
