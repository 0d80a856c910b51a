import { plot, type Color } from 'simple-ascii-chart';
import { formatInstant } from '#lib/time';
import { applyLineStyles, legendOf, SERIES_COLORS } from './line-styles';

export interface PlottedSeries {
  /** Names the series in the legend. */
  label: string;
  /** Epoch milliseconds of the events' starts, ascending. */
  eventStarts: Float64Array;
  /** One value per event; NaN and infinite ones are not drawn. */
  values: Float64Array;
  /** Duration of an event; 0 for instantaneous ones. The line is interrupted before an event that starts later. */
  stepMs: number;
}

type Point = [x: number, y: number];

const HEIGHT = 18;
const MAX_WIDTH = 100;
const TICK_SPACING = 12;
const HOUR_MS = 3_600_000;

/**
 * Draws a step chart for the terminal, with the time in `timezone` on the x-axis. Several series have different line
 * styles, and different colours on a terminal. At least one value must be finite.
 */
export function plotSeries(series: PlottedSeries[], unit: string, timezone: string): string {
  const width = Math.min(MAX_WIDTH, Math.max(40, process.stdout.columns ? process.stdout.columns - 14 : 80));
  const scale = scaleOf(series);
  const stretches = series.flatMap((one, index) =>
    splitAtGaps(one, scale).map((points) => ({
      points,
      color: SERIES_COLORS[index % SERIES_COLORS.length]!,
    })),
  );
  const times = stretches.flatMap(({ points }) => points.map(([time]) => time));
  const span = { from: times.reduce((a, b) => Math.min(a, b)), to: times.reduce((a, b) => Math.max(a, b)) };
  const chart = plot(
    stretches.map(({ points }) => points),
    {
      width,
      height: HEIGHT,
      customXAxisTicks: tickTimes(span, series, width),
      formatter: (value, { axis }) => (axis === 'x' ? label(value, span, timezone) : roundTick(value, scale)),
      ...(series.length > 1 ? { color: stretches.map(({ color }): Color => color) } : {}),
    },
  );
  const lines = applyLineStyles(chart)
    .split('\n')
    .map((line) => line.trimEnd());
  return [
    ...(unit === '' ? [] : [`  [${unit}]`]),
    ...lines.filter((line) => line !== ''),
    ...(series.length > 1 ? legendOf(series.map((one) => one.label)) : []),
  ].join('\n');
}

/**
 * The factor for all values before drawing. The library multiplies values with each other, which overflows for very
 * large values and underflows for very small ones. A power of 2, so that scaling causes no rounding.
 */
function scaleOf(series: PlottedSeries[]): number {
  const largest = series
    .flatMap(({ values }) =>
      values.reduce((max, v) => (Number.isFinite(v) ? Math.max(max, Math.abs(v)) : max), 0),
    )
    .reduce((a, b) => Math.max(a, b), 0);
  if (largest === 0 || (largest > 1e-100 && largest < 1e100)) return 1;
  return 2 ** -Math.max(-1000, Math.min(Math.floor(Math.log2(largest)), 1000));
}

/** Splits the series where values are missing; each event is drawn from its start to its end. */
function splitAtGaps({ eventStarts, values, stepMs }: PlottedSeries, scale: number): Point[][] {
  const stretches: Point[][] = [];
  let current: Point[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const value = values[i]! * scale;
    current.push([eventStarts[i]!, value]);
    const next = Number.isFinite(values[i + 1]) ? eventStarts[i + 1] : undefined;
    // A tolerance of half a step, because some days have 25 hours.
    const continues = next !== undefined && (stepMs === 0 || next - eventStarts[i]! < 1.5 * stepMs);
    if (continues) continue;
    if (stepMs > 0) current.push([eventStarts[i]! + stepMs, value]);
    stretches.push(current);
    current = [];
  }
  return stretches;
}

interface Span {
  from: number;
  to: number;
}

/** Times of the ticks on the x-axis: evenly spaced multiples of the shortest step. */
function tickTimes({ from, to }: Span, series: PlottedSeries[], width: number): number[] {
  const steps = series.map(({ stepMs }) => stepMs).filter((stepMs) => stepMs > 0);
  const stepMs = steps.length > 0 ? Math.min(...steps) : Math.max(1, (to - from) / width);
  const ticks = Math.max(2, Math.floor(width / TICK_SPACING));
  const every = Math.max(1, Math.ceil((to - from) / stepMs / ticks)) * stepMs;
  const times: number[] = [];
  for (let time = from; time < to || times.length === 0; time += every) times.push(time);
  return times;
}

function label(ms: number, { from, to }: Span, timezone: string): string {
  const hours = (to - from) / HOUR_MS;
  const time = formatInstant(Math.round(ms), timezone);
  if (hours > 367 * 24) return time.slice(0, 'yyyy-MM'.length);
  return hours > 49
    ? time.slice('yyyy-'.length, 'yyyy-MM-dd'.length)
    : time.slice('yyyy-MM-ddT'.length, 'yyyy-MM-ddTHH:mm'.length);
}

/** Label of a tick on the y-axis. Rounding the largest numbers may overflow. */
function roundTick(value: number, scale: number): string {
  const tick = Math.max(-Number.MAX_VALUE, Math.min(value / scale, Number.MAX_VALUE));
  const rounded = tick.toPrecision(4);
  return Number.isFinite(Number(rounded)) ? String(Number(rounded)) : rounded;
}
