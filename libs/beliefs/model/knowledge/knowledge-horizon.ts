import { DomainError } from '#lib/errors';
import { DAY_MS, formatInstant, isTimeZone, parseDurationMs, parseInstant } from '#lib/time';

/**
 * When the true value of an event becomes known, as stored on the sensor: the name of a rule and its arguments. The
 * names and arguments are those of timely-beliefs (timely_beliefs/sensors/func_store/knowledge_horizons.py).
 *
 * For instance, the prices of a day-ahead market are published at noon of the day before, however far ahead the hour is:
 * `x_days_ago_at_y_oclock` with {x: 1, y: 12, z: 'Europe/Paris'}.
 */
export type KnowledgeHorizon =
  /** Some time (usually none) after the event's end. */
  | { fnc: 'ex_post'; par: { ex_post_horizon?: string } }
  /** Some time before the event's start. */
  | { fnc: 'ex_ante'; par: { ex_ante_horizon: string } }
  /** The same moment for all events, such as the date of a contract. */
  | { fnc: 'at_date'; par: { knowledge_time: string } }
  /** y o'clock in zone z, x days before the day on which the event starts there. */
  | { fnc: 'x_days_ago_at_y_oclock'; par: { x: number; y: number; z: string } };

/** The knowledge horizon of a sensor has an unknown rule, or arguments that do not fit the rule. */
export class KnowledgeHorizonInvalid extends DomainError {
  constructor(message: string, field: string) {
    super('KNOWLEDGE_HORIZON_INVALID', message, field);
    this.name = 'KnowledgeHorizonInvalid';
  }
}

/** Largest distance between an event and the moment at which it becomes known: a hundred years. */
const MAX_DISTANCE_DAYS = 36_525;

/** The rule of ordinary (physical) sensors: an event becomes known when it ends. */
export const EX_POST: KnowledgeHorizon = { fnc: 'ex_post', par: { ex_post_horizon: 'PT0H' } };

/**
 * Parses the stored form of a knowledge horizon.
 *
 * @param par the rule's arguments, as read from JSON
 * @throws KnowledgeHorizonInvalid naming the argument
 */
export function parseKnowledgeHorizon(fnc: string, par: unknown): KnowledgeHorizon {
  const args = typeof par === 'object' && par !== null ? (par as Record<string, unknown>) : {};
  switch (fnc) {
    case 'ex_post':
      return { fnc, par: { ex_post_horizon: durationArgument(args, 'ex_post_horizon', 'PT0H') } };
    case 'ex_ante':
      return { fnc, par: { ex_ante_horizon: durationArgument(args, 'ex_ante_horizon') } };
    case 'at_date':
      return { fnc, par: { knowledge_time: instantArgument(args, 'knowledge_time') } };
    case 'x_days_ago_at_y_oclock':
    case 'x_days_ago_at_y_o_clock':
      return { fnc: 'x_days_ago_at_y_oclock', par: dayAndHourArguments(args) };
    default:
      throw new KnowledgeHorizonInvalid(
        `'${fnc}' is not a knowledge horizon function: use ex_post, ex_ante, at_date or x_days_ago_at_y_oclock.`,
        'knowledge_horizon_fnc',
      );
  }
}

function durationArgument(args: Record<string, unknown>, name: string, fallback?: string): string {
  const value = args[name] ?? fallback;
  if (typeof value !== 'string') throw invalidArgument(name, 'an ISO 8601 duration');
  if (Math.abs(lengthMs(value, name)) > MAX_DISTANCE_DAYS * DAY_MS) {
    throw invalidArgument(name, 'at most a hundred years');
  }
  return value;
}

function lengthMs(duration: string, name: string): number {
  try {
    return parseDurationMs(duration);
  } catch {
    throw invalidArgument(name, 'an ISO 8601 duration of hours, minutes and seconds');
  }
}

function instantArgument(args: Record<string, unknown>, name: string): string {
  const value = args[name];
  try {
    if (typeof value === 'string') return formatInstant(parseInstant(value), 'UTC');
  } catch {
    // Reported below with the name of the argument.
  }
  throw invalidArgument(name, 'an ISO 8601 datetime with a timezone');
}

function dayAndHourArguments(args: Record<string, unknown>): { x: number; y: number; z: string } {
  const { x, y, z } = args;
  if (typeof x !== 'number' || !Number.isInteger(x)) throw invalidArgument('x', 'a whole number of days');
  if (Math.abs(x) > MAX_DISTANCE_DAYS) throw invalidArgument('x', 'at most a hundred years');
  if (typeof y !== 'number' || !(y >= 0 && y <= 24)) throw invalidArgument('y', 'an hour between 0 and 24');
  if (typeof z !== 'string' || !isTimeZone(z)) throw invalidArgument('z', 'a timezone such as Europe/Paris');
  return { x, y, z };
}

function invalidArgument(name: string, expected: string): KnowledgeHorizonInvalid {
  return new KnowledgeHorizonInvalid(
    `Argument '${name}' of the knowledge horizon must be ${expected}.`,
    `knowledge_horizon_par.${name}`,
  );
}
