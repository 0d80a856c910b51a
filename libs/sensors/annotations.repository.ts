import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';

/** A remark about a period, before it belongs to anything. */
export interface NewAnnotation {
  content: string;
  /** Epoch milliseconds. */
  startMs: number;
  /** Epoch milliseconds, exclusive. */
  endMs: number;
  type: AnnotationType;
  sourceId: number;
}

export type AnnotationType = 'alert' | 'error' | 'feedback' | 'holiday' | 'label' | 'warning';

/** An annotation that is there now, and whether it is new. */
export interface FoundAnnotation {
  id: number;
  added: boolean;
}

const LINKS = {
  accounts: 'annotations_accounts (annotation_id, account_id)',
  assets: 'annotations_assets (annotation_id, generic_asset_id)',
  sensors: 'annotations_sensors (annotation_id, sensor_id)',
};

const KEY = 'content, start, "end", type, source_id';

@Injectable()
export class AnnotationsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Lets one writer at a time annotate in the name of the sources; to be called in a transaction. */
  async lockSources(sourceIds: number[]): Promise<void> {
    await this.transactions.query(
      'SELECT FROM data_source WHERE id = ANY($1::int[]) ORDER BY id FOR NO KEY UPDATE',
      [sourceIds],
    );
  }

  /** The annotations, added unless they are there; free of races once their sources are locked. */
  findOrCreate(annotations: NewAnnotation[]): Promise<FoundAnnotation[]> {
    return this.transactions.query<FoundAnnotation>(
      `WITH wanted AS (
         SELECT DISTINCT ${KEY}
         FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::int[]) AS given (${KEY})
       ),
       known AS (SELECT min(id) AS id, ${KEY} FROM annotation JOIN wanted USING (${KEY}) GROUP BY ${KEY}),
       added AS (
         INSERT INTO annotation (${KEY})
         SELECT ${KEY} FROM wanted WHERE (${KEY}) NOT IN (SELECT ${KEY} FROM known) ORDER BY start, content
         RETURNING id
       )
       SELECT id, false AS added FROM known UNION ALL SELECT id, true FROM added`,
      [
        annotations.map(({ content }) => content),
        annotations.map(({ startMs }) => new Date(startMs)),
        annotations.map(({ endMs }) => new Date(endMs)),
        annotations.map(({ type }) => type),
        annotations.map(({ sourceId }) => sourceId),
      ],
    );
  }

  /** Lets annotations belong to accounts, assets or sensors, unless they do already. */
  async link(annotationIds: number[], to: keyof typeof LINKS, ids: number[]): Promise<void> {
    await this.transactions.query(
      `INSERT INTO ${LINKS[to]} SELECT annotation, target
       FROM unnest($1::int[]) annotation CROSS JOIN unnest($2::int[]) target ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
      [annotationIds, ids],
    );
  }

  async deleteAll(): Promise<void> {
    await this.transactions.query('DELETE FROM annotation');
  }
}
