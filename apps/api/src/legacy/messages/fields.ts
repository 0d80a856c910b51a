import { checkEventCount, LONGEST_HORIZON_MS, readPostedValues } from '#lib/beliefs/model';
import { DomainError } from '#lib/errors';
import { durationToMs, parseDuration, parseInstant, TimeError, type Duration } from '#lib/time';
import { tooLarge } from '../../http/errors/api-error';
import { fieldOf, isObject, toList, type Message } from './message';
import {
  incompletePtus,
  invalidHorizon,
  invalidMessageType,
  invalidPeriod,
  invalidResolutionText,
  invalidTimezone,
  invalidSource,
  invalidUnit,
  noMessageType,
  requiredInfoMissing,
} from './rejections';

/** @throws ApiError NO_MESSAGE_TYPE, INVALID_MESSAGE_TYPE */
export function requireType(message: Message, type: string, { isOptional = false } = {}): void {
  const given = fieldOf(message, 'type');
  if (given === undefined && isOptional) return;
  if (given === undefined) throw noMessageType();
  if (given !== type) throw invalidMessageType(type);
}

/** The unit of a message. @param units those that are accepted; all if not given. @throws ApiError INVALID_UNIT */
export function requireUnit(message: Message, quantity: string, units?: readonly string[]): string {
  const unit = fieldOf(message, 'unit');
  if (typeof unit !== 'string' || unit === '') throw invalidUnit(quantity, units);
  if (units && !units.includes(unit)) throw invalidUnit(quantity, units);
  return unit;
}

/** A period as it is sent. */
export interface Period {
  startMs: number;
  /** ISO 8601, as it was sent. */
  start: string;
  duration: Duration;
}

/**
 * The fields `start` and `duration`.
 * @param missing the error if one of them is missing
 * @throws ApiError INVALID_PERIOD, INVALID_TIMEZONE
 */
export function readPeriod(message: Message, missing: (field: string) => Error = missingTime): Period {
  const [start, duration] = [fieldOf(message, 'start'), fieldOf(message, 'duration')];
  if (start === undefined) throw missing('start');
  if (duration === undefined) throw missing('duration');
  const startMs = readTime(start, invalidPeriod);
  const length = readDuration(duration, () => invalidPeriod('The duration is not an ISO 8601 duration.'));
  if (length.negative === true) throw invalidPeriod('The duration is negative.');
  return { startMs, start: start as string, duration: length };
}

const missingTime = (field: string): Error => invalidPeriod(`Missing field: ${field}.`);

/** The period of posted values. @throws ApiError also REQUIRED_INFO_MISSING */
export const readPostedPeriod = (message: Message): Period => readPeriod(message, requiredInfoMissing);

/** A time, in epoch milliseconds. @throws ApiError INVALID_TIMEZONE, or `invalid` with a reason */
export function readTime(value: unknown, invalid: (reason: string) => Error): number {
  if (typeof value !== 'string') throw invalid('A time must be the text of an ISO 8601 datetime.');
  try {
    return parseInstant(value);
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
    throw error.code === 'NAIVE_DATETIME' ? invalidTimezone(error.message) : invalid(error.message);
  }
}

/** A duration. @throws what `invalid` returns */
export function readDuration(value: unknown, invalid: () => Error): Duration {
  if (typeof value !== 'string') throw invalid();
  try {
    return parseDuration(value);
  } catch (error) {
    throw error instanceof TimeError ? invalid() : error;
  }
}

/** A belief horizon, ms. Versions before 2.0 mark horizons of each event with `R/`. */
export interface Horizon {
  horizonMs: number;
  isRepeating: boolean;
}

/** The field `horizon`; undefined without one. @throws ApiError INVALID_HORIZON */
export function readHorizon(message: Message): Horizon | undefined {
  const given = fieldOf(message, 'horizon');
  if (given === undefined) return undefined;
  const parts =
    typeof given === 'string' ? /^(?<sign>-?)(?<repeat>R\d{0,9}\/)?(?<rest>.+)$/s.exec(given) : null;
  if (!parts?.groups) throw invalidHorizon();
  const { sign, repeat, rest } = parts.groups;
  const duration = readDuration(rest, invalidHorizon);
  if (duration.years || duration.months) throw invalidHorizon('It must not have years or months.');
  const lengthMs = durationToMs(duration);
  if (Math.abs(lengthMs) > LONGEST_HORIZON_MS) throw invalidHorizon('It must not exceed 100 years.');
  return { horizonMs: (sign === '-' ? -1 : 1) * lengthMs + 0, isRepeating: repeat !== undefined };
}

