import { formatInstant } from '#lib/time';

/** Values to write below one header; ascending event starts in epoch milliseconds. */
export interface CsvColumn {
  header: string;
  eventStarts: Float64Array;
  values: Float64Array;
}

/** One row per event start that any column knows, in the zone's time; cells are empty where nothing is known. */
export function beliefsCsv(columns: CsvColumn[], timezone: string): string {
  const next = columns.map(() => 0);
  const lines = [['event_start', ...columns.map(({ header }) => header)].map(quoted).join(',')];
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

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
