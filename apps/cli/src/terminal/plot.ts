import { formatInTimeZone } from 'date-fns-tz';
import { plot } from 'simple-ascii-chart';

export interface PlottedSeries {
  /** Epoch milliseconds of the events' starts, evenly spaced. */
  eventStarts: Float64Array;
  /** One value per event; NaN where nothing is known. */
  values: Float64Array;
}

const HEIGHT = 18;
const MAX_WIDTH = 100;
const TICK_SPACING = 12;
const HOUR_MS = 3_600_000;

/** A step chart for the terminal: time in `timezone` from left to right, values from bottom to top. */
export function plotSeries({ eventStarts, values }: PlottedSeries, unit: string, timezone: string): string {
  const width = Math.min(MAX_WIDTH, Math.max(40, process.stdout.columns ? process.stdout.columns - 14 : 80));
  const stepMs = eventStarts.length > 1 ? eventStarts[1]! - eventStarts[0]! : HOUR_MS;
  const chart = plot(knownStretches(eventStarts, values, stepMs), {
    width,
    height: HEIGHT,
    customXAxisTicks: tickTimes(eventStarts, stepMs, width),
    formatter: (value, { axis }) => (axis === 'x' ? label(value, eventStarts, timezone) : roundTick(value)),
  });
  const lines = chart.split('\n').map((line) => line.trimEnd());
  return [...(unit === '' ? [] : [`  [${unit}]`]), ...lines.filter((line) => line !== '')].join('\n');
}

/** Splits the series where values are missing; each event is drawn from its start to its end. */
function knownStretches(starts: Float64Array, values: Float64Array, stepMs: number): [number, number][][] {
  const stretches: [number, number][][] = [];
  let current: [number, number][] = [];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) {
      if (current.length > 0) stretches.push(current);
      current = [];
      continue;
    }
    current.push([starts[i]!, values[i]!]);
    if (i + 1 === values.length || Number.isNaN(values[i + 1]!))
      current.push([starts[i]! + stepMs, values[i]!]);
  }
  if (current.length > 0) stretches.push(current);
  return stretches;
}

function tickTimes(starts: Float64Array, stepMs: number, width: number): number[] {
  const ticks = Math.max(2, Math.floor(width / TICK_SPACING));
  const every = Math.ceil(starts.length / ticks);
  return Array.from(starts.filter((_, index) => index % every === 0 && starts.length * stepMs > 0));
}

function label(ms: number, starts: Float64Array, timezone: string): string {
  const isLong = starts[starts.length - 1]! - starts[0]! > 48 * HOUR_MS;
  return formatInTimeZone(ms, timezone, isLong ? 'MM-dd' : 'HH:mm');
}

const roundTick = (value: number): string => String(Number(value.toPrecision(4)));
