import { formatInstant, parseDuration, parseInstant, ZoneClock } from '#lib/time';
import { flexError } from '../flex-error';
import { isRecord } from '../values/variable-quantity';

/** A row of a series as a person types it: start, end or duration, and value; of an instant, no end. */
export interface SeriesRow {
  start: string;
  until: string;
  value: string;
}

/** How the rows of a field are written. */
export interface SeriesForm {
  /** Of the times. */
  zone: string;
  /** Whether rows have values; intervals have none. */
  hasValues: boolean;
  /** Whether a row may be an instant. */
  hasInstants: boolean;
}

const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)$/;

/** The rows of a text such as "2026-03-04 07:00, 2026-03-04 09:00, 5 kW; 2026-03-04 12:00, PT1H, 3 kW". */
export const splitRows = (text: string): SeriesRow[] =>
  text
    .split(/[;\n]/)
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row) => {
      const [start = '', until = '', ...value] = row.split(',').map((part) => part.trim());
      return { start, until, value: value.join(', ') };
    });

export const joinRows = (rows: readonly SeriesRow[]): string =>
  rows
    .map(({ start, until, value }) => [start, until, ...(value === '' ? [] : [value])].join(', '))
    .join('; ');

/**
 * The series that rows describe, as the API takes it.
 * @throws DomainError FLEX_MODEL_INVALID naming the field and the row
 */
export function readSeries(name: string, text: string, form: SeriesForm): Record<string, unknown>[] {
  return splitRows(text).map((row, i) => {
    const fail = (reason: string) => flexError(name, `Row ${i + 1}: ${reason}`);
    const start = instantOf(row.start, form.zone);
    if (start === undefined) throw fail('The start must be a time such as 2026-03-04 07:00.');
    if (form.hasValues && row.value === '') throw fail('A value is needed.');
    if (!form.hasValues && row.value !== '') throw fail('Only a start and an end are needed.');
    const value = form.hasValues ? { value: valueOf(row.value) } : {};
    if (row.until === '') {
      if (form.hasInstants) return { datetime: start, ...value };
      throw fail('An end is needed, such as 2026-03-04 09:00, or a duration such as PT2H.');
    }
    if (isDuration(row.until)) return { start, duration: row.until, ...value };
    const end = instantOf(row.until, form.zone);
    if (end === undefined) throw fail('The end must be a time such as 2026-03-04 09:00.');
    if (Date.parse(end) <= Date.parse(start)) throw fail('The end must be after the start.');
    return { start, end, ...value };
  });
}

const valueOf = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

/** A local time with the offset of its zone; undefined if it is no time. */
function instantOf(text: string, zone: string): string | undefined {
  const [, date, time] = LOCAL.exec(text) ?? [];
  const localMs = Date.parse(`${date}T${time}:00Z`);
  // `Date` takes 30 February for 2 March.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(date!)) return undefined;
  return formatInstant(new ZoneClock(zone).resolveLocal(localMs), zone);
}

/** A stored series as rows; undefined for anything else, and for what rows cannot express. */
export function seriesText(value: unknown, form: SeriesForm): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const rows = (value as unknown[]).map((entry) => rowOf(entry, form));
  return rows.every((row) => row !== undefined) ? joinRows(rows) : undefined;
}

function rowOf(entry: unknown, { zone, hasValues, hasInstants }: SeriesForm): SeriesRow | undefined {
  if (!isRecord(entry)) return undefined;
  const { datetime, start, end, duration, value, ...others } = entry;
  if (Object.keys(others).length > 0 || (value !== undefined) !== hasValues) return undefined;
  if (hasValues && typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (/[;\n]/.test(text)) return undefined;
  const isInstant = datetime !== undefined;
  if (isInstant && (!hasInstants || [start, end, duration].some((time) => time !== undefined)))
    return undefined;
  const from = localOf(isInstant ? datetime : start, zone);
  const isLength = typeof duration === 'string' && end === undefined && isDuration(duration);
  const until = isInstant
    ? ''
    : isLength
      ? duration
      : duration === undefined
        ? localOf(end, zone)
        : undefined;
  return from === undefined || until === undefined ? undefined : { start: from, until, value: text };
}

/** A moment on the clock of a zone; undefined if this clock does not tell it exactly. */
function localOf(value: unknown, zone: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const instantMs = parseInstant(value);
    const local = formatInstant(instantMs, zone).slice(0, 16).replace('T', ' ');
    return Date.parse(instantOf(local, zone) ?? '') === instantMs ? local : undefined;
  } catch {
    return undefined;
  }
}
