import { DAY_MS, HOUR_MS, WEEK_MS } from '#lib/time';
import { sameLocalTime, type Calendar } from '../series/calendar';
import type { KnownValues } from '../series/known-values';
import type { RegularSeries } from '../series/series';

const RECENT_LAGS = 4;
const DAILY_LAGS = 6;
const WEEKLY_LAGS = 2;
const PROFILE_DAYS = 7;
const HARMONICS = 4;
const WEEKEND_HARMONICS = 2;
/** Value, its square and its cube: what wind and sun give does not grow in proportion. */
const POWERS_OF_REGRESSOR = 3;

/** What features are computed from: a series as it was known, its calendar, and what else is known of each step. */
export interface FeatureInputs {
  series: RegularSeries;
  known: KnownValues;
  calendar: Calendar;
  regressors: readonly Float64Array[];
  /** Whether values have one sign, and no transform bends them: then profiles can be scaled by today's level. */
  isScalable: boolean;
}

/**
 * What helps to tell the value at a step from all that is known `horizonSteps` before its end:
 * recent values; values at the same local time of earlier days and weeks, and their neighbours; what the last week was
 * like at that time, plain and scaled by how today compares with it; means of the last hours, day and week; time of
 * day, day of the week; regressors at the step.
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
    this.count = this.write(inputs.known.length, new Float64Array(256), 0);
  }

  /**
   * Writes the features of a step.
   * @returns how many; any of them may be NaN, where too little is known
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
      const then = sameLocalTime(calendar, target, { periods: days, period: day, last });
      const value = known.at(then, last);
      sum += value;
      sumNow += known.at(sameLocalTime(calendar, last, { periods: k + 1, period: day, last }), last);
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
    out[at++] = isScalable ? usual * levelOf(known.at(last, last), usualNow) : 0;
    out[at++] = known.mean(last, day);
    return at;
  }

  private writeWeekly(target: number, out: Float64Array, offset: number, week: number): number {
    const { known, calendar } = this.inputs;
    const last = target - this.horizonSteps;
    const first = Math.ceil(this.horizonSteps / week);
    let at = offset;
    for (let weeks = first; weeks < first + WEEKLY_LAGS; weeks++)
      out[at++] = known.at(sameLocalTime(calendar, target, { periods: weeks, period: week, last }), last);
    // How this week began compared with the last one.
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

/** How many steps a period has; undefined when it is no more than one, or not whole. */
function wholeSteps(periodMs: number, stepMs: number): number | undefined {
  const steps = periodMs / stepMs;
  return Number.isInteger(steps) && steps > 1 ? steps : undefined;
}

/** How the last value compares with what is usual then; nothing to compare with: as usual. */
const levelOf = (value: number, usual: number): number =>
  Math.abs(usual) > 1e-9 ? Math.min(3, Math.max(0, value / usual)) : 1;
