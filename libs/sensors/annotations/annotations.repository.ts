import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Annotation } from './annotation.entity';

/** Maximum number of annotations in one answer. */
const MAX_ANNOTATIONS = 10_000;

/** A new annotation, without the things that it is attached to. */
export interface NewAnnotation {
  content: string;
  /** Epoch milliseconds. */
  startMs: number;
  /** Epoch milliseconds, exclusive. */
  endMs: number;
  type: AnnotationType;
  sourceId: number;
  /** When the annotation was recorded, epoch milliseconds; unknown if left out. */
  beliefTimeMs?: number;
}

export const ANNOTATION_TYPES = ['alert', 'error', 'feedback', 'holiday', 'label', 'warning'] as const;

export type AnnotationType = (typeof ANNOTATION_TYPES)[number];

/** Selects annotations. Times are epoch milliseconds. */
export interface AnnotationFilter {
  id?: number;
  type?: AnnotationType;
  /** Only annotations whose period ends after this time. */
  endsAfterMs?: number;
  /** Only annotations whose period starts before this time. */
  startsBeforeMs?: number;
  /** Only annotations with a belief time at or after this time, or without a belief time. */
  beliefsAfterMs?: number;
  /** Only annotations with a belief time at or before this time, or without a belief time. */
  beliefsBeforeMs?: number;
  /** For an answer, which has 10,000 annotations at most: the field of the request that says when the window starts. */
  windowField?: string;
}

/** What annotations are attached to: one of a sensor, an asset and an account. */
export interface Annotated {
  sensorId?: number;
  assetId?: number;
  accountId?: number | null;
}

/** An annotation that was found or created. */
export interface FoundAnnotation {
  id: number;
  added: boolean;
}

/** No sensor and no asset has this id. */
const NO_ID = 0;

/** Tables that attach annotations to things, with the column of the thing. */
const LINKS = {
  accounts: ['annotations_accounts', 'account_id'],
  assets: ['annotations_assets', 'generic_asset_id'],
  sensors: ['annotations_sensors', 'sensor_id'],
} as const;

/** Kinds of things that annotations are attached to. */
export type AnnotatedKind = keyof typeof LINKS;

const KEY_COLUMNS = 'content, start, "end", type, source_id';
const COLUMNS = `${KEY_COLUMNS}, belief_time`;

