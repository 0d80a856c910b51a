import { DomainError } from '#lib/errors';

/** Name of the file of a backup that tells what is in the other files. It is written last. */
export const MANIFEST_FILE = 'manifest.json';

const FORMAT = 'flexmeasures-backup';
const FORMAT_VERSION = 1;

/** The rows of a table: a gzip file with CSV, as PostgreSQL writes it, with a header line. */
export interface TableFile {
  table: string;
  file: string;
  columns: string[];
  rows: number;
  /** Checksum of the CSV before compression, in hexadecimal digits. */
  sha256: string;
}

/** The state of the sequence that gives a column its default. */
export interface SequenceState {
  table: string;
  column: string;
  /** A bigint, in digits. */
  lastValue: string;
  /** Whether `lastValue` was already given out. */
  isCalled: boolean;
}

/** What is in a backup. */
export interface Manifest {
  format: typeof FORMAT;
  version: number;
  /** ISO 8601. */
  createdAt: string;
  /** Version of the PostgreSQL server. */
  postgresql: string;
  /** Newest migration of the schema. */
  schema: string;
  tables: TableFile[];
  sequences: SequenceState[];
}

/** Whether a text can be the name of a backup: letters, digits, dots, hyphens and underscores. */
export const isBackupName = (name: string): boolean =>
  /^\w[\w.-]{0,99}$/.test(name) && !name.endsWith('.partial');

/** A manifest of the current version of the format. */
export const manifestOf = (content: Omit<Manifest, 'format' | 'version'>): Manifest => ({
  format: FORMAT,
  version: FORMAT_VERSION,
  ...content,
});

/** @throws DomainError BACKUP_INVALID, if the text is no manifest, or one of a later version */
export function parseManifest(text: string): Manifest {
  const manifest = parseObject(text) as Partial<Manifest> | undefined;
  if (manifest?.format !== FORMAT || !isList(manifest.tables) || !isList(manifest.sequences))
    throw new DomainError('BACKUP_INVALID', `${MANIFEST_FILE} does not describe a backup of FlexMeasures.`);
  if (manifest.version !== FORMAT_VERSION) {
    const message = `The backup has version ${String(manifest.version)} of the format; only version ${FORMAT_VERSION} can be read.`;
    throw new DomainError('BACKUP_INVALID', message);
  }
  if (!manifest.tables.every(isTableFile))
    throw new DomainError(
      'BACKUP_INVALID',
      `${MANIFEST_FILE} has a table without its file, columns or checksum.`,
    );
  if (!manifest.sequences.every(isSequenceState))
    throw new DomainError(
      'BACKUP_INVALID',
      `${MANIFEST_FILE} has a sequence without its table, column or value.`,
    );
  return manifest as Manifest;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** Files are in the folder itself: names with separators are refused. */
function isTableFile(given: unknown): boolean {
  const { table, file, columns, rows, sha256 } = (given ?? {}) as Partial<TableFile>;
  return (
    typeof table === 'string' &&
    typeof file === 'string' &&
    /^[\w.]+$/.test(file) &&
    isList(columns) &&
    columns.every((column) => typeof column === 'string') &&
    typeof rows === 'number' &&
    typeof sha256 === 'string'
  );
}

function isSequenceState(given: unknown): boolean {
  const { table, column, lastValue, isCalled } = (given ?? {}) as Partial<SequenceState>;
  return (
    typeof table === 'string' &&
    typeof column === 'string' &&
    /^-?\d+$/.test(String(lastValue)) &&
    typeof isCalled === 'boolean'
  );
}
