import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import type { Source } from './source.entity';

/** What tells one data source from another. */
export type SourceKey = Pick<Source, 'name' | 'type'> & Partial<Pick<Source, 'model' | 'version' | 'userId'>>;

const SELECT_ID = `SELECT id FROM data_source
  WHERE name = $1 AND type = $2 AND model IS NOT DISTINCT FROM $3::varchar
    AND version IS NOT DISTINCT FROM $4::varchar AND user_id IS NOT DISTINCT FROM $5::int`;

@Injectable()
export class SourcesRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Id of the source with this key, added once however many ask at the same time. */
  async findOrCreate({
    name,
    type,
    model = null,
    version = null,
    userId = null,
  }: SourceKey): Promise<number> {
    const key = [name, type, model, version, userId];
    const id = (await this.findId(key)) ?? (await this.insert(key)) ?? (await this.findId(key));
    if (id === undefined) throw new Error(`Data source ${name} could not be added.`);
    return id;
  }

  private async findId(key: unknown[]): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(SELECT_ID, key);
    return row?.id;
  }

  private async insert(key: unknown[]): Promise<number | undefined> {
    const [row] = await this.transactions.query<{ id: number }>(
      `INSERT INTO data_source (name, type, model, version, user_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING id`,
      key,
    );
    return row?.id;
  }
}
