import { DomainError } from '#lib/errors';
import {
  checkStoredField,
  findFlexField,
  isRecord,
  knownSensors,
  POWER_SENSOR_FIELD,
  readTyped,
  reasonAtField,
  type FlexGroup,
  type TypedValue,
} from '#lib/scheduling/model/flex';

const POWER_SENSOR = 'sensor';

/**
 * What is wrong with a field, by the code with which the server checks it.
 * @param zone of times
 * @param units of the sensors that the form offers, by id; sensors that it does not offer are left to the server
 * @returns undefined if nothing is wrong
 */
export function problemOf(
  group: FlexGroup,
  name: string,
  typed: TypedValue,
  units: ReadonlyMap<number, string>,
  zone: string,
): string | undefined {
  const field = name === POWER_SENSOR ? POWER_SENSOR_FIELD : findFlexField(group, name);
  if (!field) return undefined;
  try {
    const value = readTyped(name, field, typed, zone);
    const known = knownSensors(units);
    if (isPassing(value)) for (const { value: one } of value) checkStoredField(group, name, one, known);
    else if (value !== undefined) checkStoredField(group, name, value, known);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const reason = reasonAtField(error);
    return /^No sensor found/.test(reason) ? undefined : reason;
  }
}

/** Whether a value is a series of values. Its values are as those that can be stored; it itself holds for a dry run. */
const isPassing = (value: unknown): value is { value: unknown }[] =>
  Array.isArray(value) && value.length > 0 && value.every((row) => isRecord(row) && 'value' in row);
