import { errorMessage } from '#lib/errors';
import { addDuration, parseDuration, parseInstant, ZoneClock, type Duration } from '#lib/time';
import { invalidOption, type OptionName } from './option-error';

/**
 * Epoch milliseconds of a datetime given to an option.
 * @throws DomainError naming the option.
 */
export function instantOption(option: OptionName, text: string): number {
  return withOptionName(option, () => parseInstant(text));
}

/** Whether a text has the form of a date alone. */
export const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text.trim());

/**
 * Epoch milliseconds of a datetime, or of the start of a date in `timezone`, given to an option.
 * @throws DomainError naming the option.
 */
export function dateOrInstantOption(option: OptionName, text: string, timezone: string): number {
  return withOptionName(option, () => {
    if (!isDate(text)) return parseInstant(text);
    const midnightMs = Date.parse(`${text.trim()}T00:00Z`);
    const isReal = !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(text.trim());
    if (!isReal) throw new Error(`"${text}" is not a valid date; use YYYY-MM-DD.`);
    return new ZoneClock(timezone).resolveLocal(midnightMs);
  });
}

/**
 * A duration given to an option.
 * @throws DomainError naming the option.
 */
export function durationOption(option: OptionName, text: string): Duration {
  return withOptionName(option, () => parseDuration(text));
}

/**
 * The time that lies a duration given to an option before `nowMs`; days, months and years are those of UTC.
 * @throws DomainError naming the option, also for a negative duration: the time would lie in the future
 */
export function timeBeforeOption(option: OptionName, text: string, nowMs: number): number {
  const timeMs = withOptionName(option, () => addDuration(nowMs, parseDuration(text), 'UTC', -1));
  if (timeMs <= nowMs) return timeMs;
  throw invalidOption(option, `'${text}' is a negative duration.`);
}

/** End of a window: `startMs` plus a duration given to an option, calendar-aware in `timezone`. */
export function endOption(option: OptionName, text: string, startMs: number, timezone: string): number {
  const endMs = withOptionName(option, () => addDuration(startMs, parseDuration(text), timezone));
  if (endMs <= startMs) throw invalidOption(option, `'${text}' is not a positive duration.`);
  return endMs;
}

function withOptionName<T>(option: OptionName, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw invalidOption(option, errorMessage(error));
  }
}
