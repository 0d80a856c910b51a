import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '#lib/accounts';
import { SensorDataService, type SaveResult } from '#lib/beliefs';
import { checkEventCount } from '#lib/beliefs/model';
import { Transactions } from '#lib/database';
import { sensorRules, SourcesService, type Sensor } from '#lib/sensors';
import { addDuration, CLOCK, type Clock } from '#lib/time';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import {
  readPostedPeriod,
  readSeries,
  type EntityField,
  type NamedSeries,
  type Period,
} from '../messages/fields';
import type { Message } from '../messages/message';
import { conflictingResolutions } from '../messages/rejections';
import { readRecording, type PostedKind, type Recording } from './recording-time';
import type { VersionRules } from './version-rules';

/** Values for one sensor, in the sign in which the sensor stores them. */
export interface SensorSeries {
  sensor: Sensor;
  values: Float64Array;
  unit: string;
}

/** When the values of a message happened and were recorded. */
interface PostedTimes {
  period: Period;
  /** When they were recorded, by the end of the last event. */
  recordingOf: (endMs: number, nowMs: number) => Recording;
}

/** The values of a message, by the names of their sensors. */
export interface NamedPost extends PostedTimes {
  named: readonly NamedSeries[];
}

/** The series of a message, which share their period. */
interface SeriesPost extends PostedTimes {
  series: readonly SensorSeries[];
}

/** The result of saving the series of a message. */
export interface PostOutcome extends SaveResult {
  notes: string[];
}

/**
 * Reads what a message posts.
 * @param field names the sensors
 * @throws ApiError, DomainError as readSeries, readRecording, readPostedPeriod
 */
export function readPost(
  message: Message,
  field: EntityField,
  rules: VersionRules,
  kind: PostedKind,
): NamedPost {
  const named = readSeries(message, field);
  const recordingOf = readRecording(message, rules, kind);
  return { named, recordingOf, period: readPostedPeriod(message) };
}

/** Saves the series of a message. */
@Injectable()
export class SeriesPosts {
  constructor(
    private readonly data: SensorDataService,
    private readonly sources: SourcesService,
    private readonly transactions: Transactions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Saves all series in one transaction, with the user as the source.
   * @param toSeries finds the sensor with a name; it gets a copy of the values of the name
   * @throws ApiError 403 without permission, INVALID_RESOLUTION; DomainError as SensorDataService.post; what `toSeries` throws
   */
  async save(
    { named, ...times }: NamedPost,
    toSeries: (name: string, values: Float64Array) => Promise<SensorSeries>,
    user: AuthenticatedUser,
  ): Promise<PostOutcome> {
    const series: SensorSeries[] = [];
    for (const { names, values } of named)
      // A copy for each sensor, because saving may change it.
      for (const name of names) series.push(await toSeries(name, values.slice()));
    return this.saveSeries({ ...times, series }, user);
  }

  private async saveSeries(post: SeriesPost, user: AuthenticatedUser): Promise<PostOutcome> {
    for (const { sensor } of post.series) requirePermission(user, 'create-children', sensorRules(sensor));
    checkResolutions(post);
    const [first, ...others] = post.series;
    const knownId = first && others.length === 0 ? await this.sources.findForUser(user) : undefined;
    // One series of a known source is saved in one statement, which needs no transaction.
    if (first && knownId !== undefined) return this.saveOne(first, post, knownId);
    return this.transactions.run(async () =>
      this.saveAll(post, await this.sources.findOrCreateForUser(user)),
    );
  }

  private async saveAll(post: SeriesPost, sourceId: number): Promise<PostOutcome> {
    const outcome: PostOutcome = { saved: 0, unchanged: 0, notes: [] };
    // In the order of ids, so that messages about the same sensors do not wait for each other in a circle.
    for (const one of [...post.series].sort((a, b) => a.sensor.id - b.sensor.id)) {
      const { saved, unchanged, notes } = await this.saveOne(one, post, sourceId);
      outcome.saved += saved;
      outcome.unchanged += unchanged;
      outcome.notes.push(...notes.filter((note) => !outcome.notes.includes(note)));
    }
    return outcome;
  }

  private saveOne(
    { sensor, values, unit }: SensorSeries,
    post: SeriesPost,
    sourceId: number,
  ): Promise<PostOutcome> {
    const nowMs = this.clock.now();
    const endMs = endOf(post.period, sensor);
    const { startMs } = post.period;
    const series = { startMs, durationMs: endMs - startMs, values, unit, sourceId };
    return this.data.post(sensor, { ...series, ...post.recordingOf(endMs, nowMs), nowMs });
  }
}

const endOf = ({ startMs, duration }: Period, { timezone }: Sensor): number =>
  addDuration(startMs, duration, timezone);

/** @throws ApiError INVALID_RESOLUTION; DomainError TOO_MANY_EVENTS for all series together */
function checkResolutions({ series, period }: SeriesPost): void {
  if (new Set(series.map(({ sensor }) => sensor.eventResolutionMs)).size > 1) throw conflictingResolutions();
  let events = 0;
  for (const { sensor, values } of series) {
    const { eventResolutionMs } = sensor;
    const lengthMs = endOf(period, sensor) - period.startMs;
    events += eventResolutionMs === 0 ? values.length : Math.max(values.length, lengthMs / eventResolutionMs);
  }
  checkEventCount(events);
}
