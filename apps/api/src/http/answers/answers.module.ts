import { Module } from '@nestjs/common';
import { HeavyReads } from './heavy-reads';

/** Large answers; all routes share the limits. */
@Module({ providers: [HeavyReads], exports: [HeavyReads] })
export class AnswersModule {}
