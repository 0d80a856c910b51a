import { Injectable, type Type } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import type { ScheduleJob } from '#lib/scheduling';
import {
  findCustomScheduler,
  ScheduleJobsService,
  type FlexGroup,
  type FlexModelInput,
} from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { unprocessable } from '../../http/errors/api-error';
import { checkedFields } from '../../http/schema/validation';
import { FlexContext, FlexModel, SINGULAR_FIELDS, SiteFlexModel, TOP_LEVEL_FIELDS } from './flex.dto';
import type { SchedulePost, SiteSchedulePost } from './schedules.dto';

type Fields = Record<string, unknown>;

/** A job that was queued, with sentences on what of its request was moved. */
interface Triggered {
  id: string;
  notes: string[];
}

/** A field that was sent at the top level, and the group that it belongs to. */
interface DeprecatedField {
  field: string;
  group: 'flex_model' | 'flex_context';
}

const valueOf = (body: object, name: string): unknown => (body as Fields)[name];

/** The deprecated top-level fields that a request has. */
export const deprecatedFields = (body: SchedulePost): DeprecatedField[] =>
  TOP_LEVEL_FIELDS.filter(({ name }) => valueOf(body, name) !== undefined).map(({ name, group }) => ({
    field: name,
    group: group === 'flex-model' ? 'flex_model' : 'flex_context',
  }));

/** Queues the schedules that requests ask for. */
@Injectable()
export class ScheduleTrigger {
  constructor(private readonly schedules: ScheduleJobsService) {}

  /**
   * Queues the job that a trigger asks for. Fields of flex-model and flex-context win over the deprecated ones.
   * @throws ApiError naming the field that cannot be used, and DomainError as ScheduleJobsService.trigger
   */
  async trigger(sensor: Sensor, body: SchedulePost, user: Requester): Promise<Triggered> {
    // Only the custom scheduler knows its fields.
    const isCustom = findCustomScheduler(sensor) !== undefined;
    const model = await checkedFlexFields(isCustom ? undefined : FlexModel, body['flex-model']);
    const context = await checkedFlexFields(isCustom ? undefined : FlexContext, body['flex-context']);
    const flexModel = { ...topLevelFields(body, 'flex-model'), ...model, sensor: sensor.id };
    const flexContext = { ...topLevelFields(body, 'flex-context'), ...context };
    return this.queue({ flexModel: [flexModel], flexContext }, body, user);
  }

  /**
   * As `trigger`, for devices of a site.
   * @throws ApiError naming the field that cannot be used, and DomainError as ScheduleJobsService.trigger
   */
  async triggerSite(asset: Asset, body: SiteSchedulePost, user: Requester): Promise<Triggered> {
    const flexModel: FlexModelInput[] = [];
    for (const [i, sent] of body['flex-model'].entries()) {
      const model = await checkedFlexFields(SiteFlexModel, sent, `flex-model.${i}.`);
      flexModel.push(model as FlexModelInput);
    }
    const flexContext = await checkedFlexFields(FlexContext, body['flex-context']);
    return this.queue({ assetId: asset.id, flexModel, flexContext, sequential: body.sequential }, body, user);
  }

  private queue(
    request: Pick<ScheduleJob, 'assetId' | 'flexModel' | 'flexContext' | 'sequential'>,
    body: SchedulePost | SiteSchedulePost,
    requester: Requester,
  ): Promise<Triggered> {
    const { start, duration, resolution, prior: beliefTime } = body;
    const job: ScheduleJob = { ...request, start, duration, resolution, beliefTime };
    return this.schedules.trigger(job, { forceNew: body.force_new_job_creation, requester });
  }
}

/**
 * The fields of a flex-model or flex-context, checked by their class. A value under a name in the singular becomes a
 * list of one.
 * @param type undefined for the fields of a custom scheduler, which are not checked
 */
async function checkedFlexFields(
  type: Type<object> | undefined,
  sent: object | undefined,
  path = '',
): Promise<Fields> {
  if (!sent || !type) return { ...sent };
  const fields = { ...(await checkedFields(type, sent, path)) } as Fields;
  for (const [singular, plural] of SINGULAR_FIELDS) {
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

/** The top-level fields of a group that were sent. */
const topLevelFields = (body: SchedulePost, group: FlexGroup): Fields =>
  Object.fromEntries(
    TOP_LEVEL_FIELDS.filter((field) => field.group === group)
      .map(({ name }): [string, unknown] => [name, valueOf(body, name)])
      .filter(([, value]) => value !== undefined),
  );
