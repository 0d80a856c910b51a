import { Module } from '@nestjs/common';
import { BodiesInFlight } from './bodies-in-flight';

/** Reading what clients send, within limits. */
@Module({ providers: [BodiesInFlight], exports: [BodiesInFlight] })
export class BodiesModule {}
