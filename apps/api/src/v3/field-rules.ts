import { ValidateBy, type ValidationOptions } from 'class-validator';
import { parseDuration, parseInstant, TimeError } from '#lib/time';

/** A rule that is kept when `explain` has nothing to say. */
function rule(name: string, explain: (value: unknown) => string | undefined, options?: ValidationOptions) {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value) => explain(value) === undefined,
        defaultMessage: (given) => explain(given?.value) ?? '',
      },
    },
    options,
  );
}

/** An ISO 8601 datetime with time zone. */
export const IsInstant = () =>
  rule('isInstant', (value) => {
    if (typeof value !== 'string') return 'Not a valid datetime.';
    try {
      parseInstant(withPlus(value));
      return undefined;
    } catch (error) {
      const isNaive = error instanceof TimeError && error.code === 'NAIVE_DATETIME';
      return isNaive ? 'Not a valid aware datetime.' : 'Not a valid datetime.';
    }
  });

/** A + that nobody escaped arrives as a space. */
const withPlus = (text: string): string => text.replace(/ (\d{2}:?\d{2})$/, '+$1');

/** An ISO 8601 duration; a leading minus is allowed. */
export const IsDuration = () =>
  rule('isDuration', (value) => {
    try {
      parseDuration(String(value));
      return undefined;
    } catch {
      return `Cannot parse ${String(value)} as ISO8601 duration: Unable to parse duration string '${String(value)}'`;
    }
  });

/** A number, or a text that begins with one, such as "50%" or "225 kWh"; what it amounts to is checked later. */
export const IsQuantity = () =>
  rule('isQuantity', (value) => {
    const isNumber = typeof value === 'number' && Number.isFinite(value);
    const isText = typeof value === 'string' && /^\s*[-+]?(?:\d|\.\d)/.test(value);
    return isNumber || isText ? undefined : 'Not a valid number.';
  });
