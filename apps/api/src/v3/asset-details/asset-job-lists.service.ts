import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { JobsService, type Job } from '#lib/queues';
import { couldReadAll, SCHEDULE_JOB } from '#lib/scheduling';
import { SensorAccess, SensorsService, type Sensor } from '#lib/sensors';
import { toFailureReason } from '../jobs/job-responses';
import { sensorsOf } from '../jobs/job-sensors';
import type { AssetJob } from './asset-jobs.dto';

const MAX_JOBS = 100;
const HIDDEN = 'Only users who may read all sensors of the job can see why it failed.';

/** What an asset job is about: the asset itself, or one of its sensors. */
type Subject = Pick<AssetJob, 'asset_or_sensor_type'> & { id: number; name: string };

/** Lists the jobs of assets and of their sensors. */
@Injectable()
export class AssetJobLists {
  constructor(
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
  ) {}

  /** The newest jobs first. Reasons of failures are hidden from users who cannot read all sensors of the job. */
  async list(asset: DetailedAsset, user: Requester): Promise<AssetJob[]> {
    const sensors = await this.sensors.listByAsset(asset.id);
    const sensorIds = sensors.map(({ id }) => id);
    const found = await this.jobs.listAbout(asset.id, sensorIds, MAX_JOBS);
    const shown: AssetJob[] = [];
    for (const job of found)
      shown.push(
        toAssetJob(job, findSubject(job, asset, sensors), asset.id, await this.findReason(job, user)),
      );
    return shown;
  }

  private async findReason(job: Job, user: Requester): Promise<string | null> {
    if (job.failureReason === null) return null;
    const { devices, sources } = sensorsOf(job);
    const deletedToo = job.kind === SCHEDULE_JOB && couldReadAll(job, user);
    const isReadable = await this.access.canReadAll([...devices, ...sources], user, { deletedToo });
    return isReadable ? toFailureReason(job.failureReason) : HIDDEN;
  }
}

function findSubject({ payload }: Job, asset: DetailedAsset, sensors: readonly Sensor[]): Subject {
  const {
    assetId,
    sensorId,
    flexModel = [],
  } = payload as {
    assetId?: number;
    sensorId?: number;
    flexModel?: { sensor: number }[];
  };
  const named = new Set([sensorId, ...flexModel.map(({ sensor }) => sensor)]);
  const sensor = assetId === asset.id ? undefined : sensors.find(({ id }) => named.has(id));
  return sensor
    ? { asset_or_sensor_type: 'sensor', id: sensor.id, name: sensor.name }
    : { asset_or_sensor_type: 'asset', id: asset.id, name: asset.name };
}

function toAssetJob(job: Job, subject: Subject, assetId: number, err: string | null): AssetJob {
  const { id, name, asset_or_sensor_type: type } = subject;
  const metadata = JSON.stringify({ job_id: job.id, kind: job.kind, [`${type}_id`]: id });
  return {
    asset_or_sensor_type: type,
    asset_id: assetId,
    enqueued_at: job.createdAt.toISOString(),
    entity: `${type}: ${name} (Id: ${id})`,
    err,
    job_id: job.id,
    metadata,
    metadata_hash: createHash('sha256').update(metadata).digest('hex'),
    queue: job.queue,
    status: job.state,
  };
}
