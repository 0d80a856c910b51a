import { Injectable } from '@nestjs/common';
import { Brackets } from 'typeorm';
import { literalPattern, Transactions } from '#lib/database';
import type { SubjectKey } from './audit-drafts';
import { AuditEntry, type AuditSubject } from './audit-entry.entity';

/**
 * The entries of an account, an asset, or a user: what was done to the user, and what the user did; without any of them, all
 * entries. Without `ofAccounts`, the entries of an asset or a user may be about any account; otherwise about these and about
 * public assets.
 */
export interface AuditScope {
  accountId?: number;
  assetId?: number;
  userId?: number;
  ofAccounts?: readonly number[];
}

/** The part of a log to read. */
export interface AuditSelection {
  /** Entries that contain one of these texts in the description or the author; case is ignored. */
  terms: readonly string[];
  order: 'ASC' | 'DESC';
  offset: number;
  limit: number;
}

export type NewAuditEntry = Omit<AuditEntry, 'id'>;

const SUBJECTS = `
  SELECT subject.kind, subject.id, subject.name, coalesce(subject.account_id, asset.account_id) AS "accountId",
    subject.asset_id AS "assetId"
  FROM unnest($1::text[], $2::int[]) AS wanted (kind, id)
  JOIN audit_subject subject USING (kind, id)
  LEFT JOIN audit_subject asset ON subject.kind = 'sensor' AND asset.kind = 'asset' AND asset.id = subject.asset_id`;

/** The values of entries are sent as one parameter, because there may be thousands, as of a large tree of assets. */
const INSERT = `/* prepared */
  INSERT INTO audit_log (event_time, event, description, author, author_user_id, author_token, account_id, user_id,
    asset_id, sensor_id, fields)
  SELECT "eventTime", event, description, author, "authorUserId", "authorToken", "accountId", "userId", "assetId", "sensorId",
    fields
  FROM jsonb_to_recordset($1::jsonb) AS entry ("eventTime" timestamptz, event text, description text, author text,
    "authorUserId" int, "authorToken" text, "accountId" int, "userId" int, "assetId" int, "sensorId" int, fields text[])`;

@Injectable()
export class AuditLogRepository {
  constructor(private readonly transactions: Transactions) {}

  async insert(entries: readonly NewAuditEntry[]): Promise<void> {
    await this.transactions.query(INSERT, [JSON.stringify(entries)]);
  }

  /** Names and places of subjects, also of deleted ones. The account of a sensor is that of its asset. */
  findSubjects(keys: readonly SubjectKey[]): Promise<AuditSubject[]> {
    return this.transactions.query(SUBJECTS, [keys.map(({ kind }) => kind), keys.map(({ id }) => id)]);
  }

  /** A page of a log, and the number of its entries with and without the terms. */
  async list(scope: AuditScope, { terms, order, offset, limit }: AuditSelection) {
    const all = this.ofScope(scope);
    const totalUnfiltered = await all.getCount();
    const found = this.ofScope(scope).orderBy('entry.eventTime', order).addOrderBy('entry.id', order);
    if (terms.length > 0) {
      const patterns = terms.map((term) => `%${literalPattern(term)}%`);
      found.andWhere('(entry.description ILIKE ANY (:patterns) OR entry.author ILIKE ANY (:patterns))', {
        patterns,
      });
    }
    const [items, total] = await found.skip(offset).take(limit).getManyAndCount();
    return { items, total, totalUnfiltered };
  }

  private ofScope(scope: AuditScope) {
    const entries = this.transactions.manager.getRepository(AuditEntry).createQueryBuilder('entry');
    if (scope.accountId !== undefined) entries.andWhere('entry.accountId = :accountId', scope);
    if (scope.assetId !== undefined) entries.andWhere('entry.assetId = :assetId', scope);
    if (scope.userId !== undefined)
      entries.andWhere(
        new Brackets((either) =>
          either.where('entry.userId = :userId', scope).orWhere('entry.authorUserId = :userId', scope),
        ),
      );
    if (scope.ofAccounts)
      entries.andWhere('(entry.accountId IS NULL OR entry.accountId = ANY(:ofAccounts))', scope);
    return entries;
  }
}
