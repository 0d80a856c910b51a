import { Injectable, type Type } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import type { ScheduleJob } from '#lib/scheduling';
import { findCustomScheduler, ScheduleJobsService, type FlexModelInput } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { unprocessable } from '../../http/errors/api-error';
import { checkedFields } from '../../http/schema/validation';
import { FlexContext, FlexModel, SiteFlexModel } from './flex.dto';
import type { SchedulePost, SiteSchedulePost } from './schedules.dto';

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

type Words = Record<string, unknown>;

/** A job that was queued, and what of its request was moved. */
interface Triggered {
  id: string;
  notes: string[];
}

/** The deprecated top-level fields that a trigger was sent with, each with the group it belongs to now. */
export function deprecatedFields(body: SchedulePost): { field: string; group: string }[] {
  const sent = (fields: readonly (keyof SchedulePost)[], group: string) =>
    fields.filter((field) => body[field] !== undefined).map((field) => ({ field, group }));
  return [...sent(STORAGE_FIELDS, 'flex_model'), ...sent(CONTEXT_FIELDS, 'flex_context')];
}

/** Takes schedules in, in the forms of the API. */
@Injectable()
export class ScheduleTrigger {
  constructor(private readonly schedules: ScheduleJobsService) {}

  /**
   * Queues the job that a trigger asks for. Fields of flex-model and flex-context win over the deprecated ones.
   * @throws ApiError naming the field that cannot be used, and DomainError as ScheduleJobsService.trigger
   */
  async trigger(sensor: Sensor, body: SchedulePost, user: Requester): Promise<Triggered> {
    // What is said to a scheduler of the host's own, only that one understands.
    const isCustom = findCustomScheduler(sensor) !== undefined;
    const own = await wordsOf(isCustom ? undefined : FlexModel, body['flex-model']);
    const context = await wordsOf(isCustom ? undefined : FlexContext, body['flex-context']);
    const flexModel = { ...pick(body, STORAGE_FIELDS), ...own, sensor: sensor.id };
    const flexContext = { ...pick(body, CONTEXT_FIELDS), ...context };
    return this.queue({ flexModel: [flexModel], flexContext }, body, user);
  }

  /**
   * As `trigger`, for devices of a site.
   * @throws ApiError naming the field that cannot be used, and DomainError as ScheduleJobsService.trigger
   */
  async triggerSite(asset: Asset, body: SiteSchedulePost, user: Requester): Promise<Triggered> {
    const flexModel: FlexModelInput[] = [];
    for (const [i, words] of body['flex-model'].entries()) {
      flexModel.push((await wordsOf(SiteFlexModel, words, `flex-model.${i}.`)) as FlexModelInput);
    }
    const flexContext = await wordsOf(FlexContext, body['flex-context']);
    return this.queue({ assetId: asset.id, flexModel, flexContext, sequential: body.sequential }, body, user);
  }

  private queue(
    words: Pick<ScheduleJob, 'assetId' | 'flexModel' | 'flexContext' | 'sequential'>,
    body: SchedulePost | SiteSchedulePost,
    requester: Requester,
  ): Promise<Triggered> {
    const { start, duration, resolution, prior: beliefTime } = body;
    const job: ScheduleJob = { ...words, start, duration, resolution, beliefTime };
    return this.schedules.trigger(job, { forceNew: body.force_new_job_creation, requester });
  }
}

const SINGULAR = {
  'soc-target': 'soc-targets',
  'inflexible-device-sensor': 'inflexible-device-sensors',
} as const;

/** The fields that were sent, checked by their class; single values under a name in singular as the lists they stand for. */
async function wordsOf(type: Type<object> | undefined, sent: object | undefined, path = ''): Promise<Words> {
  if (!sent || !type) return { ...sent };
  const fields = { ...(await checkedFields(type, sent, path)) } as Words;
  for (const [singular, plural] of Object.entries(SINGULAR)) {
    if (fields[singular] === undefined) continue;
    if (fields[plural] !== undefined) {
      const reason = `Send either ${singular} or ${plural}, not both.`;
      throw unprocessable('json', { [path + singular]: [reason] });
    }
    fields[plural] = [fields[singular]];
    Reflect.deleteProperty(fields, singular);
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
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
