import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { Transactions } from '#lib/database';
import type { OwnedSource } from './latest-sources';
import { Source } from './source.entity';

/** The fields that identify a data source. */
export type SourceKey = Pick<Source, 'name' | 'type'> & Partial<Pick<Source, 'model' | 'version' | 'userId'>>;

/** Maximum length of the name column. */
export const MAX_SOURCE_NAME = 120;

const SELECT_ID = `/* prepared */ SELECT id FROM data_source
  WHERE name = $1 AND type = $2 AND model IS NOT DISTINCT FROM $3::varchar
    AND version IS NOT DISTINCT FROM $4::varchar AND user_id IS NOT DISTINCT FROM $5::int`;

@Injectable()
export class SourcesRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Id of the source with this key. It is added if it does not exist; concurrent calls add it once. */
  async findOrCreate(key: SourceKey): Promise<number> {
    const id = (await this.findId(key)) ?? (await this.insert(key)) ?? (await this.findId(key));
    if (id === undefined) throw new Error(`Data source ${key.name} could not be added.`);
    return id;
  }

  /** Id of the source with this key, if there is one. */
  async findId(key: SourceKey): Promise<number | undefined> {
    const [row] = await this.transactions.selectShared<{ id: number }>(SELECT_ID, columnsOf(key));
    return row?.id;
  }

  /** All sources, or the one with this id, ordered by type and name. */
  find(id?: number): Promise<Source[]> {
    return this.transactions.manager.getRepository(Source).find({
      where: id === undefined ? {} : { id },
      order: { type: 'ASC', name: 'ASC', model: 'ASC', version: 'ASC', id: 'ASC' },
    });
  }

  /**
   * Sources with the accounts of their users, ordered by id.
   * @param accountIds only sources of users of these accounts and those of scripts; all without it
   * @param id only the source with this id
   */
  findOwned({ accountIds, id }: { accountIds?: readonly number[]; id?: number }): Promise<OwnedSource[]> {
    return this.transactions.select<OwnedSource>(
      `SELECT source.id, source.name, source.type, source.model, source.version, source.user_id AS "userId",
         owner.account_id AS "accountId"
       FROM data_source source LEFT JOIN fm_user owner ON owner.id = source.user_id
       WHERE ($1::int[] IS NULL OR owner.account_id = ANY($1) OR (source.user_id IS NULL AND source.type <> 'user'))
         AND ($2::int IS NULL OR source.id = $2)
       ORDER BY source.id`,
      [accountIds ?? null, id ?? null],
    );
  }

  /** Ids of the sources with this name and type, of all models and versions, without sources of users. */
  async findIds({ name, type }: Pick<Source, 'name' | 'type'>): Promise<number[]> {
    const rows = await this.transactions.select<{ id: number }>(
      'SELECT id FROM data_source WHERE name = $1 AND type = $2 AND user_id IS NULL',
      [name, type],
    );
    return rows.map(({ id }) => id);
  }

  findByIds(ids: readonly number[]): Promise<Source[]> {
    return this.transactions.manager.getRepository(Source).findBy({ id: Any([...ids]) });
  }

  /**
   * Removes the users from their sources. If the source would then have the same key as another source, the user id is
   * appended to its name, so that the beliefs of the two stay separate.
   */
  async detachUsers(userIds: number[]): Promise<void> {
    await this.transactions.query(
      `UPDATE data_source AS released SET
         user_id = NULL,
         name = CASE WHEN EXISTS (
           SELECT FROM data_source other
           WHERE other.id <> released.id AND other.name = released.name AND other.type = released.type
             AND other.model IS NOT DISTINCT FROM released.model
             AND other.version IS NOT DISTINCT FROM released.version
             AND (other.user_id IS NULL OR other.user_id = ANY($1::int[]))
         ) THEN left(name, ${MAX_SOURCE_NAME - ' (user 2147483647)'.length}) || ' (user ' || user_id || ')' ELSE name END
       WHERE user_id = ANY($1::int[])`,
      [userIds],
    );
  }

  async deleteAll(): Promise<void> {
    await this.transactions.query('DELETE FROM data_source');
  }

  private async insert(key: SourceKey): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(
      `INSERT INTO data_source (name, type, model, version, user_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING id`,
      columnsOf(key),
    );
    return row?.id;
  }
}

const columnsOf = ({ name, type, model = null, version = null, userId = null }: SourceKey): unknown[] => [
  name,
  type,
  model,
  version,
  userId,
];
