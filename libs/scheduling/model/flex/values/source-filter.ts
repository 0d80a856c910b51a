import { flexError } from '../flex-error';

/** Which sources of the data of a sensor count. A filter that is not given lets all sources pass. */
export interface SourceFilter {
  sourceIds?: number[];
  sourceTypes?: string[];
  excludeSourceTypes?: string[];
  /** Accounts of the users who posted the data. */
  accountIds?: number[];
}

/** Keys beside `sensor` in a reference that select sources. */
export const SOURCE_FILTERS = [
  'source',
  'sources',
  'source-types',
  'exclude-source-types',
  'source-account',
] as const;

/**
 * Reads the keys of a reference to a sensor that select sources; undefined without any. `source` and `source-account` take
 * one id or a list.
 * @param field path of the reference, for errors
 * @throws DomainError FLEX_MODEL_INVALID naming the key
 */
export function parseSourceFilter(
  reference: Readonly<Record<string, unknown>>,
  field: string,
): SourceFilter | undefined {
  if (SOURCE_FILTERS.every((key) => reference[key] === undefined)) return undefined;
  const ids = (key: (typeof SOURCE_FILTERS)[number]) =>
    readList(reference[key], `${field}.${key}`, isId, 'ids');
  const texts = (key: (typeof SOURCE_FILTERS)[number]) =>
    readList(reference[key], `${field}.${key}`, isText, 'types of sources');
  const [source, sources] = [ids('source'), ids('sources')];
  if (source && sources) throw flexError(`${field}.source`, 'give either source or sources, not both.');
  const filter = {
    sourceIds: source ?? sources,
    sourceTypes: texts('source-types'),
    excludeSourceTypes: texts('exclude-source-types'),
    accountIds: ids('source-account'),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 80;

function readList<T>(
  value: unknown,
  path: string,
  isItem: (item: unknown) => item is T,
  what: string,
): T[] | undefined {
  if (value === undefined) return undefined;
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0 || !items.every(isItem)) throw flexError(path, `a list of ${what} is needed.`);
  return items;
}
