import { Global, Module } from '@nestjs/common';
import { LongResponsesModule } from '../server/long-responses';
import { Metrics } from './metrics';

@Global()
@Module({ imports: [LongResponsesModule], providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}
