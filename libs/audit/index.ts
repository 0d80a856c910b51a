export { AuditEntry, AuditSubject } from './audit-entry.entity';
export { AuditLogService, type AuditPage } from './audit-log.service';
export type { AuditSelection } from './audit-log.repository';
export { AuditLogModule, AuditModule } from './audit.module';
