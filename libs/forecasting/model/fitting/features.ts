import { DAY_MS, HOUR_MS, WEEK_MS } from '#lib/time';
import { stepAtSameLocalTime, type Calendar } from '../series/calendar';
import type { KnownValues } from '../series/known-values';
import type { RegularSeries } from '../series/series';

const RECENT_LAGS = 4;
const DAILY_LAGS = 6;
const WEEKLY_LAGS = 2;
const PROFILE_DAYS = 7;
const HARMONICS = 4;
const WEEKEND_HARMONICS = 2;
/** Value, square and cube, as wind and solar power are not proportional to the weather. */
const POWERS_OF_REGRESSOR = 3;

/** Upper limit of the number of features with this number of regressors. */
export const maxFeatures = (regressors: number): number => 256 + POWERS_OF_REGRESSOR * regressors;

/** Inputs of features: a series as it was known, its calendar and the regressors. */
export interface FeatureInputs {
  series: RegularSeries;
  known: KnownValues;
  calendar: Calendar;
  regressors: readonly Float64Array[];
  /** Whether values have one sign and are not transformed: then profiles can be scaled with today's level. */
  isScalable: boolean;
}

/**
 * The features of a step, from values that are known `horizonSteps` before its end: recent values; values at the same local
 * time of earlier days and weeks, and their neighbours; the mean of the last week at that time, plain and scaled with
 * today's level; means of the last hours, day and week; time of day, day of the week; regressors at the step.
 */
export class Features {
  readonly count: number;
  private readonly day: number | undefined;
  private readonly week: number | undefined;
  private readonly hours: number;

  constructor(
    private readonly inputs: FeatureInputs,
    readonly horizonSteps: number,
  ) {
    const { stepMs } = inputs.series;
    this.day = wholeSteps(DAY_MS, stepMs);
    this.week = wholeSteps(WEEK_MS, stepMs);
    this.hours = Math.max(2, Math.round((3 * HOUR_MS) / stepMs));
    this.count = this.write(inputs.known.length, new Float64Array(maxFeatures(inputs.regressors.length)), 0);
  }

  /**
   * Writes the features of a step.
   * @returns the number of features; features are NaN if too little is known
   */
  write(target: number, out: Float64Array, offset: number): number {
    let at = offset;
    at = this.writeRecent(target, out, at);
    if (this.day !== undefined) at = this.writeDaily(target, out, at, this.day);
    if (this.week !== undefined) at = this.writeWeekly(target, out, at, this.week);
    at = this.writeCalendar(target, out, at);
    for (const regressor of this.inputs.regressors) {
      const value = regressor[target] ?? NaN;
      for (let power = 1; power <= POWERS_OF_REGRESSOR; power++) out[at++] = value ** power;
    }
    return at - offset;
  }

  private writeRecent(target: number, out: Float64Array, offset: number): number {
    const { known } = this.inputs;
    const last = target - this.horizonSteps;
    let at = offset;
    for (let lag = 0; lag < RECENT_LAGS; lag++) out[at++] = known.at(last - lag, last);
    out[at++] = known.mean(last, this.hours);
    return at;
  }

  private writeDaily(target: number, out: Float64Array, offset: number, day: number): number {
    const { known, isScalable, calendar } = this.inputs;
    const last = target - this.horizonSteps;
    let at = offset;
    let sum = 0;
    let sumNow = 0;
    for (let k = 0, days = Math.ceil(this.horizonSteps / day); k < PROFILE_DAYS; k++, days++) {
      const then = stepAtSameLocalTime(calendar, target, { periods: days, period: day, last });
      const value = known.at(then, last);
      sum += value;
      sumNow += known.at(stepAtSameLocalTime(calendar, last, { periods: k + 1, period: day, last }), last);
      if (k < DAILY_LAGS) out[at++] = value;
      if (k === 0) {
        out[at++] = known.at(then - 1, last);
        out[at++] = known.at(then + 1 <= last ? then + 1 : then + 1 - day, last);
      }
    }
    const usual = sum / PROFILE_DAYS;
    const usualNow = sumNow / PROFILE_DAYS;
    out[at++] = usual;
    out[at++] = usualNow;
    out[at++] = isScalable ? usual * relativeLevel(known.at(last, last), usualNow) : 0;
    out[at++] = known.mean(last, day);
    return at;
  }

  private writeWeekly(target: number, out: Float64Array, offset: number, week: number): number {
    const { known, calendar } = this.inputs;
    const last = target - this.horizonSteps;
    const first = Math.ceil(this.horizonSteps / week);
    let at = offset;
    for (let weeks = first; weeks < first + WEEKLY_LAGS; weeks++)
      out[at++] = known.at(
        stepAtSameLocalTime(calendar, target, { periods: weeks, period: week, last }),
        last,
      );
    // The last week compared with the week before.
    out[at++] = known.mean(last, week);
    const dayOrWeek = this.day ?? week;
    out[at++] = known.mean(last - week, dayOrWeek);
    out[at++] = known.at(last - week, last);
    return at;
  }

  private writeCalendar(target: number, out: Float64Array, offset: number): number {
    const { dayPart, weekday } = this.inputs.calendar;
    const angle = 2 * Math.PI * (dayPart[target] ?? 0);
    const today = weekday[target] ?? 0;
    const isWeekend = today >= 5 ? 1 : 0;
    let at = offset;
    for (let k = 1; k <= HARMONICS; k++) {
      const [sine, cosine] = [Math.sin(k * angle), Math.cos(k * angle)];
      out[at++] = sine;
      out[at++] = cosine;
      if (k > WEEKEND_HARMONICS) continue;
      out[at++] = isWeekend * sine;
      out[at++] = isWeekend * cosine;
    }
    for (let day = 1; day < 7; day++) out[at++] = today === day ? 1 : 0;
    return at;
  }
}

/** Number of steps in a period; undefined if it is not a whole number above 1. */
function wholeSteps(periodMs: number, stepMs: number): number | undefined {
  const steps = periodMs / stepMs;
  return Number.isInteger(steps) && steps > 1 ? steps : undefined;
}

/** Ratio of the last value to the usual value at that time, between 0 and 3; 1 if the usual value is zero. */
const relativeLevel = (value: number, usual: number): number =>
  Math.abs(usual) > 1e-9 ? Math.min(3, Math.max(0, value / usual)) : 1;
