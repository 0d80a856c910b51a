import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from '../../errors/api-error';
import type { GivenCredentials } from '../throttle/logins';

const PATH = /^\/api\/requestAuthToken\/?$/i;

/** E-mail address and password of a request's body. */
export const CredentialsOfBody = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  credentialsIn(context.switchToHttp().getRequest<Request>().body),
);

/** @throws ApiError 400 that names what is missing. */
function credentialsIn(body: unknown): GivenCredentials {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { email, password } = fields;
  if (isFilled(email) && isFilled(password)) return { email, password };
  const missing = ['email', 'password'].filter((name) => !isFilled(fields[name]));
  throw missingCredentials(missing.map((name) => `Please provide the '${name}' parameter.`));
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

const missingCredentials = (errors: string[]): ApiError => new ApiError(400, { errors, status: 400 });

/** Requests for tokens have a form of their own for what cannot be read. */
export const inFormOf = (path: string, failure: ApiError): ApiError =>
  failure.httpStatus === 400 && PATH.test(path) && !failure.body.errors
    ? missingCredentials([failure.message])
    : failure;
