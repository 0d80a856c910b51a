import { applyDecorators, Controller, HttpCode, UseFilters } from '@nestjs/common';
import type { DeviceScope } from '#lib/device-tokens/model';
import { AcceptsDevices } from '../../http/auth/permissions/device-scopes';
import {
  AcceptsParametersInBody,
  LimitsBody,
  SERIES_BODY,
  type BodyLimits,
} from '../../http/bodies/body-limits';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { ApiExcludeController } from '../../http/contract/metadata';
import { toReceipt } from '../../v3/sensor-data/data-receipt';
import type { PostOutcome } from '../exchange/series-posts.service';
import type { VersionRules } from '../exchange/version-rules';
import { LegacyErrorFilter } from '../messages/legacy-error.filter';

/** For messages with series of many connections, in groups. */
const GROUPS_BODY: BodyLimits = { ...SERIES_BODY, parts: 5_000 };

/** A controller of an old version, which has its own contract. */
export const LegacyController = ({ name }: VersionRules): ClassDecorator =>
  applyDecorators(ApiExcludeController(), UseFilters(LegacyErrorFilter), Controller(`api/${name}`));

/** An endpoint that reads. Its message comes in the query, or in the body. */
export const ReadsMessage = (scope: DeviceScope): MethodDecorator =>
  applyDecorators(HttpCode(200), AcceptsParametersInBody(), AcceptsDevices(scope));

/** An endpoint that takes a message in the body. */
export const TakesMessage = (scope: DeviceScope, limits?: BodyLimits): MethodDecorator =>
  applyDecorators(HttpCode(200), AcceptsDevices(scope), ...(limits ? [LimitsBody(limits)] : []));

/** An endpoint that takes a message with series. Repeated requests with the same `Idempotency-Key` get the first answer. */
export const TakesSeries = (): MethodDecorator =>
  applyDecorators(AcceptsIdempotencyKey(), TakesMessage('post-data', GROUPS_BODY));

/** The answer to a message, such as `GetMeterData`. */
export const answerTo = (message: string, answer: object) => ({ type: `${message}Response`, ...answer });

/** The answer to a message with series. */
export function receiptOf(message: string, outcome: PostOutcome) {
  const { message: text, ...receipt } = toReceipt(outcome);
  return answerTo(message, { ...receipt, message: [text, ...outcome.notes].join(' ') });
}