/** The field `prior`, epoch milliseconds; undefined without one. @throws ApiError INVALID_HORIZON, INVALID_TIMEZONE */
export function readPrior(message: Message): number | undefined {
  const given = fieldOf(message, 'prior');
  return given === undefined ? undefined : readTime(given, (reason) => invalidHorizon(`Prior: ${reason}`));
}

/** The field `resolution`; undefined without one. @throws ApiError INVALID_RESOLUTION */
export function readResolution(message: Message): Duration | undefined {
  const given = fieldOf(message, 'resolution');
  if (given === undefined || given === '') return undefined;
  const duration = readDuration(given, () => invalidResolutionText(given));
  const isPositive = !duration.negative && Object.values(duration).some((part) => Number(part) > 0);
  if (!isPositive) throw invalidResolutionText(given);
  return duration;
}

/** The users (by id) and account roles (by name) that a message chooses; undefined for all. @throws ApiError INVALID_SOURCE */
export function readSources(message: Message): (number | string)[] | undefined {
  const given = fieldOf(message, 'source', 'sources');
  if (given === undefined) return undefined;
  return toList(given).map((source) => {
    if (typeof source === 'number') return source;
    if (typeof source !== 'string')
      throw invalidSource('sources are ids of users and names of account roles.');
    return /^\d{1,9}$/.test(source) ? Number(source) : source;
  });
}

/** Which fields of a message name sensors, and the error if there are none. */
export interface EntityField {
  names: readonly string[];
  missing: (field: string) => Error;
}

/** Values for some sensors. */
export interface NamedSeries {
  names: string[];
  values: Float64Array;
}

/**
 * The names of the sensors of a message: of the message itself, or of its groups.
 * @throws what `field.missing` returns if a name is missing or is not a text; ApiError 413 for too many names
 */
export function readNames(message: Message, field: EntityField): string[] {
  const names = partsOf(message, field).flatMap((part) => namesIn(part, field));
  checkCount(names.length);
  return names;
}

/**
 * The names and values of a message: of the message itself, or of its groups.
 * @throws ApiError REQUIRED_INFO_MISSING, PTUS_INCOMPLETE; DomainError TOO_MANY_EVENTS; and as `readNames`
 */
export function readSeries(message: Message, field: EntityField): NamedSeries[] {
  const series = partsOf(message, field).map((part) => ({
    names: namesIn(part, field),
    values: readValues(fieldOf(part, 'value', 'values'), part === message),
  }));
  checkCount(series.reduce((count, { names }) => count + names.length, 0));
  checkValueCount(series);
  return series;
}

/** Each name takes queries of the database. */
const MAX_NAMES = 500;

/** @throws ApiError 413 */
function checkCount(names: number): void {
  if (names > MAX_NAMES) throw tooLarge(`A message can name at most ${MAX_NAMES} sensors.`);
}

function partsOf(message: Message, field: EntityField): Message[] {
  if (fieldOf(message, ...field.names) !== undefined) return [message];
  const groups = fieldOf(message, 'groups', 'group');
  if (groups === undefined) return [message];
  const parts = toList(groups);
  if (parts.length === 0 || !parts.every(isObject)) throw field.missing('groups');
  return parts;
}

function namesIn(part: Message, { names, missing }: EntityField): string[] {
  const given = toList(fieldOf(part, ...names));
  const isNamed = given.length > 0 && given.every((name) => typeof name === 'string' && name !== '');
  if (!isNamed) throw missing(names[0]!);
  return given as string[];
}

function readValues(given: unknown, isOfMessage: boolean): Float64Array {
  if (given === undefined) throw isOfMessage ? requiredInfoMissing('values') : incompletePtus();
  const unreadable = () => incompletePtus('Request includes empty or ill-formatted value(s).');
  try {
    const values = readPostedValues(given);
    if (values.length === 0 || values.some(Number.isNaN)) throw unreadable();
    return values;
  } catch (error) {
    throw error instanceof DomainError ? unreadable() : error;
  }
}

/**
 * Counts the values once for each name, before each name gets a copy of those of its group.
 * @throws DomainError TOO_MANY_EVENTS
 */
export const checkValueCount = (series: readonly NamedSeries[]): void =>
  checkEventCount(series.reduce((count, { names, values }) => count + names.length * values.length, 0));
