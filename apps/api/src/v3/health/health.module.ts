import { Module } from '@nestjs/common';
import { HealthController } from './health.controller';

/** Whether the server and its database are up. */
@Module({ controllers: [HealthController] })
export class HealthApiModule {}
