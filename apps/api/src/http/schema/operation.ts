import { applyDecorators, HttpCode, UseInterceptors, type Type } from '@nestjs/common';
import { ApiExtension, ApiExtraModels, ApiOperation, ApiResponse, refs } from '@nestjs/swagger';
import { EmptyJson } from '../answers/empty-json';
import { Public } from '../auth/public';
import { EntityTags } from '../headers/entity-tags';
import {
  Failure,
  NotAuthenticated,
  Rejection,
  ReplacementRejection,
  ValidationFailure,
} from './failures.dto';

/** Schema of an answer: an object, or a list of objects. */
type Answer = Type | [Type];

/** What a route promises, besides its parameters and its body. */
export interface Promises {
  /** None: an answer without a body. */
  answer?: Answer;
  /** HTTP status of success; 200, or 204 without a body, unless given. */
  status?: number;
  /** Headers that only some answers carry. */
  headers?: string[];
  /** Whether the answer has an entity tag, and 304 says that it is still the same. */
  isTagged?: boolean;
  /** Ways to fail beyond those that all operations have: 400, 401 unless public, 413 and 429 with a body, 503. */
  fails?: (403 | 404 | 405 | 422 | 429)[];
  /** Failures in a form of their own. */
  failures?: Record<number, Type | Type[]>;
  /** Needs no authentication. */
  isPublic?: boolean;
  /** False for what can be answered while the database is down. */
  usesDatabase?: boolean;
}

/** Headers of lists that may be answered page by page. */
export const PAGED = ['X-Total-Count', 'Link'];

/** Headers of answers to what is deprecated. */
export const DEPRECATED = ['Deprecation', 'Sunset', 'Link'];

/** Answers to writing beliefs that would replace others. */
export const REPLACEMENT = [Rejection, ReplacementRejection];

/** Marks operations without authentication in the document. */
export const X_PUBLIC = 'x-public';

const RETRY_LATER = ['Retry-After'];
const TAGGED = ['ETag'];

/** Names a route's operation as the contract does, and promises its answers. Also opens public routes to everybody. */
export function Operation(operationId: string, promises: Promises): MethodDecorator {
  const { answer, headers = [], isPublic = false, isTagged = false } = promises;
  const status = promises.status ?? (answer ? 200 : 204);
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId }),
    response(status, answer, isTagged ? [...headers, ...TAGGED] : headers),
    ...(isTagged ? [response(304, undefined, TAGGED), UseInterceptors(EntityTags)] : []),
    ...(status === 204 ? [UseInterceptors(EmptyJson)] : []),
    ...failuresOf(promises),
    ...(isPublic ? [Public(), ApiExtension(X_PUBLIC, true)] : []),
  );
}

function failuresOf({
  fails = [],
  failures = {},
  isPublic = false,
  usesDatabase = true,
}: Promises): MethodDecorator[] {
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
          ApiResponse({ status: status, schema: { anyOf: refs(...form) } }),
        );
      }
      const isTemporary = status === 429 || (status === 503 && form === Rejection);
      return response(status, form, isTemporary ? RETRY_LATER : []);
    }),
    response('default', Failure),
  ];
}

function response(status: number | 'default', answer?: Answer, headers: string[] = []): MethodDecorator {
  const isArray = Array.isArray(answer);
  return ApiResponse({
    status,
    ...(answer && { type: isArray ? answer[0] : answer, isArray }),
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
