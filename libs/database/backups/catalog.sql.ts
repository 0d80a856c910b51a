import type { Client } from 'pg';
import type { SequenceState } from './backup-format';

/** A table of the schema. */
export interface Table {
  name: string;
  columns: string[];
}

/** Table with the applied migrations: it belongs to the schema, not to the data. */
const MIGRATIONS_TABLE = 'migrations';

/** Tables, partitions aside, in the order of their names; without those of extensions, and without generated columns. */
const TABLES = `
  SELECT relname AS name, array_agg(attname::text ORDER BY attnum) AS columns
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND relname <> '${MIGRATIONS_TABLE}' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
  GROUP BY relname ORDER BY relname`;

const REFERENCES = `
  SELECT DISTINCT source.relname AS name, target.relname AS references
  FROM pg_constraint JOIN pg_class source ON source.oid = conrelid JOIN pg_class target ON target.oid = confrelid
  WHERE contype = 'f' AND source.relnamespace = current_schema()::regnamespace AND conrelid <> confrelid`;

const SEQUENCES = `
  SELECT sequence.oid::regclass::text AS sequence, owner.relname AS table, attname AS column
  FROM pg_class sequence
  JOIN pg_depend ON objid = sequence.oid AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
  JOIN pg_class owner ON owner.oid = refobjid
  JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
  WHERE sequence.relkind = 'S' AND sequence.relnamespace = current_schema()::regnamespace
    AND owner.relname <> '${MIGRATIONS_TABLE}'
  ORDER BY 2, 3`;

/** All tables, each after those that its foreign keys refer to. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows: tables } = await client.query<Table>(TABLES);
  const { rows: references } = await client.query<{ name: string; references: string }>(REFERENCES);
  const sorted: Table[] = [];
  const visited = new Set<string>();
  const visit = (table: Table): void => {
    if (visited.has(table.name)) return;
    visited.add(table.name);
    const targets = new Set(
      references.filter(({ name }) => name === table.name).map((one) => one.references),
    );
    for (const other of tables) if (targets.has(other.name)) visit(other);
    sorted.push(table);
  };
  for (const table of tables) visit(table);
  return sorted;
}

/** The sequences of all tables. */
export async function readSequences(client: Client): Promise<SequenceState[]> {
  const states: SequenceState[] = [];
  for (const { sequence, table, column } of await listSequences(client)) {
    const { rows } = await client.query<{ lastValue: string; isCalled: boolean }>(
      `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${sequence}`,
    );
    states.push({ table, column, ...rows[0]! });
  }
  return states;
}

/** Sets the sequences that have the same table and column. */
export async function writeSequences(client: Client, states: readonly SequenceState[]): Promise<void> {
  for (const { sequence, table, column } of await listSequences(client)) {
    const state = states.find((one) => one.table === table && one.column === column);
    if (state)
      await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [
        sequence,
        state.lastValue,
        state.isCalled,
      ]);
  }
}

async function listSequences(client: Client) {
  return (await client.query<{ sequence: string; table: string; column: string }>(SEQUENCES)).rows;
}

/** Name of the newest migration of the schema; undefined without a schema. */
export async function findSchema(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('${MIGRATIONS_TABLE}') IS NOT NULL AS exists`,
  );
  if (rows[0]?.exists !== true) return undefined;
  const applied = await client.query<{ name: string }>(
    `SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id DESC LIMIT 1`,
  );
  return applied.rows[0]?.name;
}

/** The tables among these that have rows. */
export async function findFilled(client: Client, tables: readonly Table[]): Promise<string[]> {
  if (tables.length === 0) return [];
  const checks = tables.map(
    ({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${quote(name)})`,
  );
  return (await client.query<{ name: string }>(checks.join(' UNION ALL '))).rows.map(({ name }) => name);
}

/** Whether triggers that maintain the audit log and its names run; not those of foreign keys. */
export const setTriggers = (tables: readonly Table[], state: 'ENABLE' | 'DISABLE'): string =>
  tables.map(({ name }) => `ALTER TABLE ${quote(name)} ${state} TRIGGER USER;`).join('\n');

/** A name as an identifier in SQL. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Several names as a list in SQL. */
export const quoteAll = (names: readonly string[]): string => names.map(quote).join(', ');
