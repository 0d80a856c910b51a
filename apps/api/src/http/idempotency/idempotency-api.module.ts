import { Global, Module } from '@nestjs/common';
import { IdempotencyModule } from '#lib/idempotency';

/** Provides what routes need that accept an idempotency key. */
@Global()
@Module({ imports: [IdempotencyModule], exports: [IdempotencyModule] })
export class IdempotencyApiModule {}
