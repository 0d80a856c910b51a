import { Injectable } from '@nestjs/common';
import type { AuditEntry } from './audit-entry.entity';
import { AuditLogRepository, type AuditScope, type AuditSelection } from './audit-log.repository';

/** A page of an audit log. */
export interface AuditPage {
  items: AuditEntry[];
  /** Number of entries that match the search terms. */
  total: number;
  totalUnfiltered: number;
}

/** Reads the audit log. */
@Injectable()
export class AuditLogService {
  constructor(private readonly log: AuditLogRepository) {}

  /** A page of the log of an account, an asset or a user. */
  list(scope: AuditScope, selection: AuditSelection): Promise<AuditPage> {
    return this.log.list(scope, selection);
  }
}
