import type { StorageScheduleJob } from '#lib/queues/model';
import { FlexContextFields, StorageFields, type SchedulePost } from './schedules.dto';

const STORAGE_FIELDS = [
  'soc-at-start',
  'soc-unit',
  'soc-min',
  'soc-max',
  'soc-targets',
  'roundtrip-efficiency',
  'prefer-charging-sooner',
] as const satisfies (keyof StorageFields)[];

const CONTEXT_FIELDS = [
  'consumption-price-sensor',
  'production-price-sensor',
  'inflexible-device-sensors',
] as const satisfies (keyof FlexContextFields)[];

/** The deprecated top-level fields that a trigger was sent with, each with the group it belongs to now. */
export function deprecatedFields(
  body: SchedulePost,
): { field: string; group: 'flex-model' | 'flex-context' }[] {
  return [
    ...STORAGE_FIELDS.filter((field) => body[field] !== undefined).map((field) => ({
      field,
      group: 'flex-model' as const,
    })),
    ...CONTEXT_FIELDS.filter((field) => body[field] !== undefined).map((field) => ({
      field,
      group: 'flex-context' as const,
    })),
  ];
}

/** The job that a trigger asks for; fields of flex-model and flex-context win over the deprecated ones. */
export function toJob(sensorId: number, body: SchedulePost): StorageScheduleJob {
  const storage: StorageFields = {
    ...pick(body, STORAGE_FIELDS),
    ...pick(body['flex-model'], STORAGE_FIELDS),
  };
  const context: FlexContextFields = {
    ...pick(body, CONTEXT_FIELDS),
    ...pick(body['flex-context'], CONTEXT_FIELDS),
  };
  return {
    sensorId,
    start: body.start,
    duration: body.duration,
    beliefTime: body.prior,
    flexModel: {
      socAtStart: storage['soc-at-start'],
      socUnit: storage['soc-unit'],
      socMin: storage['soc-min'],
      socMax: storage['soc-max'],
      socTargets: storage['soc-targets']?.map(({ value, datetime }) => ({ value, datetime })),
      roundtripEfficiency: storage['roundtrip-efficiency'],
      preferChargingSooner: storage['prefer-charging-sooner'],
    },
    flexContext: {
      consumptionPriceSensorId: context['consumption-price-sensor'],
      productionPriceSensorId: context['production-price-sensor'],
      inflexibleDeviceSensorIds: context['inflexible-device-sensors'],
    },
  };
}

/** The fields that were sent. */
function pick<T extends object, K extends keyof T>(
  object: T | undefined,
  fields: readonly K[],
): Partial<Pick<T, K>> {
  const picked: Partial<Pick<T, K>> = {};
  if (object) for (const field of fields) if (object[field] !== undefined) picked[field] = object[field];
  return picked;
}
