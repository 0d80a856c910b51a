import { Global, Module } from '@nestjs/common';
import { RateLimits } from './rate-limits';

/** Provides the limits of requests to the authentication, and to routes with limits of their own. */
@Global()
@Module({ providers: [RateLimits], exports: [RateLimits] })
export class RateLimitsModule {}
