import { Inject, Injectable } from '@nestjs/common';
import { readableAccountIds } from '#lib/accounts/model';
import { SensorStatusService, type SensorStatus } from '#lib/beliefs';
import { JobsService, type EndedJob } from '#lib/queues';
import { SCHEDULE_JOB } from '#lib/scheduling';
import { canRead, COMPUTED_SOURCE_TYPES, SensorsService, type Sensor } from '#lib/sensors';
import { CLOCK, DAY_MS, type Clock } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';

/** Something that a person should look at. */
export interface AttentionItem {
  kind: 'failed' | 'broken' | 'stale';
  text: string;
  detail?: string;
  /** ISO 8601: since when, or when it happened. */
  time?: string;
  path: string;
  /** What the person can do at the path. */
  action: string;
}

/** What needs attention, and how much of it was looked at. */
export interface Attention {
  items: AttentionItem[];
  /** Number of sensors whose data was not looked at. */
  unchecked: number;
}

/** More sensors are not looked at. */
const MAX_SENSORS = 200;
const AT_ONCE = 8;

/** A sensor whose data ended longer ago was given up. This also limits how much of a long history is read. */
const MAX_AGE_MS = 100 * DAY_MS;

/** More troubled jobs of the last day are not looked at. */
const MAX_JOBS = 1000;

/** Lists in the result of a schedule job that tell what could not be kept. */
const BROKEN_LISTS = ['conflicts', 'unresolved'];

/** Finds what needs attention: failed jobs, limits that schedules of the last day do not keep, and stale data. */
@Injectable()
export class AttentionService {
  constructor(
    private readonly sensors: SensorsService,
    private readonly statuses: SensorStatusService,
    private readonly jobs: JobsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The most urgent first: failures, then broken limits, then stale data with the oldest first. */
  async list(user: ApiUser): Promise<Attention> {
    const { items, total } = await this.sensors.page({
      ...{ accountIds: readableAccountIds(user), amongAssets: user.assetIds },
      ...{ offset: 0, limit: MAX_SENSORS },
    });
    // With their assets, which the list does not have.
    const sensors = await this.sensors.listByIds(items.map(({ id }) => id));
    const ofJobs = await this.listJobs(user);
    const order = (kind: AttentionItem['kind']) => ofJobs.filter((item) => item.kind === kind);
    return {
      items: [...order('failed'), ...order('broken'), ...(await this.listStale(sensors))],
      unchecked: total - items.length,
    };
  }

  /** The jobs of the last day that failed or kept not all limits, unless a later job about the same succeeded. */
  private async listJobs(user: ApiUser): Promise<AttentionItem[]> {
    const troubled = await this.jobs.listTroubled({
      ...{ sinceMs: this.clock.now() - DAY_MS, limit: MAX_JOBS, resultLists: BROKEN_LISTS },
    });
    const found = await this.sensors.listByIds(troubled.flatMap(({ sensorIds }) => sensorIds));
    const byId = new Map(found.map((sensor) => [sensor.id, sensor]));
    return troubled.flatMap((job) => {
      const sensors = job.sensorIds.flatMap((id) => byId.get(id) ?? []);
      const isReadable = sensors.length > 0 && sensors.every(canRead(user));
      return isReadable ? [toJobItem(job, sensors)] : [];
    });
  }

  /** Measured data that is late, by asset. */
  private async listStale(sensors: readonly Sensor[]): Promise<AttentionItem[]> {
    const late = new Map<number, { asset: Sensor['asset']; names: string[]; sinceMs: number }>();
    for (let first = 0; first < sensors.length; first += AT_ONCE)
      await Promise.all(
        sensors.slice(first, first + AT_ONCE).map(async (sensor) => {
          const statuses = await this.statuses.describe(sensor, MAX_AGE_MS);
          const sinceMs = lateSince(statuses);
          if (sinceMs === undefined) return;
          const { asset } = sensor;
          const known = late.get(asset.id) ?? { asset, names: [], sinceMs: Infinity };
          known.names.push(sensor.name);
          late.set(asset.id, { ...known, sinceMs: Math.min(known.sinceMs, sinceMs) });
        }),
      );
    return [...late.values()]
      .sort((one, other) => one.sinceMs - other.sinceMs)
      .map(({ asset, names, sinceMs }) => ({
        kind: 'stale',
        text: `${asset.name}: data is late`,
        detail: namesInWords(names),
        time: new Date(sinceMs).toISOString(),
        path: `/assets/${asset.id}/status`,
        action: 'Status',
      }));
  }
}

/**
 * Since when measured data is late: that of the most recent type of sources, since the history may be from another one.
 * Undefined if it is not late, or if there is none: nobody has sent any yet, or only schedules are stored.
 */
export function lateSince(
  statuses: readonly Pick<SensorStatus, 'sourceType' | 'isStale' | 'sinceMs'>[],
): number | undefined {
  const measured = statuses.filter(
    ({ sourceType, sinceMs }) => sinceMs !== null && !COMPUTED_SOURCE_TYPES.includes(sourceType ?? ''),
  );
  if (measured.length === 0 || measured.some(({ isStale }) => !isStale)) return undefined;
  return Math.max(...measured.map(({ sinceMs }) => sinceMs!));
}

function toJobItem({ id, kind, state, endedAt }: EndedJob, sensors: readonly Sensor[]): AttentionItem {
  const what = kind === SCHEDULE_JOB ? 'Schedule' : 'Forecast';
  const of = [...new Set(sensors.map(({ asset }) => asset.name))].join(', ');
  const hasFailed = state === 'failed';
  return {
    kind: hasFailed ? 'failed' : 'broken',
    text: hasFailed ? `${what} of ${of} failed` : `${what} of ${of} does not keep all limits`,
    time: endedAt.toISOString(),
    path: `/jobs/${id}`,
    action: hasFailed ? 'See why' : 'See which',
  };
}

/** Some names: "power, price and 3 more". */
export function namesInWords(names: readonly string[]): string {
  const shown = names.length > 3 ? names.slice(0, 2) : names;
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
