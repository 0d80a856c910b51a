import type { DrawnSeries } from './series';
import { isoTime } from './zone';

/** The shown values as CSV: one row per value. */
export function toCsv(
  panels: readonly DrawnSeries[][],
  startMs: number,
  endMs: number,
  zone: string,
): string {
  const rows = panels.flat().flatMap(({ sensor, source, starts, values, kinds, lows, highs, moment }) =>
    starts.flatMap((start, i) => {
      if (start < startMs || start >= endMs || values[i] == null) return [];
      const numbers = [values[i], lows?.[i], highs?.[i]].map((value) => (value == null ? '' : String(value)));
      return [
        [
          isoTime(start, zone),
          sensor.label,
          sensor.unit,
          source.description,
          kinds[i]!,
          ...numbers,
          ...(moment ? [moment.text] : []),
        ],
      ];
    }),
  );
  const isCompared = panels.flat().some(({ moment }) => moment !== undefined);
  const header = [
    'start',
    'sensor',
    'unit',
    'source',
    'kind',
    'value',
    'low',
    'high',
    ...(isCompared ? ['known'] : []),
  ];
  return [header, ...rows].map((row) => row.map(toCell).join(',')).join('\r\n') + '\r\n';
}

/** Quotes a text. One that a spreadsheet would take for a formula gets an apostrophe. */
function toCell(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text));
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
