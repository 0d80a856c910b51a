import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { BeliefsService } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { type Job, JobsService } from '#lib/queues';
import { type Sensor, SensorAccess, SensorsService } from '#lib/sensors';
import { digest } from '../inputs/input-fingerprint';
import { recordedSign } from '../model/flex/outputs';
import { recordedEvents, signOfSensor } from '../outputs/schedule-outputs';
import { SCHEDULE_JOB, type ScheduleJob } from '../requests/schedule-job';
import type { StoredOutput } from '../schedules/schedule-recorder';
import { couldReadAll, findJobSensors, findScheduledSensors } from './job-sensors';
import type { JobCommitment } from '../schedules/schedule-outcome';
import type { ScheduleJobResult } from './schedule.job';

/** State of a requested schedule. */
export type ScheduleState<Schedule> =
  | { state: 'unknown' }
  | { state: 'queued'; deadline: Date }
  | { state: 'started' }
  | { state: 'failed'; reason: string }
  | { state: 'finished'; schedule: Schedule };

/** A schedule in its sensor's unit and resolution, consumption positive. */
export interface FinishedSchedule {
  startMs: number;
  /** Time between two values: the resolution of the sensor, or a step of the schedule if it records instants. */
  stepMs: number;
  /** Consumption positive, unless these are states of charge. */
  values: Float64Array;
  /** Factor to the values as they are stored; undefined for states of charge, which have no direction. */
  storedSign: 1 | -1 | undefined;
  /** Model of the scheduler; empty for jobs of earlier versions. */
  scheduler: string;
  /** Sentences about assumptions, adjustments and missing data, and the reason for a fallback schedule. */
  notes: string[];
}

/** Schedules of the devices of a site. */
export interface FinishedSiteSchedule {
  startMs: number;
  /** Time zone of the first sensor. */
  timezone: string;
  durationMs: number;
  /** In their sensor's unit and resolution, consumption positive. */
  devices: { sensor: Sensor; values: Float64Array }[];
  /** null if unknown (custom schedulers). */
  cost: number | null;
  currency: string | null;
  commitments: JobCommitment[];
  notes: string[];
}

