import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';

/** Which old beliefs are not kept. */
export interface RetentionRule {
  /** Beliefs about events that start before this time; epoch milliseconds. */
  beforeMs: number;
  /** Types of their sources; all without it. */
  sourceTypes?: readonly string[];
  /** Account of their assets; all, and public assets, without it. */
  accountId?: number;
}

/** Old beliefs of one type of sources, about sensors of one account. */
export interface OldBeliefs {
  sourceType: string;
  /** Name of the account; null: public assets. */
  account: string | null;
  beliefs: number;
  /** Starts of the first and the last event. */
  firstStart: Date;
  lastStart: Date;
}

/** Beliefs of sensor ids that a rule selects, with the parameters $1 (time), $2 (source types). */
const IS_OLD = `event_start < to_timestamp($1::float8 / 1000)
  AND ($2::text[] IS NULL OR source_id IN (SELECT id FROM data_source WHERE type = ANY($2)))`;

/** Finds and deletes beliefs that are too old to be kept. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly transactions: Transactions) {}

  /** What a rule selects, by type of source and account, most beliefs first. */
  list({ beforeMs, sourceTypes, accountId }: RetentionRule): Promise<OldBeliefs[]> {
    return this.transactions.select<OldBeliefs>(
      `SELECT data_source.type AS "sourceType", account.name AS account, sum(beliefs)::float8 AS beliefs,
         min(first_start) AS "firstStart", max(last_start) AS "lastStart"
       FROM (
         SELECT sensor_id, source_id, count(*) AS beliefs, min(event_start) AS first_start, max(event_start) AS last_start
         FROM timed_belief WHERE ${IS_OLD} GROUP BY sensor_id, source_id
       ) AS old
       JOIN data_source ON data_source.id = source_id JOIN sensor ON sensor.id = sensor_id
       JOIN generic_asset ON generic_asset.id = generic_asset_id LEFT JOIN account ON account.id = account_id
       WHERE $3::int IS NULL OR account_id = $3
       GROUP BY data_source.type, account.id ORDER BY 3 DESC, 1, 2`,
      [beforeMs, sourceTypes ?? null, accountId ?? null],
    );
  }

  /** Ids of the sensors of an account, or of all sensors. */
  async findSensorIds(accountId: number | undefined): Promise<number[]> {
    const rows = await this.transactions.select<{ id: number }>(
      `SELECT sensor.id FROM sensor JOIN generic_asset ON generic_asset.id = generic_asset_id
       WHERE $1::int IS NULL OR account_id = $1 ORDER BY sensor.id`,
      [accountId ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** Deletes the old beliefs about a sensor. @returns their number, and the start of the last event (ms; -Infinity without any) */
  async delete(
    sensorId: number,
    { beforeMs, sourceTypes }: RetentionRule,
  ): Promise<{ count: number; lastStartMs: number }> {
    const [row] = await this.transactions.query<{ count: string; last_start: Date | null }>(
      `WITH deleted AS (DELETE FROM timed_belief WHERE sensor_id = $3 AND ${IS_OLD} RETURNING event_start)
       SELECT count(*), max(event_start) AS last_start FROM deleted`,
      [beforeMs, sourceTypes ?? null, sensorId],
    );
    return { count: Number(row?.count), lastStartMs: row?.last_start?.getTime() ?? -Infinity };
  }
}
