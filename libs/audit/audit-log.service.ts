import { Injectable } from '@nestjs/common';
import { readableAccountIds, type Requester } from '#lib/accounts/model';
import type { AuditEntry } from './audit-entry.entity';
import { AuditLogRepository, type AuditScope, type AuditSelection } from './audit-log.repository';

/** A page of an audit log. */
export interface AuditPage {
  items: AuditEntry[];
  /** Number of entries that match the search terms. */
  total: number;
  totalUnfiltered: number;
}

/** Reads the audit log. Permissions on the account, asset or user are checked before. */
@Injectable()
export class AuditLogService {
  constructor(private readonly log: AuditLogRepository) {}

  /** A page of the whole log, or of that of an account, asset or user, for the host of the server. */
  list(scope: Omit<AuditScope, 'ofAccounts'>, selection: AuditSelection): Promise<AuditPage> {
    return this.log.list(scope, selection);
  }

  /** A page of the log of an account. */
  listOfAccount(accountId: number, selection: AuditSelection): Promise<AuditPage> {
    return this.log.list({ accountId }, selection);
  }

  /** A page of the log of an asset. What happened while it belonged to an account that the requester cannot read is left out. */
  listOfAsset(assetId: number, selection: AuditSelection, requester: Requester): Promise<AuditPage> {
    return this.log.list({ assetId, ofAccounts: readableAccountIds(requester) }, selection);
  }

  /**
   * A page of what a user did and what was done to the user. Others than the user see nothing about accounts that they cannot
   * read, such as clients of a consultant.
   */
  listOfUser(userId: number, selection: AuditSelection, requester: Requester): Promise<AuditPage> {
    const ofAccounts = requester.id === userId ? undefined : readableAccountIds(requester);
    return this.log.list({ userId, ofAccounts }, selection);
  }
}
