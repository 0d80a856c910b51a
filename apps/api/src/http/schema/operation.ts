import { applyDecorators, HttpCode, UseInterceptors, type Type } from '@nestjs/common';
import type { DeviceScope } from '#lib/device-tokens/model';
import { EmptyJson } from '../answers/empty-json';
import { Public } from '../auth/authentication/public';
import { AcceptsDevices } from '../auth/permissions/device-scopes';
import { EntityTags } from '../headers/entity-tags';
import { ApiExtension, ApiExtraModels, ApiOperation, ApiResponse, schemaOf } from '../contract/metadata';
import {
  Failure,
  NotAuthenticated,
  Rejection,
  ReplacementRejection,
  ValidationFailure,
} from './failures.dto';

/** Class of a response body: an object, or a list of objects. */
type OneAnswer = Type | [Type];

/** Response bodies of which the request chooses one. */
interface ChosenAnswer {
  oneOf: readonly OneAnswer[];
}

type Answer = OneAnswer | ChosenAnswer;

/** The responses of a route. */
export interface OperationOptions {
  /** Class of the response body; undefined for a response without body. */
  answer?: Answer;
  /** Media type of a response that is not JSON; its body is a text. */
  mediaType?: string;
  /** HTTP status of success. Default: 200, or 204 without a body. */
  status?: number;
  /** Other successful responses, by HTTP status. */
  otherAnswers?: Record<number, OneAnswer>;
  /** Headers of the successful response. */
  headers?: string[];
  /** Whether the response has an ETag and the route answers 304 to conditional requests. */
  isTagged?: boolean;
  /** HTTP statuses of errors, besides those of all operations: 400, 401 unless public, 413 and 429 with a body, 503. */
  errors?: (403 | 404 | 405 | 422 | 429)[];
  /** Classes of error bodies that differ from the usual ones, by HTTP status. */
  errorBodies?: Record<number, Type | Type[]>;
  /** Scope that a device token needs. Without one, device tokens are refused. */
  deviceScope?: DeviceScope;
  /** Needs no authentication. */
  isPublic?: boolean;
  /** False if the route works while the database is down. */
  usesDatabase?: boolean;
}

/** Headers of paginated lists. */
export const PAGINATION_HEADERS = ['X-Total-Count', 'Link'];

/** Headers of deprecated routes and fields. */
export const DEPRECATION_HEADERS = ['Deprecation', 'Sunset', 'Link'];

/** Error bodies for beliefs that are not permitted, or that would replace stored beliefs. */
export const REPLACEMENT_ERRORS = [Rejection, ReplacementRejection];

/** OpenAPI extension that marks operations without authentication. */
export const X_PUBLIC = 'x-public';

/** OpenAPI extension that names the scope that device tokens need. */
export const X_DEVICE_SCOPE = 'x-device-scope';

const RETRY_LATER = ['Retry-After'];
const TAGGED = ['ETag'];

/** Declares the operation of the contract that a route implements, with its responses. Also applies `@Public()`. */
export function Operation(operationId: string, promises: OperationOptions): MethodDecorator {
  const {
    answer,
    headers = [],
    otherAnswers = {},
    isPublic = false,
    isTagged = false,
    deviceScope,
    mediaType,
  } = promises;
  const status = promises.status ?? (answer || mediaType !== undefined ? 200 : 204);
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId }),
    mediaType === undefined
      ? response(status, answer, isTagged ? [...headers, ...TAGGED] : headers)
      : ApiResponse({ status, content: { [mediaType]: { schema: { type: 'string' } } } }),
    ...Object.entries(otherAnswers).map(([other, form]) => response(Number(other), form)),
    ...(isTagged ? [response(304, undefined, TAGGED), UseInterceptors(EntityTags)] : []),
    ...(status === 204 ? [UseInterceptors(EmptyJson)] : []),
    ...failuresOf(promises),
    ...(isPublic ? [Public(), ApiExtension(X_PUBLIC, true)] : []),
    ...(deviceScope ? [AcceptsDevices(deviceScope), ApiExtension(X_DEVICE_SCOPE, deviceScope)] : []),
  );
}

function failuresOf({
  errors: fails = [],
  errorBodies: failures = {},
  isPublic = false,
  usesDatabase = true,
}: OperationOptions): MethodDecorator[] {
  const byStatus = new Map<number, Type | Type[]>([[400, Rejection]]);
  if (!isPublic) byStatus.set(401, NotAuthenticated);
  if (usesDatabase) byStatus.set(503, Rejection);
  for (const status of fails) byStatus.set(status, status === 422 ? ValidationFailure : Rejection);
  for (const [status, form] of Object.entries(failures)) byStatus.set(Number(status), form);
  return [
    ...[...byStatus].map(([status, form]) => {
      if (Array.isArray(form)) {
        return applyDecorators(
          ApiExtraModels(...form),
          ApiResponse({ status: status, schema: { anyOf: form.map(schemaOf) } }),
        );
      }
      const isTemporary = status === 429 || (status === 503 && form === Rejection);
      return response(status, form, isTemporary ? RETRY_LATER : []);
    }),
    response('default', Failure),
  ];
}

function response(status: number | 'default', answer?: Answer, headers: string[] = []): MethodDecorator {
  return applyDecorators(
    ...(answer && 'oneOf' in answer ? [ApiExtraModels(...answer.oneOf.map(classOf))] : []),
    responseWithHeaders(status, answer && bodyOf(answer), headers),
  );
}

const classOf = (answer: OneAnswer): Type => (Array.isArray(answer) ? answer[0] : answer);

function bodyOf(answer: Answer) {
  if (!('oneOf' in answer)) return { type: classOf(answer), isArray: Array.isArray(answer) };
  const schemas = answer.oneOf.map((one) => {
    const item = schemaOf(classOf(one));
    return Array.isArray(one) ? { type: 'array' as const, items: item } : item;
  });
  return { schema: { oneOf: schemas } };
}

function responseWithHeaders(
  status: number | 'default',
  body: ReturnType<typeof bodyOf> | undefined,
  headers: string[],
): MethodDecorator {
  return ApiResponse({
    status,
    ...body,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(
        headers.map((name) => [
          name,
          {
            schema: {
              type:
                name === 'X-Total-Count' || name === 'Retry-After'
                  ? ('integer' as const)
                  : ('string' as const),
            },
          },
        ]),
      ),
    }),
  });
}
