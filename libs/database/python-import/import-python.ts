import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { DomainError } from '#lib/errors';
import { withClient } from '../backups/backup-client';
import { quoteAll } from '../backups/catalog.sql';
import {
  BELIEF_COLUMNS,
  beliefsChecksum,
  checksumOf,
  findLeftOut,
  findWarnings,
  readCatalog,
  selectBeliefs,
  selectRows,
  type Catalog,
} from './source-catalog.sql';
import { BELIEFS_TABLE, COPIED_TABLES, type CopiedTable } from './python-tables';

const UNIQUE_VIOLATION = '23505';

/** What was imported. */
export interface PythonImport {
  /** Number of rows by table of ours. */
  rows: Record<string, number>;
  /** Number of sensors whose beliefs an earlier, interrupted import had copied already. */
  sensorsSkipped: number;
  /** What of the Python version has no place here, in words. */
  leftOut: string[];
  /** What works differently, in words. */
  warnings: string[];
}

/** Tells how far the import is. */
export type Progress = (done: string) => void;

/**
 * Copies the database of a Python FlexMeasures (0.12 to today's) into an empty database with our schema. Ids, passwords and
 * belief times stay as they are. All tables but that of beliefs are copied in one transaction, then the beliefs of one sensor
 * at a time; each copy is compared with its original by a checksum. An import that was interrupted is continued by running it
 * again: what is equal is skipped.
 * @param sourceUri of the Python version, which must not change meanwhile; it is only read
 * @param targetUri of our database, on which no server should run
 * @throws DomainError NOT_A_PYTHON_DATABASE, SCHEMA_MISSING, DATABASE_NOT_EMPTY, COPY_DIFFERS
 */
export function importPython(
  sourceUri: string,
  targetUri: string,
  progress: Progress = () => undefined,
): Promise<PythonImport> {
  return withClient(sourceUri, (source) =>
    withClient(targetUri, async (target) => {
      await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return new Importer(source, target, await catalogOf(source), progress).run();
    }),
  );
}

async function catalogOf(source: Client): Promise<Catalog> {
  const catalog = await readCatalog(source);
  const missing = [
    'alembic_version',
    'account',
    'fm_user',
    'generic_asset',
    'sensor',
    'data_source',
    BELIEFS_TABLE,
  ].filter((table) => !catalog.has(table));
  if (missing.length === 0) return catalog;
  const message = `This is no database of a Python FlexMeasures of version 0.12 or later: it has no table ${missing.join(', ')}.`;
  throw new DomainError('NOT_A_PYTHON_DATABASE', message);
}

class Importer {
  private readonly tables: readonly CopiedTable[];
  private readonly rows: Record<string, number> = {};

  constructor(
    private readonly source: Client,
    private readonly target: Client,
    private readonly catalog: Catalog,
    private readonly progress: Progress,
  ) {
    this.tables = COPIED_TABLES.filter(({ needs }) => catalog.has(needs));
  }

  async run(): Promise<PythonImport> {
    if (await this.isTargetEmpty()) await this.copyTables();
    else await this.assertTablesCopied();
    const sensorsSkipped = await this.copyAllBeliefs();
    await this.target.query('ANALYZE');
    return {
      rows: this.rows,
      sensorsSkipped,
      leftOut: await findLeftOut(this.source, this.catalog),
      warnings: await findWarnings(this.source),
    };
  }

  private async isTargetEmpty(): Promise<boolean> {
    const { rows: schema } = await this.target.query<{ exists: boolean }>(
      `SELECT to_regclass('generic_asset') IS NOT NULL AND to_regclass('migrations') IS NOT NULL AS exists`,
    );
    if (schema[0]?.exists !== true)
      throw new DomainError(
        'SCHEMA_MISSING',
        'The database to import into has no tables: run `flexmeasures db upgrade` first.',
      );
    const ofImport = COPIED_TABLES.filter(({ imported }) => imported === undefined);
    const filled = [...ofImport.map(({ table }) => table), BELIEFS_TABLE].map(
      (table) => `EXISTS (SELECT FROM ${table})`,
    );
    const { rows } = await this.target.query<{ filled: boolean }>(`SELECT ${filled.join(' OR ')} AS filled`);
    return rows[0]?.filled !== true;
  }

  private async copyTables(): Promise<void> {
    await this.target.query('BEGIN');
    for (const copied of this.tables) {
      const { table } = copied;
      await this.copy(
        selectRows(copied, this.catalog),
        table,
        copied.columns.map(({ name }) => name),
      );
      await this.assertEqual(copied);
      if (copied.columns.some(({ name }) => name === 'id'))
        await this.target.query(
          `SELECT setval(pg_get_serial_sequence($1, 'id'), GREATEST(max(id), 1), max(id) IS NOT NULL) FROM ${table}`,
          [table],
        );
      this.progress(`${table}: ${this.rows[table]} rows`);
    }
    await this.target.query('COMMIT');
  }

