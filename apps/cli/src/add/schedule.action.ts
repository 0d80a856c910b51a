import { DomainError } from '#lib/errors';
import type { StorageScheduleJob } from '#lib/queues/model';
import { ScheduleJobsService, StorageSchedulingService, toRequest } from '#lib/scheduling';
import { durationOption, instantOption } from '../parse-times';
import { withJobs, withServices } from '../services';

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
  asJob?: boolean;
}

export function addScheduleForStorage(options: ScheduleOptions): Promise<void> {
  if (options.optimizationContextId !== undefined) {
    console.error(
      'Warning: --optimization-context-id is deprecated: use --consumption-price-sensor instead.',
    );
  }
  return options.asJob ? queueSchedule(options) : createSchedule(options);
}

function createSchedule(options: ScheduleOptions): Promise<void> {
  const request = toRequest(jobOf(options));
  return withServices(async (services) => {
    const { result, warnings } = await services(StorageSchedulingService).createSchedule(request);
    for (const warning of warnings) console.error(`Warning: ${warning}`);
    if (result.fallback) {
      console.error(`Warning: No schedule keeps all constraints (${result.fallbackReason ?? 'infeasible'}).`);
      console.log('A fallback schedule is stored.');
      return;
    }
    console.log('New schedule is stored.');
  });
}

function queueSchedule(options: ScheduleOptions): Promise<void> {
  const job = jobOf(options);
  return withJobs(async (services) => {
    const { id, notes } = await services(ScheduleJobsService).trigger(job);
    for (const note of notes) console.error(`Warning: ${note}`);
    console.log(`New scheduling job ${id} has been added to the queue.`);
  });
}

function jobOf(options: ScheduleOptions): StorageScheduleJob {
  // Errors name the option, not the field of the job.
  instantOption('--start', options.start);
  durationOption('--duration', options.duration);
  return {
    sensorId: options.sensorId,
    start: options.start,
    duration: options.duration,
    flexModel: {
      socAtStart: options.socAtStart,
      socTargets: socTargets(options.socTarget ?? []),
      socMin: options.socMin,
      socMax: options.socMax,
      roundtripEfficiency: options.roundtripEfficiency,
    },
    flexContext: {
      consumptionPriceSensorId: options.consumptionPriceSensor ?? options.optimizationContextId,
      productionPriceSensorId: options.productionPriceSensor,
      inflexibleDeviceSensorIds: options.inflexibleDeviceSensor,
    },
  };
}

/** Pairs of a value and a datetime. */
function socTargets(words: string[]): { value: string; datetime: string }[] {
  if (words.length % 2 !== 0) {
    throw new DomainError('INVALID_OPTION', '--soc-target: give a value and a datetime.', 'soc-target');
  }
  const targets = [];
  for (let i = 0; i < words.length; i += 2) {
    const [value, datetime] = [words[i]!, words[i + 1]!];
    instantOption('--soc-target', datetime);
    targets.push({ value, datetime });
  }
  return targets;
}
