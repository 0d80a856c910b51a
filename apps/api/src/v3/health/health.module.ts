import { Module } from '@nestjs/common';
import { HealthController } from './health.controller';

/** HTTP endpoint for the readiness check. */
@Module({ controllers: [HealthController] })
export class HealthApiModule {}
