import type { Color } from 'simple-ascii-chart';

/** Colours that tell the chart's library which series a character belongs to; in the order of the series. */
export const SERIES_COLORS: Color[] = [
  'ansiCyan',
  'ansiYellow',
  'ansiMagenta',
  'ansiGreen',
  'ansiRed',
  'ansiBlue',
];

/** The terminal's codes for these colours. */
const CODES = ['36', '33', '35', '32', '31', '34'];

/** How the library draws lines, and other ways to draw the same. */
const HEAVY = '━┓┃┗┛┏';
const STYLES = [HEAVY, '═╗║╚╝╔', '─╮│╰╯╭', '╌╌╎╌╌╌', '••••••', '++++++'];

const COLOURED = /\x1b\[(\d+)m(.)\x1b\[0m/gu;

/** Draws the coloured lines of a chart in their own style, and leaves the colours to terminals that want them. */
export function drawInStyles(chart: string): string {
  return chart.replace(COLOURED, (_, code: string, character: string) => {
    const series = CODES.indexOf(code);
    return inColour(STYLES[series]?.[HEAVY.indexOf(character)] ?? character, series);
  });
}

/** One line per series, with a piece of its line. */
export function legendOf(labels: string[]): string[] {
  return labels.map((label, index) => {
    const series = index % STYLES.length;
    return `  ${inColour(STYLES[series]!.charAt(0).repeat(3), series)} ${label}`;
  });
}

function inColour(text: string, series: number): string {
  const isWanted = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  return isWanted ? `\x1b[${CODES[series]!}m${text}\x1b[0m` : text;
}
