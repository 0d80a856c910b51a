import type { Color } from 'simple-ascii-chart';

/** Colours of the series, in order. They mark in the chart library's output which series a character belongs to. */
export const SERIES_COLORS: Color[] = [
  'ansiCyan',
  'ansiYellow',
  'ansiMagenta',
  'ansiGreen',
  'ansiRed',
  'ansiBlue',
];

/** ANSI codes of these colours. */
const CODES = ['36', '33', '35', '32', '31', '34'];

/** The line characters of the library, and the replacements for each series. */
const HEAVY = '━┓┃┗┛┏';
const STYLES = [HEAVY, '═╗║╚╝╔', '─╮│╰╯╭', '╌╌╎╌╌╌', '••••••', '++++++'];

const COLOURED = /\x1b\[(\d+)m(.)\x1b\[0m/gu;

/** Replaces the line characters of each series, and keeps colours only on terminals. */
export function applyLineStyles(chart: string): string {
  return chart.replace(COLOURED, (_, code: string, character: string) => {
    const series = CODES.indexOf(code);
    return colourize(STYLES[series]?.[HEAVY.indexOf(character)] ?? character, series);
  });
}

/** The legend: one row per series with a sample of its line. */
export function legendOf(labels: string[]): string[] {
  return labels.map((label, index) => {
    const series = index % STYLES.length;
    return `  ${colourize(STYLES[series]!.charAt(0).repeat(3), series)} ${label}`;
  });
}

function colourize(text: string, series: number): string {
  const isWanted = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  return isWanted ? `\x1b[${CODES[series]!}m${text}\x1b[0m` : text;
}
