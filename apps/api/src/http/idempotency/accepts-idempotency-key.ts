import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '../contract/metadata';
import { Rejection } from '../schema/failures.dto';
import { IdempotencyKeys } from './idempotency-keys.interceptor';

/** Repeated requests with the same header `Idempotency-Key` get the first answer. Put it above `AcceptsForm` and `AcceptsFiles`. */
export const AcceptsIdempotencyKey = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(IdempotencyKeys),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiResponse({ status: 409, type: Rejection }),
  );
