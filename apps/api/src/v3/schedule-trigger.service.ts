import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { ScheduleJob } from '#lib/queues/model';
import { ScheduleJobsService } from '#lib/scheduling';
import { sensorRules, SensorsService, type Sensor } from '#lib/sensors';
import { isEnergyPriceUnit, isPowerUnit } from '#lib/units';
import { requirePermission } from '../auth/permission.guard';
import { unprocessable } from '../errors/api-error';
import { FlexContext, FlexModel, SchedulePost } from './schedules.dto';

const STORAGE_FIELDS = [
  'soc-at-start',
  'soc-unit',
  'soc-min',
  'soc-max',
  'soc-targets',
  'roundtrip-efficiency',
  'prefer-charging-sooner',
] as const satisfies (keyof FlexModel & keyof SchedulePost)[];

const CONTEXT_FIELDS = [
  'consumption-price-sensor',
  'production-price-sensor',
  'inflexible-device-sensors',
] as const satisfies (keyof FlexContext & keyof SchedulePost)[];

/** The deprecated top-level fields that a trigger was sent with, each with the group it belongs to now. */
export function deprecatedFields(body: SchedulePost): { field: string; group: string }[] {
  const sent = (fields: readonly (keyof SchedulePost)[], group: string) =>
    fields.filter((field) => body[field] !== undefined).map((field) => ({ field, group }));
  return [...sent(STORAGE_FIELDS, 'flex_model'), ...sent(CONTEXT_FIELDS, 'flex_context')];
}

/** Takes schedules in, in the forms of the API. */
@Injectable()
export class ScheduleTrigger {
  constructor(
    private readonly schedules: ScheduleJobsService,
    private readonly sensors: SensorsService,
  ) {}

  /**
   * Queues the job that a trigger asks for; whoever asks must be allowed to read all sensors that it names.
   * @returns the job's id, and what of the request was moved
   * @throws ApiError naming the field that cannot be used, and DomainError as ScheduleJobsService.trigger
   */
  async trigger(
    sensor: Sensor,
    body: SchedulePost,
    user: Requester,
  ): Promise<{ id: string; notes: string[] }> {
    const { job, context } = toJob(sensor, body);
    const named: NamedSensor[] = [
      { field: 'consumption-price-sensor', id: context['consumption-price-sensor'], is: PRICE },
      { field: 'production-price-sensor', id: context['production-price-sensor'], is: PRICE },
      ...(context['inflexible-device-sensors'] ?? []).map((id, index) => ({
        field: `inflexible-device-sensors.${index}`,
        id,
        is: POWER,
      })),
    ];
    await this.check(named, user);
    return this.schedules.trigger(job, { forceNew: body.force_new_job_creation });
  }

  private async check(named: NamedSensor[], user: Requester): Promise<void> {
    const found = new Map<number, Sensor | undefined>();
    for (const { field, id, is } of named) {
      if (id === undefined) continue;
      if (!found.has(id)) found.set(id, await this.sensors.find(id));
      const sensor = found.get(id);
      if (!sensor) throw unprocessable('json', { [field]: [`No sensor found with id ${id}.`] });
      requirePermission(user, 'read', sensorRules(sensor));
      if (!is.kind(sensor.unit)) {
        throw unprocessable('json', {
          [field]: [`Sensor ${id} is in ${sensor.unit}, which is not ${is.name}.`],
        });
      }
    }
  }
}

/** A sensor that a trigger names, and what it must hold. */
interface NamedSensor {
  field: string;
  id: number | undefined;
  is: { name: string; kind: (unit: string) => boolean };
}

const PRICE = { name: 'a price of energy', kind: isEnergyPriceUnit };
const POWER = { name: 'a power', kind: isPowerUnit };

/** Fields of flex-model and flex-context win over the deprecated ones. */
function toJob(sensor: Sensor, body: SchedulePost) {
  const storage = { ...pick(body, STORAGE_FIELDS), ...pick(inPlural(body['flex-model']), STORAGE_FIELDS) };
  const context = { ...pick(body, CONTEXT_FIELDS), ...pick(inPlural(body['flex-context']), CONTEXT_FIELDS) };
  const job: ScheduleJob = {
    start: body.start,
    duration: body.duration,
    beliefTime: body.prior,
    flexModel: [{ sensor: sensor.id, ...storage }],
    flexContext: context,
  };
  return { job, context };
}

const SINGULAR = {
  'soc-target': 'soc-targets',
  'inflexible-device-sensor': 'inflexible-device-sensors',
} as const;

/** A single value that was sent under a name in singular, as the list that it stands for. */
function inPlural<Group extends object>(group: Group | undefined): Group | undefined {
  if (!group) return undefined;
  const fields = { ...group } as Record<string, unknown>;
  for (const [singular, plural] of Object.entries(SINGULAR)) {
    if (fields[singular] === undefined) continue;
    if (fields[plural] !== undefined) {
      throw unprocessable('json', { [singular]: [`Send either ${singular} or ${plural}, not both.`] });
    }
    fields[plural] = [fields[singular]];
  }
  return fields as Group;
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
