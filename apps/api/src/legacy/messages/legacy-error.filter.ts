import { Catch } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '#lib/errors';
import { ApiError, rejected, type FailureBody } from '../../http/errors/api-error';
import { ErrorFilter } from '../../http/server/error.filter';

/** Codes of domain errors that versions before 3 answer with status 400, with the codes of these versions. */
const REJECTIONS: Readonly<Record<string, string>> = {
  INVALID_UNIT: 'INVALID_UNIT',
  INCOMPATIBLE_RESOLUTION: 'INVALID_RESOLUTION',
  INVALID_RESOLUTION: 'INVALID_RESOLUTION',
  NOMINAL_DURATION: 'INVALID_RESOLUTION',
  INVALID_DURATION: 'INVALID_PERIOD',
  INVALID_DATETIME: 'INVALID_PERIOD',
  TOO_MANY_EVENTS: 'INVALID_PERIOD',
  NO_VALUES: 'PTUS_INCOMPLETE',
  INVALID_VALUES: 'PTUS_INCOMPLETE',
};

/** The messages are at the last part of the path; other paths are those of assets and users. */
const MESSAGE = /^\/api\/v[^/]+\/(?<name>(?:get|post)[A-Z]\w{0,40})\/?$/;

/** Converts every error of an old version to an answer of that version: messages have a type, also when they fail. */
@Catch()
export class LegacyErrorFilter extends ErrorFilter {
  protected override convert(error: unknown, request: Request): ApiError | undefined {
    const isMessage = MESSAGE.test(request.path);
    const status = error instanceof DomainError && isMessage ? REJECTIONS[error.code] : undefined;
    return status === undefined
      ? super.convert(error, request)
      : rejected(400, status, (error as DomainError).message);
  }

  protected override describe({ httpStatus, body, headers }: ApiError, { path }: Request): ApiError {
    const name = MESSAGE.exec(path)?.groups?.['name'];
    if (name === undefined) return new ApiError(httpStatus, body, headers);
    const typed: FailureBody & { type: string } = { ...body, type: toResponseType(name) };
    return new ApiError(httpStatus, typed, headers);
  }
}

/** The type of the answer of an endpoint: `GetMeterDataResponse` for `getMeterData`. */
const toResponseType = (endpoint: string): string =>
  `${endpoint.charAt(0).toUpperCase()}${endpoint.slice(1)}Response`;