@Injectable()
export class AnnotationsRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Locks sources, so that only one transaction at a time adds annotations of them. Call it in a transaction. */
  async lockSources(sourceIds: number[]): Promise<void> {
    await this.transactions.query(
      'SELECT FROM data_source WHERE id = ANY($1::int[]) ORDER BY id FOR NO KEY UPDATE',
      [sourceIds],
    );
  }

  /** As `lockSources`, also for the source of an annotation. */
  async lockSourceOf(annotationId: number, otherSourceId: number | null): Promise<void> {
    await this.transactions.query(
      `SELECT FROM data_source
       WHERE id = $2 OR id = (SELECT source_id FROM annotation WHERE id = $1) ORDER BY id FOR NO KEY UPDATE`,
      [annotationId, otherSourceId],
    );
  }

  /** Finds annotations and adds the missing ones. Lock the sources first, to prevent duplicates. */
  findOrCreate(annotations: NewAnnotation[]): Promise<FoundAnnotation[]> {
    return this.transactions.query<FoundAnnotation>(
      `WITH wanted AS (
         SELECT DISTINCT ${COLUMNS}
         FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::int[], $6::timestamptz[])
           AS given (${COLUMNS})
       ),
       matched AS (
         SELECT wanted.*, min(annotation.id) AS id
         FROM wanted LEFT JOIN annotation ON annotation.content = wanted.content AND annotation.start = wanted.start
           AND annotation."end" = wanted."end" AND annotation.type = wanted.type
           AND annotation.source_id = wanted.source_id
           AND annotation.belief_time IS NOT DISTINCT FROM wanted.belief_time
         GROUP BY ${COLUMNS.split(', ')
           .map((column) => `wanted.${column}`)
           .join(', ')}
       ),
       known AS (SELECT id FROM matched WHERE id IS NOT NULL),
       added AS (
         INSERT INTO annotation (${COLUMNS})
         SELECT ${COLUMNS} FROM matched WHERE id IS NULL ORDER BY start, content
         RETURNING id
       )
       SELECT id, false AS added FROM known UNION ALL SELECT id, true FROM added`,
      [
        annotations.map(({ content }) => content),
        annotations.map(({ startMs }) => new Date(startMs)),
        annotations.map(({ endMs }) => new Date(endMs)),
        annotations.map(({ type }) => type),
        annotations.map(({ sourceId }) => sourceId),
        annotations.map(({ beliefTimeMs }) => (beliefTimeMs === undefined ? null : new Date(beliefTimeMs))),
      ],
    );
  }

  /** Attaches annotations to accounts, assets or sensors. @returns the number of new links */
  async link(annotationIds: number[], to: AnnotatedKind, ids: number[]): Promise<number> {
    const [table, column] = LINKS[to];
    const rows = await this.transactions.query(
      `INSERT INTO ${table} (annotation_id, ${column}) SELECT annotation, target
       FROM unnest($1::int[]) annotation CROSS JOIN unnest($2::int[]) target ORDER BY 1, 2
       ON CONFLICT DO NOTHING RETURNING annotation_id`,
      [annotationIds, ids],
    );
    return rows.length;
  }

  /** Detaches an annotation from a thing, and deletes it if it is attached to nothing else. */
  async unlink(id: number, from: AnnotatedKind, thingId: number): Promise<void> {
    const [table, column] = LINKS[from];
    await this.transactions.query(`DELETE FROM ${table} WHERE annotation_id = $1 AND ${column} = $2`, [
      id,
      thingId,
    ]);
    if ((await this.countLinks(id)) === 0)
      await this.transactions.query('DELETE FROM annotation WHERE id = $1', [id]);
  }

  /** The number of things that an annotation is attached to. */
  async countLinks(id: number): Promise<number> {
    const counts = Object.values(LINKS).map(
      ([table]) => `(SELECT count(*) FROM ${table} WHERE annotation_id = $1)`,
    );
    const [row] = await this.transactions.query<{ count: string }>(`SELECT ${counts.join(' + ')} AS count`, [
      id,
    ]);
    return Number(row?.count);
  }

  /** Changes an annotation. Lock the sources first. @returns false if another one is the same as this would be */
  async update(id: number, changed: NewAnnotation): Promise<boolean> {
    const [row] = await this.transactions.query<{ count: string }>(
      `WITH given AS (
         SELECT $2::text, $3::timestamptz, $4::timestamptz, $5::text, $6::int, $7::timestamptz
       ),
       changed AS (
         UPDATE annotation SET (${COLUMNS}) = (SELECT * FROM given)
         WHERE id = $1 AND NOT EXISTS (
           SELECT FROM annotation other, given AS wanted (${COLUMNS})
           WHERE other.id <> $1
             AND ${COLUMNS.split(', ')
               .map((column) => `other.${column} IS NOT DISTINCT FROM wanted.${column}`)
               .join(' AND ')})
         RETURNING 1
       )
       SELECT count(*) FROM changed`,
      [
        id,
        changed.content,
        new Date(changed.startMs),
        new Date(changed.endMs),
        changed.type,
        changed.sourceId,
        changed.beliefTimeMs === undefined ? null : new Date(changed.beliefTimeMs),
      ],
    );
    return Number(row?.count) > 0;
  }

  /**
   * The annotations of a sensor, an asset and an account, without duplicates, ordered by start.
   * @throws DomainError TOO_MUCH_DATA
   */
  async find(annotated: Annotated, filter: AnnotationFilter): Promise<Annotation[]> {
    const { windowField } = filter;
    const found = await this.select(annotated, filter)
      .orderBy('annotation.start')
      .addOrderBy('annotation.id')
      .limit(windowField === undefined ? undefined : MAX_ANNOTATIONS + 1)
      .getMany();
    if (windowField === undefined || found.length <= MAX_ANNOTATIONS) return found;
    const message = `There are more than ${MAX_ANNOTATIONS} annotations. Request a shorter window.`;
    throw new DomainError('TOO_MUCH_DATA', message, windowField);
  }

  /** The annotations that start last, the last one first, and the number of all. */
  async findNewest(annotated: Annotated, limit: number): Promise<{ items: Annotation[]; total: number }> {
    const [items, total] = await this.select(annotated, {})
      .orderBy('annotation.start', 'DESC')
      .addOrderBy('annotation.id', 'DESC')
      .limit(limit)
      .getManyAndCount();
    return { items, total };
  }

  private select(
    { sensorId = NO_ID, assetId = NO_ID, accountId = null }: Annotated,
    filter: AnnotationFilter,
  ): SelectQueryBuilder<Annotation> {
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
         AND (:id::int IS NULL OR annotation.id = :id)
         AND (:type::text IS NULL OR annotation.type = :type)
         AND (:endsAfter::timestamptz IS NULL OR annotation.end > :endsAfter)
         AND (:startsBefore::timestamptz IS NULL OR annotation.start < :startsBefore)
         AND (annotation.beliefTime IS NULL OR (
           (:beliefsAfter::timestamptz IS NULL OR annotation.beliefTime >= :beliefsAfter)
           AND (:beliefsBefore::timestamptz IS NULL OR annotation.beliefTime <= :beliefsBefore)))`,
        {
          sensorId,
          assetId,
          accountId,
          id: filter.id ?? null,
          type: filter.type ?? null,
          endsAfter: moment(filter.endsAfterMs),
          startsBefore: moment(filter.startsBeforeMs),
          beliefsAfter: moment(filter.beliefsAfterMs),
          beliefsBefore: moment(filter.beliefsBeforeMs),
        },
      );
  }

  /** @returns the number of deleted annotations */
  async deleteAll(): Promise<number> {
    const [row] = await this.transactions.query<{ count: string }>(
      'WITH deleted AS (DELETE FROM annotation RETURNING 1) SELECT count(*) FROM deleted',
    );
    return Number(row?.count);
  }
}
