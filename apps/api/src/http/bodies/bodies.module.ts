import { Module } from '@nestjs/common';
import { BodiesInFlight } from './bodies-in-flight';

/** Limits for the bodies of requests. */
@Module({ providers: [BodiesInFlight], exports: [BodiesInFlight] })
export class BodiesModule {}
