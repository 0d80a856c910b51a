import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { DomainError } from '#lib/errors';
import {
  FlexibilityChecks,
  SchedulePreviews,
  StoredFlexibility,
  type SchedulePreview,
  type TriedFlexibility as Tried,
} from '#lib/scheduling';
import { unprocessable, type FieldReasons } from '../../http/errors/api-error';
import { validateFields } from '../../http/schema/validation';
import { readSiteRequest } from './schedule-trigger.service';
import { TriedFlexibility, type SiteSchedulePreviewPost } from './schedules.dto';

const FIELD = 'flexibility';

/** Shows what schedules of a site would do, also with flexibility that is not stored yet. */
@Injectable()
export class SitePreviews {
  constructor(
    private readonly previews: SchedulePreviews,
    private readonly stored: StoredFlexibility,
    private readonly checks: FlexibilityChecks,
  ) {}

  /** @throws ApiError naming the invalid field, and DomainError as SchedulePreviews.compute */
  async compute(
    asset: DetailedAsset,
    body: SiteSchedulePreviewPost,
    user: Requester,
  ): Promise<{ preview: SchedulePreview; notes: string[] }> {
    const sent = await readSiteRequest(asset, body);
    const tried = body.flexibility && (await this.readTried(asset, body.flexibility, user));
    const { start, duration, resolution, prior: beliefTime, sequential } = body;
    return this.stored.use({ ...sent, tried }, async ({ notes, origins: _, ...completed }) => {
      const request = { assetId: asset.id, ...completed, sequential };
      const job = { ...request, start, duration, resolution, beliefTime };
      return { preview: await this.previews.compute(job, user), notes };
    });
  }

  /** Checks flexibility as if it were to be stored. */
  private async readTried(asset: DetailedAsset, sent: object, user: Requester): Promise<Tried> {
    const { flex_model, flex_context } = await validateFields(TriedFlexibility, sent, `${FIELD}.`);
    const tried = {
      ...(flex_model && { flexModel: flex_model }),
      ...(flex_context && { flexContext: flex_context }),
    };
    const errors = await this.checks
      .findErrors(tried, asset.attributes, user, asset)
      .catch((error: unknown) => {
        throw error instanceof DomainError ? withPath(error) : error;
      });
    const reasons = errors.map((error) => [`${FIELD}.${error.field}`, [reasonOf(error)]]);
    if (errors.length > 0) throw unprocessable('json', Object.fromEntries(reasons) as FieldReasons);
    return tried;
  }
}

/** The error with the path of its field in the request. */
function withPath({ code, message, field }: DomainError): DomainError {
  if (field === undefined) return new DomainError(code, message);
  const path = `${FIELD}.${field}`;
  return new DomainError(code, message.startsWith(`${field}: `) ? `${FIELD}.${message}` : message, path);
}

/** Some messages start with the path of the field, which is the key of the reasons. */
const reasonOf = ({ message, field }: DomainError): string =>
  field !== undefined && message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
