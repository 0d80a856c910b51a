import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { planOfAccount, type AccountPlan } from '#lib/accounts';
import { PREPARED, Transactions } from '#lib/database';
import { DeviceToken } from './device-token.entity';
import type { DeviceScope } from './model';

/** A token of an active user, with the assets that it may use now. */
export interface ActiveTokenRow {
  id: number;
  name: string;
  scopes: DeviceScope[];
  last_used_at: Date | null;
  user_id: number;
  username: string;
  account_id: number;
  account_roles: string[];
  /** Includes the descendants of the chosen assets; null for all. */
  asset_ids: number[] | null;
  plan: AccountPlan | null;
}

/** A token that is no longer accepted. */
export interface EndedTokenRow {
  id: number;
  name: string;
  user_id: number;
  account_id: number;
  is_revoked: boolean;
  is_active: boolean;
}

/** Reads few rows by keys. Assets that moved to another account are left out, and so are their descendants. */
const SELECT_ACTIVE = `/* ${PREPARED} */
  SELECT token.id, token.name, token.scopes, token.last_used_at, owner.id AS user_id, owner.username, owner.account_id,
    ARRAY(SELECT account_role.name FROM roles_accounts JOIN account_role ON account_role.id = role_id
          WHERE roles_accounts.account_id = owner.account_id) AS account_roles,
    CASE WHEN token.asset_ids IS NOT NULL THEN ARRAY(
      WITH RECURSIVE tree AS (
        SELECT id FROM generic_asset WHERE id = ANY(token.asset_ids) AND account_id = owner.account_id
        UNION
        SELECT part.id FROM generic_asset part JOIN tree ON part.parent_asset_id = tree.id
        WHERE part.account_id = owner.account_id
      )
      SELECT id FROM tree) END AS asset_ids,
    ${planOfAccount('owner.account_id')} AS plan
  FROM device_token token JOIN fm_user owner ON owner.id = token.user_id
  WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) AND owner.active`;

const FIND_BY_SECRET = `${SELECT_ACTIVE} AND token.secret_hash = $1`;
const FIND_BY_ID = `${SELECT_ACTIVE} AND token.id = $1`;

@Injectable()
export class DeviceTokensRepository {
  constructor(private readonly transactions: Transactions) {}

  /** The token with this secret if it is valid at this time. */
  async findBySecret(secretHash: Buffer, nowMs: number): Promise<ActiveTokenRow | undefined> {
    const [row] = await this.transactions.select<ActiveTokenRow>(FIND_BY_SECRET, [
      secretHash,
      new Date(nowMs),
    ]);
    return row;
  }

  /** The token with this id if it is valid at this time. */
  async findActive(id: number, nowMs: number): Promise<ActiveTokenRow | undefined> {
    const [row] = await this.transactions.select<ActiveTokenRow>(FIND_BY_ID, [id, new Date(nowMs)]);
    return row;
  }

  /** Whether there is a token with this secret, also if it has ended. */
  async exists(secretHash: Buffer): Promise<boolean> {
    const rows = await this.transactions.select('SELECT FROM device_token WHERE secret_hash = $1', [
      secretHash,
    ]);
    return rows.length > 0;
  }

  async findName(id: number): Promise<string | undefined> {
    return (await this.tokens.findOneBy({ id }))?.name;
  }

  /** The tokens of a user that were not revoked, oldest first. */
  listOfUser(userId: number): Promise<DeviceToken[]> {
    return this.tokens.find({ where: { userId, revokedAt: IsNull() }, order: { id: 'ASC' } });
  }

  insert(
    token: Pick<
      DeviceToken,
      'userId' | 'name' | 'secretHash' | 'scopes' | 'assetIds' | 'createdAt' | 'expiresAt'
    >,
  ): Promise<DeviceToken> {
    return this.tokens.save(this.tokens.create(token));
  }

  /** Revokes a token of a user. @returns its name, or undefined if there is no such token, or it was revoked before */
  async revoke(id: number, userId: number, nowMs: number): Promise<string | undefined> {
    const [rows] = await this.transactions.query<{ name: string }[]>(
      'UPDATE device_token SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING name',
      [id, userId, new Date(nowMs)],
    );
    return rows?.[0]?.name;
  }

  async recordUse(id: number, nowMs: number): Promise<void> {
    await this.transactions.query('UPDATE device_token SET last_used_at = $2 WHERE id = $1', [
      id,
      new Date(nowMs),
    ]);
  }

  /**
   * Records that a token was refused, unless this was recorded since the given time.
   * @returns the token; undefined if there is none with this secret, or nothing was recorded
   */
  async recordRefusal(
    secretHash: Buffer,
    nowMs: number,
    unlessSinceMs: number,
  ): Promise<EndedTokenRow | undefined> {
    const [rows] = await this.transactions.query<EndedTokenRow[]>(
      `UPDATE device_token token SET last_refused_at = $2 FROM fm_user owner
       WHERE token.secret_hash = $1 AND owner.id = token.user_id
         AND (token.last_refused_at IS NULL OR token.last_refused_at < $3)
       RETURNING token.id, token.name, token.user_id, owner.account_id, token.revoked_at IS NOT NULL AS is_revoked,
         owner.active AS is_active`,
      [secretHash, new Date(nowMs), new Date(unlessSinceMs)],
    );
    return rows?.[0];
  }

  private get tokens() {
    return this.transactions.manager.getRepository(DeviceToken);
  }
}
