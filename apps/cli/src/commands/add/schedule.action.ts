import { Transactions } from '#lib/database';
import { JobsService } from '#lib/queues';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import {
  parseScheduleJob,
  SCHEDULE_JOB,
  ScheduleJobsService,
  SiteSchedulingService,
  StoredFlexibility,
  toScheduleJobResult,
  toScheduleRequest,
  type CompletedRequest,
  type ScheduleJob,
  type SentRequest,
} from '#lib/scheduling';
import { isNominal } from '#lib/time';
import { withJobs, withServices } from '../../app/services';
import { durationOption, instantOption } from '../../options/parse-times';
import { invalidOption } from '../../options/option-error';

export interface ScheduleOptions {
  sensorId: number;
  consumptionPriceSensor?: number;
  productionPriceSensor?: number;
  optimizationContextId?: number;
  inflexibleDeviceSensor?: number[];
  start: string;
  duration: string;
  socAtStart: string;
  socTarget?: string[];
  socMin?: string;
  socMax?: string;
  roundtripEfficiency?: string;
  flexModel?: Record<string, unknown>;
  flexContext?: Record<string, unknown>;
  asJob?: boolean;
}

export interface SiteScheduleOptions {
  assetId: number;
  start: string;
  duration?: string;
  resolution?: string;
  flexModel?: Record<string, unknown>[];
  flexContext?: Record<string, unknown>;
  sequential?: boolean;
  asJob?: boolean;
}

export function addScheduleForStorage(options: ScheduleOptions): Promise<void> {
  if (options.optimizationContextId !== undefined) {
    console.error(
      'Warning: --optimization-context-id is deprecated: use --consumption-price-sensor instead.',
    );
  }
  const job = jobOf(options);
  return options.asJob ? queueSchedule(job) : createSchedule(job);
}

export function addScheduleForSite(options: SiteScheduleOptions): Promise<void> {
  const { assetId, start, duration, resolution, flexModel = [], flexContext = {}, sequential } = options;
  instantOption('--start', start);
  if (duration !== undefined) durationOption('--duration', duration);
  if (resolution !== undefined && isNominal(durationOption('--resolution', resolution))) {
    throw invalidOption('--resolution', 'must have a fixed length: use hours, minutes or seconds.');
  }
  const job: SentJob = { assetId, start, duration, resolution, flexModel, flexContext, sequential };
  return options.asJob ? queueSchedule(job) : createSchedule(job);
}

/** A job whose fields may be missing where assets store them. */
type SentJob = Omit<ScheduleJob, 'flexModel'> & Pick<SentRequest, 'flexModel'>;

/** The same validation as for a job from the queue. */
const completeJob = (
  job: SentJob,
  { flexModel, positions, parts, flexContext }: CompletedRequest,
): ScheduleJob => parseScheduleJob({ ...job, flexModel, positions, parts, flexContext });

/** Makes a schedule now, and records it as a finished job, in which people find its costs and reasons. */
function createSchedule(sent: SentJob): Promise<void> {
  const isSite = sent.assetId !== undefined;
  return withServices(async (services) => {
    const { result, warnings, remarks } = await services(StoredFlexibility).use(sent, async (completed) => {
      const job = { ...completeJob(sent, completed), beliefTime: new Date().toISOString() };
      const computed = await services(SiteSchedulingService).compute(toScheduleRequest(job, Date.now()));
      const stored = await services(Transactions).run(async () => {
        const schedule = await services(SiteSchedulingService).store(computed);
        await services(JobsService).recordFinished(SCHEDULING_QUEUE, SCHEDULE_JOB, {
          ...{ payload: job, result: toScheduleJobResult(job.assetId, schedule) },
          accountId: schedule.asset.accountId,
        });
        return schedule;
      });
      return { ...stored, warnings: [...completed.notes, ...stored.warnings] };
    });
    for (const warning of warnings) console.error(`Warning: ${warning}`);
    for (const remark of remarks) console.log(remark);
    if (result.fallback) {
      console.error(`Warning: No schedule meets all constraints (${result.fallbackReason ?? 'infeasible'}).`);
      console.log(isSite ? 'Fallback schedules are stored.' : 'A fallback schedule is stored.');
      return;
    }
    console.log(isSite ? 'New schedules are stored.' : 'New schedule is stored.');
  });
}

function queueSchedule(job: SentJob): Promise<void> {
  return withJobs(async (services) => {
    const { id, notes } = await services(StoredFlexibility).use(job, async (completed) => {
      const queued = await services(ScheduleJobsService).trigger(completeJob(job, completed));
      return { id: queued.id, notes: [...queued.notes, ...completed.notes] };
    });
    for (const note of notes) console.error(`Warning: ${note}`);
    console.log(`New scheduling job ${id} has been added to the queue.`);
  });
}

function jobOf(options: ScheduleOptions): ScheduleJob {
  // Errors name the option, not the field of the job.
  instantOption('--start', options.start);
  durationOption('--duration', options.duration);
  const flexModel = {
    'soc-at-start': options.socAtStart,
    'soc-targets': options.socTarget && socTargets(options.socTarget),
    'soc-min': options.socMin,
    'soc-max': options.socMax,
    'roundtrip-efficiency': options.roundtripEfficiency,
  };
  const flexContext = {
    'consumption-price-sensor': options.consumptionPriceSensor ?? options.optimizationContextId,
    'production-price-sensor': options.productionPriceSensor,
    'inflexible-device-sensors': options.inflexibleDeviceSensor,
  };
  return {
    start: options.start,
    duration: options.duration,
    flexModel: [
      { 'soc-unit': 'MWh', ...options.flexModel, ...omitUndefined(flexModel), sensor: options.sensorId },
    ],
    flexContext: { ...options.flexContext, ...omitUndefined(flexContext) },
  };
}

/** The fields that were given as options; they override the fields in JSON. */
const omitUndefined = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Pairs of a value and a datetime. */
function socTargets(words: string[]): { value: string; datetime: string }[] {
  if (words.length % 2 !== 0) {
    throw invalidOption('--soc-target', 'must be pairs of a value and a datetime.');
  }
  const targets = [];
  for (let i = 0; i < words.length; i += 2) {
    const [value, datetime] = [words[i]!, words[i + 1]!];
    instantOption('--soc-target', datetime);
    targets.push({ value, datetime });
  }
  return targets;
}
