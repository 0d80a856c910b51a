import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DeviceTokensModule } from '#lib/device-tokens';
import { EventsModule } from '#lib/events';
import { AuditEntry, AuditSubject } from './audit-entry.entity';
import { AuditLogRepository } from './audit-log.repository';
import { AuditLogService } from './audit-log.service';
import { AuditRecorder } from './audit-recorder.service';

/** The audit log. For long-running processes, which deliver events. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntry, AuditSubject]), EventsModule, DeviceTokensModule],
  providers: [AuditLogRepository, AuditLogService, AuditRecorder],
  exports: [AuditLogService],
})
export class AuditModule {}
