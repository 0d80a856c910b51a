import { Module } from '@nestjs/common';
import { AuditModule } from '#lib/audit';
import { AuditLogController } from './audit-log.controller';

/** HTTP endpoints of the audit log. */
@Module({ imports: [AuditModule], controllers: [AuditLogController] })
export class AuditLogApiModule {}
