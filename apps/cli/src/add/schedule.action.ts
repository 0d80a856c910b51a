import { DomainError } from '#lib/errors';
import type { ScheduleJob } from '#lib/queues/model';
import { ScheduleJobsService, SiteSchedulingService, toScheduleRequest } from '#lib/scheduling';
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
  const request = toScheduleRequest(jobOf(options));
  return withServices(async (services) => {
    const { result, warnings } = await services(SiteSchedulingService).createSchedules(request);
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

function jobOf(options: ScheduleOptions): ScheduleJob {
  // Errors name the option, not the field of the job.
  instantOption('--start', options.start);
  durationOption('--duration', options.duration);
  const flexModel = {
    'soc-at-start': options.socAtStart,
    'soc-unit': 'MWh',
    'soc-targets': socTargets(options.socTarget ?? []),
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
    flexModel: [{ sensor: options.sensorId, ...flexModel }],
    flexContext,
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
