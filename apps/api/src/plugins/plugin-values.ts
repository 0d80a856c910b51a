import { DetailedAsset } from '#lib/assets';
import type { ApiReply, PluginRequest, Refusal } from '#lib/plugin-api';
import { toPluginAsset, toPluginSensor } from '#lib/plugins';
import { Sensor } from '#lib/sensors';
import { rejected, unprocessable, type ApiError } from '../http/errors/api-error';

const CODES: Record<number, string> = {
  403: 'INVALID_SENDER',
  404: 'NOT_FOUND',
  422: 'UNPROCESSABLE_ENTITY',
};

/** The error of the API for a refusal of a plugin; undefined for another error. */
export function refusalIn(error: unknown): ApiError | undefined {
  const { isRefusal, status, message, field } = (error ?? {}) as Partial<Refusal>;
  if (isRefusal !== true || typeof status !== 'number' || status < 400 || status > 499) return undefined;
  if (status === 422 && field !== undefined) return unprocessable('json', { [field]: [message ?? ''] });
  return rejected(status, CODES[status] ?? 'INVALID_REQUEST', message ?? '');
}

/** Status and body of what a handler returned. */
export function apiReplyIn(returned: unknown): Pick<ApiReply, 'status' | 'body'> {
  const { kind, status, body } = (returned ?? {}) as Partial<ApiReply>;
  return kind === 'answer' && typeof status === 'number' ? { status, body } : { status: 200, body: returned };
}

/** The values that are single texts. */
export const textsOf = (given: object): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));

/** What the permission guard loaded, as plugins see it. */
export function resourceOf(loaded: unknown): PluginRequest['resource'] {
  if (loaded === undefined) return undefined;
  if (loaded instanceof Sensor) return toPluginSensor(loaded);
  if (loaded instanceof DetailedAsset) return toPluginAsset(loaded);
  const { id, name, username } = loaded as { id: number; name?: string; username?: string };
  return { id, name: name ?? username ?? '' };
}
