import { DomainError } from '#lib/errors';
import { addDuration, parseDuration, parseInstant } from '#lib/time';

/**
 * Epoch milliseconds of a datetime given to an option.
 * @throws DomainError naming the option.
 */
export function instantOption(option: string, text: string): number {
  return naming(option, () => parseInstant(text));
}

/** End of a window: `startMs` plus a duration given to an option, calendar-aware in `timezone`. */
export function endOption(option: string, text: string, startMs: number, timezone: string): number {
  const endMs = naming(option, () => addDuration(startMs, parseDuration(text), timezone));
  if (endMs <= startMs)
    throw new DomainError('INVALID_OPTION', `${option}: '${text}' is not a positive duration.`, option);
  return endMs;
}

function naming<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new DomainError(
      'INVALID_OPTION',
      `${option}: ${error instanceof Error ? error.message : String(error)}`,
      option,
    );
  }
}
