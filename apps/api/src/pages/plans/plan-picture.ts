import { formatInstant } from '#lib/time';
import { shownNumber } from '../graphs/latest-values.service';
import { timeInWords } from '../frame/words';

/** The size of a picture in its own units; pages stretch it. */
const WIDTH = 1000;
const HEIGHT = 100;

/** A series as a path of SVG, with the numbers beside it. */
export interface PlanPicture {
  title: string;
  unit: string;
  kind: 'power' | 'soc';
  path: string;
  /** Height of the line of zero. */
  zero: number;
  highest: string;
  lowest: string;
  from: string;
  until: string;
}

/** A series to draw: values of steps, or of the moments between them. */
export interface DrawnSeries {
  title: string;
  unit: string;
  kind: PlanPicture['kind'];
  values: ArrayLike<number>;
}

/** The period of a plan. */
export interface PlanPeriod {
  startMs: number;
  stepMs: number;
  steps: number;
  timezone: string;
}

/** Draws a series. Zero is always within the picture. */
export function pictureOf({ title, unit, kind, values }: DrawnSeries, period: PlanPeriod): PlanPicture {
  const { startMs, stepMs, steps, timezone } = period;
  const all = Array.from(values);
  const highest = Math.max(0, ...all);
  const lowest = Math.min(0, ...all);
  const range = highest - lowest || 1;
  const y = (value: number): number => round(((highest - value) / range) * HEIGHT);
  const x = (index: number): number => round((index / steps) * WIDTH);
  const time = (ms: number): string => timeInWords(formatInstant(ms, timezone)).slice(0, 16);
  return {
    ...{ title, unit, kind, zero: y(0) },
    path: kind === 'power' ? steppedPath(all, x, y) : linePath(all, x, y),
    ...{ highest: shownNumber(highest), lowest: shownNumber(lowest) },
    ...{ from: time(startMs), until: time(startMs + steps * stepMs) },
  };
}

const round = (number: number): number => Math.round(number * 10) / 10;

type Scale = (value: number) => number;

/** Each value holds for a step. */
const steppedPath = (values: readonly number[], x: Scale, y: Scale): string =>
  values.map((value, i) => `${i === 0 ? 'M0 ' : 'V'}${y(value)}H${x(i + 1)}`).join('');

/** Each value holds at a moment between steps. */
const linePath = (values: readonly number[], x: Scale, y: Scale): string =>
  values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(value)}`).join('');