/** Finds the results of schedule jobs. */
@Injectable()
export class FinishedSchedules {
  constructor(
    private readonly jobs: JobsService,
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * The state of a job that schedules this sensor, alone or with others; `unknown` for other jobs. Reasons and notes are
   * hidden from users who cannot read all sensors that the job read.
   */
  async find(sensor: Sensor, id: string, requester: Requester): Promise<ScheduleState<FinishedSchedule>> {
    const job = await this.jobs.find(id);
    if (!job || !findScheduledSensors(job).includes(sensor.id)) return { state: 'unknown' };
    const state = await toScheduleState(job, async (result) => {
      const values = await this.read(sensor, result);
      const { startMs, stepMs } = recordedEvents(sensor, windowOf(result));
      const notes = (await this.canReadAll(job, requester)) ? collectNotes(result) : [];
      return {
        ...{ startMs, stepMs, values, storedSign: signIn(result, sensor) },
        scheduler: result.scheduler ?? '',
        notes: [...changeNotes(result, [{ sensor, values }]), ...notes],
      };
    });
    if (state.state !== 'failed' || (await this.canReadAll(job, requester))) return state;
    return { ...state, reason: HIDDEN_REASON };
  }

  /**
   * The state of a job of this asset; `unknown` for jobs of other assets and of single sensors.
   * @throws DomainError NOT_PERMITTED for users who cannot read all sensors that the job read
   */
  async findOfAsset(
    assetId: number,
    id: string,
    requester: Requester,
  ): Promise<ScheduleState<FinishedSiteSchedule>> {
    const job = await this.jobs.find(id);
    if (job?.kind !== SCHEDULE_JOB || (job.payload as ScheduleJob).assetId !== assetId)
      return { state: 'unknown' };
    if (!(await this.canReadAll(job, requester))) {
      const message = `User ${requester.id} may not read all sensors that this schedule is based on.`;
      throw new DomainError('NOT_PERMITTED', message);
    }
    return toScheduleState(job, async (result) => {
      const { cost, currency, commitments, steps, stepMs } = result;
      const [first] = (job.payload as ScheduleJob).flexModel;
      const { timezone } = await this.sensors.get(first!.sensor);
      const devices = [];
      for (const sensor of await this.sensors.listByIds(result.sensorIds)) {
        devices.push({ sensor, values: await this.read(sensor, result) });
      }
      return {
        startMs: Date.parse(result.start),
        timezone,
        durationMs: steps * stepMs,
        devices,
        cost,
        currency,
        commitments,
        notes: [...changeNotes(result, devices), ...collectNotes(result)],
      };
    });
  }

  private canReadAll(job: Job, requester: Requester): Promise<boolean> {
    const { devices, sources } = findJobSensors(job);
    return this.access.canReadAll([...devices, ...sources], requester, {
      deletedToo: couldReadAll(job, requester),
    });
  }

  /** The beliefs that this job stored, also if there are newer schedules. */
  private async read(sensor: Sensor, result: ScheduleJobResult): Promise<Float64Array> {
    const stored = await this.beliefs.latestOnSteps(sensor, recordedEvents(sensor, windowOf(result)), {
      sourceIds: [result.sourceId],
      beliefsBeforeMs: Date.parse(result.beliefTime),
    });
    const sign = signIn(result, sensor) ?? 1;
    // Adding 0 converts -0 to 0.
    return stored.map((value) => sign * value + 0);
  }
}

async function toScheduleState<Schedule>(
  { state, failureReason, result, deadline }: Job,
  read: (result: ScheduleJobResult) => Promise<Schedule>,
): Promise<ScheduleState<Schedule>> {
  switch (state) {
    case 'finished':
      return { state, schedule: await read(result as ScheduleJobResult) };
    case 'failed':
      return { state, reason: failureReason ?? '' };
    case 'queued':
      return { state, deadline };
    case 'started':
      return { state };
  }
}

const HIDDEN_REASON = 'a reason that only users with access to all of its sensors can see.';

const windowOf = ({ start, stepMs, steps }: ScheduleJobResult) => ({
  startMs: Date.parse(start),
  stepMs,
  steps,
});

const findRecorded = ({ recorded }: ScheduleJobResult, sensor: Sensor): StoredOutput | undefined =>
  recorded?.find(({ sensorId }) => sensorId === sensor.id);

/** Factor between what a job stored to a sensor and power with consumption positive; undefined for states of charge. */
function signIn(result: ScheduleJobResult, sensor: Sensor): 1 | -1 | undefined {
  const recordedAs = findRecorded(result, sensor)?.recordedAs ?? 'power';
  return recordedAs === 'state-of-charge' ? undefined : recordedSign(recordedAs, signOfSensor(sensor));
}

const collectNotes = ({ fallbackReason, warnings, remarks = [] }: ScheduleJobResult): string[] => [
  ...(fallbackReason === undefined ? [] : [fallbackReason]),
  ...warnings,
  ...remarks,
];

/** Says if the values are no longer those that the job stored: another schedule can have the same belief time. */
function changeNotes(
  result: ScheduleJobResult,
  devices: readonly { sensor: Sensor; values: Float64Array }[],
): string[] {
  const isChanged = ({ sensor, values }: (typeof devices)[number]): boolean => {
    const stored =
      findRecorded(result, sensor)?.digest ?? result.digests?.[result.sensorIds.indexOf(sensor.id)];
    return stored !== undefined && stored !== digest(values);
  };
  return devices.some(isChanged)
    ? [
        'The values were changed after this schedule was made, such as by a later schedule with the same prior.',
      ]
    : [];
}
