import { InvalidArgumentError, Option } from 'commander';

/** The largest id that the database can store. */
const MAX_ID = 2_147_483_647;

/** Parses a positive id. */
export function id(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Must be a positive integer.');
  if (Number(text) > MAX_ID) throw new InvalidArgumentError(`Must be at most ${MAX_ID}.`);
  return Number(text);
}

/** Parses a number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Must be a number.');
  return value;
}

/** Parses a whole number that is not negative. */
export function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Must be an integer.');
  return Number(text);
}

/** Parses a whole number. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Must be an integer.');
}

/** Parses a year of four digits. */
export function year(text: string): number {
  if (!/^[1-9]\d{3}$/.test(text))
    throw new InvalidArgumentError('Must be a year of four digits, such as 2023.');
  return Number(text);
}

/** Returns a parser for one of several texts. */
export const oneOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`Must be one of: ${choices.join(', ')}.`);
    return found;
  };

/** Parses a boolean. */
export function boolean(text: string): boolean {
  if (/^(true|yes|1)$/i.test(text)) return true;
  if (/^(false|no|0)$/i.test(text)) return false;
  throw new InvalidArgumentError('Must be true or false.');
}

/** Parses a JSON list. */
export function jsonList(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Invalid JSON: reported below.
  }
  throw new InvalidArgumentError('Must be a JSON list, for instance \'[1, "a"]\'.');
}

/** Parses a JSON object. */
export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Invalid JSON: reported below.
  }
  throw new InvalidArgumentError('Must be a JSON object, for instance \'{"capacity_in_mw": 0.5}\'.');
}

/** Collects the values of an option that may be given several times. */
export function collect<T>(parse: (text: string) => T): (text: string, previous: T[] | undefined) => T[] {
  return (text, previous = []) => [...previous, parse(text)];
}

/** The required option --sensor-id. */
export const sensorIdOption = (description: string): Option =>
  new Option('--sensor-id <id>', description).argParser(id).makeOptionMandatory();

/** The option for amounts of events of which only a part is known. */
export const partialOption = (): Option =>
  new Option(
    '--partial <rule>',
    'what energy and other amounts are if only a part of an event is known: unknown, or scaled up from that part ' +
      '(default: unknown)',
  ).choices(['unknown', 'scale']);
