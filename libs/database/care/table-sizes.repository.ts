import { Injectable } from '@nestjs/common';
import { Transactions } from '../transactions';

/** How large a table is, with its partitions. */
export interface TableSize {
  name: string;
  /** Estimates of the server. */
  rows: number;
  /** Rows that were deleted or replaced, and still take space. */
  deadRows: number;
  tableBytes: number;
  indexBytes: number;
  partitions: number;
}

/** Tells what takes space in the database. */
@Injectable()
export class TableSizesRepository {
  constructor(private readonly transactions: Transactions) {}

  /** The tables of the schema, the largest first. */
  list(): Promise<TableSize[]> {
    return this.transactions.select<TableSize>(
      `SELECT pg_class.relname AS name,
         -- The estimate of a table with partitions counts those of its partitions again.
         sum(CASE WHEN part.relkind = 'p' THEN 0 ELSE greatest(part.reltuples, 0) END)::float8 AS rows,
         coalesce(sum(n_dead_tup), 0)::float8 AS "deadRows", sum(pg_table_size(part.oid))::float8 AS "tableBytes",
         sum(pg_indexes_size(part.oid))::float8 AS "indexBytes", (count(*) - 1)::int AS partitions
       FROM pg_class CROSS JOIN LATERAL (
         SELECT pg_class.oid AS relid UNION SELECT relid::oid FROM pg_partition_tree(pg_class.oid)
       ) AS parts
       JOIN pg_class AS part ON part.oid = parts.relid LEFT JOIN pg_stat_user_tables AS stat ON stat.relid = parts.relid
       WHERE pg_class.relnamespace = current_schema()::regnamespace AND pg_class.relkind IN ('r', 'p')
         AND NOT pg_class.relispartition
       GROUP BY pg_class.oid, pg_class.relname ORDER BY sum(pg_total_relation_size(part.oid)) DESC, name`,
      [],
    );
  }
}
