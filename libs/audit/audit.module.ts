import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DeviceTokensModule } from '#lib/device-tokens';
import { EventsModule } from '#lib/events';
import { AuditEntry, AuditSubject } from './audit-entry.entity';
import { AuditLogRepository } from './audit-log.repository';
import { AuditLogService } from './audit-log.service';
import { AuditRecorder } from './audit-recorder.service';

/** Reads the audit log. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntry, AuditSubject])],
  providers: [AuditLogRepository, AuditLogService],
  exports: [AuditLogRepository, AuditLogService],
})
export class AuditLogModule {}

/** Reads and writes the audit log. For long-running processes, which deliver events. */
@Module({
  imports: [AuditLogModule, EventsModule, DeviceTokensModule],
  providers: [AuditRecorder],
  exports: [AuditLogModule],
})
export class AuditModule {}
