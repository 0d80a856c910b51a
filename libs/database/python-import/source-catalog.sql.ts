import type { Client } from 'pg';
import {
  BELIEFS_TABLE,
  COPIED_TABLES,
  IGNORED_TABLES,
  UNPLACED_COLUMNS,
  type CopiedTable,
} from './python-tables';

/** Columns of the tables of a database, by table. */
export type Catalog = ReadonlyMap<string, ReadonlySet<string>>;

/** Functions of knowledge horizons that both versions have. */
const KNOWN_FUNCTIONS = [
  'ex_post',
  'ex_ante',
  'at_date',
  'x_days_ago_at_y_oclock',
  'x_days_ago_at_y_o_clock',
];

export async function readCatalog(client: Client): Promise<Catalog> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT relname AS table, array_agg(attname::text) AS columns
     FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND attnum > 0 AND NOT attisdropped
     GROUP BY relname ORDER BY relname`,
  );
  return new Map(rows.map(({ table, columns }) => [table, new Set(columns)]));
}

/** The rows of a table of the Python version, in the form of our table. */
export function selectRows(
  { columns, from, where, isDistinct, needs }: CopiedTable,
  catalog: Catalog,
): string {
  const known = catalog.get(needs)!;
  const values = columns.map(({ name, needs: needed, value, otherwise }) => {
    const isThere = needed === undefined || known.has(needed);
    return `${isThere ? value : otherwise} AS "${name}"`;
  });
  return `SELECT ${isDistinct ? 'DISTINCT ' : ''}${values.join(', ')} FROM ${from}${where ? ` WHERE ${where}` : ''}`;
}

/** Number of rows, and a checksum that does not depend on their order nor on the version of PostgreSQL. */
export const checksumOf = (rows: string): string =>
  `SELECT count(*)::text || ' ' || COALESCE(sum(('x' || substr(md5(row::text), 1, 15))::bit(60)::bigint), 0) AS checksum
   FROM (SELECT to_jsonb(r) AS row FROM (${rows}) r) s`;

/** Columns of beliefs in the order in which they are copied. */
export const BELIEF_COLUMNS =
  'sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value';

/**
 * The beliefs of a sensor as we store them. Horizons have microseconds there and milliseconds here: they are rounded down, so
 * that a belief is never known before its time.
 * @param isDistinct whether beliefs are left out that are the same after rounding
 */
export const selectBeliefs = (sensorId: number, isDistinct: boolean): string =>
  `SELECT ${isDistinct ? 'DISTINCT ON (2, 3, 4, 5) ' : ''}sensor_id, source_id, event_start,
     floor(extract(epoch FROM belief_horizon) * 1000)::bigint AS belief_horizon, cumulative_probability, event_value
   FROM ${BELIEFS_TABLE} WHERE sensor_id = ${sensorId} AND event_value IS NOT NULL
   ${isDistinct ? `ORDER BY 2, 3, 4, 5, ${BELIEFS_TABLE}.belief_horizon` : ''}`;

/** Like `checksumOf`, with the exact bits of numbers. */
export const beliefsChecksum = (beliefs: string): string =>
  `SELECT count(*)::text || ' ' || COALESCE(sum(('x' || substr(md5(concat_ws(' ', source_id,
     extract(epoch FROM event_start)::numeric(20, 6), belief_horizon, encode(float8send(cumulative_probability), 'hex'),
     encode(float8send(event_value), 'hex'))), 1, 15))::bit(60)::bigint), 0) AS checksum
   FROM (${beliefs}) b`;

/** What of the Python version has no place here, in words. */
export async function findLeftOut(client: Client, catalog: Catalog): Promise<string[]> {
  const count = async (from: string): Promise<number> =>
    Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${from}`)).rows[0]!.n);
  const copied = new Set([BELIEFS_TABLE, ...COPIED_TABLES.map(({ needs }) => needs), ...IGNORED_TABLES]);
  const leftOut: string[] = [];
  for (const table of catalog.keys()) {
    const rows = copied.has(table) ? 0 : await count(`"${table}"`);
    if (rows > 0) leftOut.push(`table ${table} (${rows} rows)`);
  }
  for (const { table, column, matters } of UNPLACED_COLUMNS) {
    if (catalog.get(table)?.has(column) !== true) continue;
    const rows = await count(`${table} WHERE ${matters}`);
    if (rows > 0) leftOut.push(`column ${table}.${column} (in ${rows} rows)`);
  }
  if (catalog.has(BELIEFS_TABLE)) {
    const empty = await count(`${BELIEFS_TABLE} WHERE event_value IS NULL`);
    if (empty > 0) leftOut.push(`beliefs without a value (${empty})`);
  }
  if (catalog.has('annotation')) {
    const sources = await count('annotation WHERE source_id IS NULL');
    if (sources > 0) leftOut.push(`annotations without a source (${sources})`);
  }
  for (const log of ['audit_log', 'asset_audit_log']) {
    const entries = catalog.has(log) ? await count(`${log} WHERE event_datetime IS NULL`) : 0;
    if (entries > 0) leftOut.push(`entries of ${log} without a time (${entries})`);
  }
  return leftOut;
}

/** What works differently afterwards, in words. */
export async function findWarnings(client: Client): Promise<string[]> {
  const { rows: users } = await client.query<{ names: string | null }>(
    `SELECT string_agg(username, ', ' ORDER BY id) AS names FROM fm_user
     WHERE password !~ '^\\$(2[aby]|argon2(id|i|d)|pbkdf2-sha(256|512))\\$'`,
  );
  const { rows: sensors } = await client.query<{ ids: string | null }>(
    `SELECT string_agg(id || ' (' || knowledge_horizon_fnc || ')', ', ' ORDER BY id) AS ids FROM sensor
     WHERE knowledge_horizon_fnc <> ALL ($1)`,
    [KNOWN_FUNCTIONS],
  );
  return [
    ...(users[0]!.names === null
      ? []
      : [
          `These users must set a new password, because theirs has a hash that is not known here: ${users[0]!.names}.`,
        ]),
    ...(sensors[0]!.ids === null
      ? []
      : [`These sensors have a knowledge horizon that is not known here: ${sensors[0]!.ids}.`]),
  ];
}
