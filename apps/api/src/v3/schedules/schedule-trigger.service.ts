import { Injectable, type Type } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import {
  findCustomScheduler,
  ScheduleJobsService,
  StoredFlexibility,
  type FlexGroup,
  type ScheduleJob,
  type SentRequest,
} from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { unprocessable } from '../../http/errors/api-error';
import { validateFields } from '../../http/schema/validation';
import { FlexContext, FlexModel, SINGULAR_FIELDS, SiteFlexModel, TOP_LEVEL_FIELDS } from './flex.dto';
import type { SchedulePost, SiteSchedulePost } from './schedules.dto';

type Fields = Record<string, unknown>;

/** A queued job, with sentences about the changes that were made to the request. */
interface Triggered {
  id: string;
  notes: string[];
}

/** A field that was sent at the top level, with its group. */
interface DeprecatedField {
  field: string;
  group: 'flex_model' | 'flex_context';
}

const valueOf = (body: object, name: string): unknown => (body as Fields)[name];

/** The deprecated top-level fields of a request. */
export const deprecatedFields = (body: SchedulePost): DeprecatedField[] =>
  TOP_LEVEL_FIELDS.filter(({ name }) => valueOf(body, name) !== undefined).map(({ name, group }) => ({
    field: name,
    group: group === 'flex-model' ? 'flex_model' : 'flex_context',
  }));

/** Validates schedule requests and queues their jobs. */
@Injectable()
export class ScheduleTrigger {
  constructor(
    private readonly schedules: ScheduleJobsService,
    private readonly stored: StoredFlexibility,
  ) {}

  /**
   * Queues a schedule of one device. Fields that are not sent are those that assets store. Fields of flex-model and flex-context override the deprecated top-level fields.
   * @throws ApiError naming the invalid field, and DomainError as ScheduleJobsService.trigger
   */
  async trigger(sensor: Sensor, body: SchedulePost, user: Requester): Promise<Triggered> {
    // Only the custom scheduler knows its fields.
    const isCustom = findCustomScheduler(sensor) !== undefined;
    const model = await validateFlexFields(isCustom ? undefined : FlexModel, body['flex-model']);
    const context = await validateFlexFields(isCustom ? undefined : FlexContext, body['flex-context']);
    const flexModel = { ...topLevelFields(body, 'flex-model'), ...model, sensor: sensor.id };
    const flexContext = { ...topLevelFields(body, 'flex-context'), ...context };
    return this.queue({ flexModel: [flexModel], flexContext }, body, user);
  }

  /**
   * Queues the schedules of the devices of a site: those of the request, and others that assets below the site store.
   * @throws ApiError naming the invalid field, and DomainError as ScheduleJobsService.trigger
   */
  async triggerSite(asset: Asset, body: SiteSchedulePost, user: Requester): Promise<Triggered> {
    const sent = await readSiteRequest(asset, body);
    return this.queue({ ...sent, sequential: body.sequential }, body, user);
  }

  /** Queues a request with all that assets store for it. */
  private queue(
    { sequential, ...sent }: SentRequest & Pick<ScheduleJob, 'sequential'>,
    body: SchedulePost | SiteSchedulePost,
    requester: Requester,
  ): Promise<Triggered> {
    const { start, duration, resolution, prior: beliefTime, force_new_job_creation: forceNew } = body;
    return this.stored.use(sent, async ({ flexModel, positions, parts, flexContext, notes }) => {
      const request = { assetId: sent.assetId, flexModel, positions, parts, flexContext, sequential };
      const job: ScheduleJob = { ...request, start, duration, resolution, beliefTime };
      const queued = await this.schedules.trigger(job, { forceNew, requester });
      return { id: queued.id, notes: [...queued.notes, ...notes] };
    });
  }
}

/** Reads a request for a site. @throws ApiError naming the invalid field */
export async function readSiteRequest(
  { id }: Pick<Asset, 'id'>,
  body: Pick<SiteSchedulePost, 'flex-model' | 'flex-context'>,
): Promise<SentRequest> {
  const flexModel: SentRequest['flexModel'] = [];
  for (const [i, sent] of (body['flex-model'] ?? []).entries())
    flexModel.push(await validateFlexFields(SiteFlexModel, sent, `flex-model.${i}.`));
  return { assetId: id, flexModel, flexContext: await validateFlexFields(FlexContext, body['flex-context']) };
}

/**
 * Validates the fields of a flex-model or flex-context. A field with a singular name becomes a list with one item.
 * @param type class of the fields; undefined for a custom scheduler, whose fields are not validated here
 */
async function validateFlexFields(
  type: Type<object> | undefined,
  sent: object | undefined,
  path = '',
): Promise<Fields> {
  if (!sent || !type) return { ...sent };
  const fields = { ...(await validateFields(type, sent, path)) } as Fields;
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

/** The top-level fields of a group in the request. */
const topLevelFields = (body: SchedulePost, group: FlexGroup): Fields =>
  Object.fromEntries(
    TOP_LEVEL_FIELDS.filter((field) => field.group === group)
      .map(({ name }): [string, unknown] => [name, valueOf(body, name)])
      .filter(([, value]) => value !== undefined),
  );
