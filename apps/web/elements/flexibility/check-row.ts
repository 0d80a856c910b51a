import { DomainError } from '#lib/errors';
import {
  checkStoredField,
  findFlexField,
  knownSensors,
  POWER_SENSOR_FIELD,
  readTyped,
  type FlexGroup,
  type TypedValue,
} from '#lib/scheduling/model/flex';

const POWER_SENSOR = 'sensor';

/**
 * What is wrong with a field, by the code with which the server checks it.
 * @param units of the sensors that the form offers, by id; sensors that it does not offer are left to the server
 * @returns undefined if nothing is wrong
 */
export function problemOf(
  group: FlexGroup,
  name: string,
  typed: TypedValue,
  units: ReadonlyMap<number, string>,
): string | undefined {
  const field = name === POWER_SENSOR ? POWER_SENSOR_FIELD : findFlexField(group, name);
  if (!field) return undefined;
  try {
    const value = readTyped(name, field, typed);
    if (value !== undefined) checkStoredField(group, name, value, knownSensors(units));
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const reason = error.message.replace(/^[^ ]+: /, '');
    return /^No sensor found/.test(reason) ? undefined : reason;
  }
}
