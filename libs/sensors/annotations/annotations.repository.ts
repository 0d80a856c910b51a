import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { Annotation } from './annotation.entity';

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

/** Which annotations are meant, epoch milliseconds. */
export interface AnnotationFilter {
  /** Periods that end after this moment. */
  endsAfterMs?: number;
  /** Periods that start before this moment. */
  startsBeforeMs?: number;
  /** Remarks made at this moment or later; those whose time nobody noted are meant as well, here and below. */
  beliefsAfterMs?: number;
  /** Remarks made at this moment or earlier. */
  beliefsBeforeMs?: number;
}

/** What a sensor's annotations belong to. */
export interface Annotated {
  sensorId: number;
  assetId: number;
  accountId: number | null;
}

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

  /** Lets annotations belong to accounts, assets or sensors, unless they do already. @returns how many links are new */
  async link(annotationIds: number[], to: keyof typeof LINKS, ids: number[]): Promise<number> {
    const rows = await this.transactions.query(
      `INSERT INTO ${LINKS[to]} SELECT annotation, target
       FROM unnest($1::int[]) annotation CROSS JOIN unnest($2::int[]) target ORDER BY 1, 2
       ON CONFLICT DO NOTHING RETURNING annotation_id`,
      [annotationIds, ids],
    );
    return rows.length;
  }

  /** Annotations of a sensor, its asset and its account; by start, each once. */
  find({ sensorId, assetId, accountId }: Annotated, filter: AnnotationFilter): Promise<Annotation[]> {
    const moment = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
    return this.transactions.manager
      .getRepository(Annotation)
      .createQueryBuilder('annotation')
      .innerJoinAndSelect('annotation.source', 'source')
      .where(
        `annotation.id IN (
           SELECT annotation_id FROM annotations_sensors WHERE sensor_id = :sensorId
           UNION ALL SELECT annotation_id FROM annotations_assets WHERE generic_asset_id = :assetId
           UNION ALL SELECT annotation_id FROM annotations_accounts WHERE account_id = :accountId)
         AND (:endsAfter::timestamptz IS NULL OR annotation.end > :endsAfter)
         AND (:startsBefore::timestamptz IS NULL OR annotation.start < :startsBefore)
         AND (annotation.beliefTime IS NULL OR (
           (:beliefsAfter::timestamptz IS NULL OR annotation.beliefTime >= :beliefsAfter)
           AND (:beliefsBefore::timestamptz IS NULL OR annotation.beliefTime <= :beliefsBefore)))`,
        {
          sensorId,
          assetId,
          accountId,
          endsAfter: moment(filter.endsAfterMs),
          startsBefore: moment(filter.startsBeforeMs),
          beliefsAfter: moment(filter.beliefsAfterMs),
          beliefsBefore: moment(filter.beliefsBeforeMs),
        },
      )
      .orderBy('annotation.start')
      .addOrderBy('annotation.id')
      .getMany();
  }

  /** @returns how many there were */
  async deleteAll(): Promise<number> {
    const [row] = await this.transactions.query<{ count: string }>(
      'WITH deleted AS (DELETE FROM annotation RETURNING 1) SELECT count(*) FROM deleted',
    );
    return Number(row?.count);
  }
}