  /** @throws DomainError DATABASE_NOT_EMPTY unless the database has what an interrupted import has copied */
  private async assertTablesCopied(): Promise<void> {
    for (const copied of this.tables) {
      if (await this.isEqual(copied)) continue;
      const message = `The database has other contents (${copied.table}): run \`flexmeasures db-ops reset\` first.`;
      throw new DomainError('DATABASE_NOT_EMPTY', message);
    }
    this.progress('All tables but beliefs were copied before.');
  }

  /** @returns the number of sensors that were skipped */
  private async copyAllBeliefs(): Promise<number> {
    const { rows: sensors } = await this.source.query<{ id: number }>(
      `SELECT id FROM sensor s WHERE EXISTS (SELECT FROM ${BELIEFS_TABLE} WHERE sensor_id = s.id) ORDER BY id`,
    );
    let skipped = 0;
    this.rows[BELIEFS_TABLE] = 0;
    for (const [n, { id }] of sensors.entries()) {
      const before = this.rows[BELIEFS_TABLE];
      const isCopied = await this.copyBeliefs(id);
      if (!isCopied) skipped++;
      const beliefs = isCopied ? `${this.rows[BELIEFS_TABLE] - before} beliefs` : 'was copied before';
      this.progress(`sensor ${id} (${n + 1} of ${sensors.length}): ${beliefs}`);
    }
    return skipped;
  }

  /** @returns whether there was something to do */
  private async copyBeliefs(sensorId: number): Promise<boolean> {
    const ours = `SELECT ${BELIEF_COLUMNS} FROM ${BELIEFS_TABLE} WHERE sensor_id = ${sensorId}`;
    const { rows } = await this.target.query<{ filled: boolean }>(`SELECT EXISTS (${ours}) AS filled`);
    const areEqual = async (isDistinct: boolean): Promise<boolean> =>
      this.haveEqualChecksums(beliefsChecksum(selectBeliefs(sensorId, isDistinct)), beliefsChecksum(ours));
    if (rows[0]!.filled && ((await areEqual(false)) || (await areEqual(true)))) return false;
    for (const isDistinct of [false, true]) {
      await this.target.query('BEGIN');
      await this.target.query(`DELETE FROM ${BELIEFS_TABLE} WHERE sensor_id = ${sensorId}`);
      try {
        await this.copy(selectBeliefs(sensorId, isDistinct), BELIEFS_TABLE, BELIEF_COLUMNS.split(', '));
      } catch (error) {
        await this.target.query('ROLLBACK');
        // Beliefs that differ by less than a millisecond of their time.
        if ((error as { code?: string }).code === UNIQUE_VIOLATION && !isDistinct) continue;
        throw error;
      }
      if (!(await areEqual(isDistinct))) throw differs(`the beliefs of sensor ${sensorId}`);
      await this.target.query('COMMIT');
      return true;
    }
    return true;
  }

  private async copy(select: string, table: string, columns: string[]): Promise<void> {
    const reading = this.source.query(copyTo(`COPY (${select}) TO STDOUT`));
    const writing = this.target.query(copyFrom(`COPY ${table} (${quoteAll(columns)}) FROM STDIN`));
    await pipeline(reading, writing);
    this.rows[table] = (this.rows[table] ?? 0) + writing.rowCount;
  }

  private async assertEqual(copied: CopiedTable): Promise<void> {
    if (!(await this.isEqual(copied))) throw differs(`table ${copied.table}`);
  }

  private isEqual(copied: CopiedTable): Promise<boolean> {
    const { table, columns, imported = 'true' } = copied;
    const ours = `SELECT ${quoteAll(columns.map(({ name }) => name))} FROM ${table} WHERE ${imported}`;
    return this.haveEqualChecksums(checksumOf(selectRows(copied, this.catalog)), checksumOf(ours));
  }

  private async haveEqualChecksums(theirs: string, ours: string): Promise<boolean> {
    const [one, other] = await Promise.all([
      this.source.query<{ checksum: string }>(theirs),
      this.target.query<{ checksum: string }>(ours),
    ]);
    return one.rows[0]!.checksum === other.rows[0]!.checksum;
  }
}

const differs = (what: string): DomainError =>
  new DomainError('COPY_DIFFERS', `The copy of ${what} differs from the original; nothing of it was kept.`);
