import { DomainError } from '#lib/errors';
import { StorageSchedulingService } from '#lib/scheduling';
import { durationOption, instantOption } from '../parse-times';
import { withServices } from '../services';

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
}

export function addScheduleForStorage(options: ScheduleOptions): Promise<void> {
  if (options.optimizationContextId !== undefined) {
    console.error(
      'Warning: --optimization-context-id is deprecated: use --consumption-price-sensor instead.',
    );
  }
  const request = {
    sensorId: options.sensorId,
    startMs: instantOption('--start', options.start),
    duration: durationOption('--duration', options.duration),
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
    beliefTimeMs: Date.now(),
  };
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

/** Pairs of a value and a datetime. */
function socTargets(words: string[]): { value: string; datetimeMs: number }[] {
  if (words.length % 2 !== 0) {
    throw new DomainError('INVALID_OPTION', '--soc-target: give a value and a datetime.', 'soc-target');
  }
  const targets = [];
  for (let i = 0; i < words.length; i += 2) {
    targets.push({ value: words[i]!, datetimeMs: instantOption('--soc-target', words[i + 1]!) });
  }
  return targets;
}
