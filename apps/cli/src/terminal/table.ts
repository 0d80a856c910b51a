import Table from 'cli-table3';

type Cell = string | number | null | undefined;

/** A table without borders, with a line of dashes below the headers. Numeric columns are right-aligned. */
export function formatTable(headers: string[], rows: Cell[][]): string {
  const isNumeric = headers.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  );
  const table = new Table({
    chars: {
      ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
      ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
      ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: isNumeric.map((numeric) => (numeric ? 'right' : 'left')),
  });
  const text = rows.map((row) => row.map((cell) => (cell == null ? '' : String(cell))));
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...text.map((row) => longestLine(row[column]))),
  );
  table.push(
    headers,
    widths.map((width) => '-'.repeat(width)),
    ...text,
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const longestLine = (text: string | undefined): number =>
  Math.max(0, ...(text ?? '').split('\n').map((line) => line.length));

/** A title between two lines of equals signs. */
export function formatTitle(title: string): string {
  const rule = '='.repeat(title.length);
  return `${rule}\n${title}\n${rule}`;
}
