import { formatInstant } from '#lib/time';

/** One column of values; event starts are ascending epoch milliseconds. */
export interface CsvColumn {
  header: string;
  eventStarts: Float64Array;
  values: Float64Array;
}

/** CSV with one row per event start of any column, in the time zone. Cells without a value are empty. */
export function beliefsCsv(columns: CsvColumn[], timezone: string): string {
  const next = columns.map(() => 0);
  const lines = [['event_start', ...columns.map(({ header }) => header)].map(quoteCell).join(',')];
  for (;;) {
    const eventStart = Math.min(...columns.map((column, i) => column.eventStarts[next[i]!] ?? Infinity));
    if (eventStart === Infinity) break;
    const cells = columns.map((column, i) =>
      column.eventStarts[next[i]!] === eventStart ? String(column.values[next[i]!++]!) : '',
    );
    lines.push([formatInstant(eventStart, timezone), ...cells].join(','));
  }
  return `${lines.join('\n')}\n`;
}

const quoteCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
