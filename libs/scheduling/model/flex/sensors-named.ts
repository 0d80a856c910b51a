import { isRecord } from './variable-quantity';

/** A sensor that the words of a user name, and the field that does. */
export interface NamedSensor {
  id: number;
  /** Path within the words, such as `soc-minima.sensor` or `inflexible-device-sensors.1`. */
  field: string;
}

const namingFields = ['consumption-price-sensor', 'production-price-sensor', 'inflexible-device-sensors'];

/**
 * All sensors that a flex-model, a list of them or a flex-context names as sources of data, so that callers can ask
 * whether they may be read. The sensors to be scheduled are among them.
 */
export function sensorsNamed(words: unknown): NamedSensor[] {
  const named: NamedSensor[] = [];
  const note = (id: unknown, field: string) => {
    if (typeof id === 'number') named.push({ id, field });
  };
  const visit = (value: unknown, path: string) => {
    if (Array.isArray(value)) value.forEach((item, i) => visit(item, `${path}${i}.`));
    if (!isRecord(value)) return;
    for (const [field, part] of Object.entries(value)) {
      if (field === 'sensor' || namingFields.includes(field)) {
        if (Array.isArray(part)) part.forEach((id, i) => note(id, `${path}${field}.${i}`));
        else note(part, path + field);
      }
      visit(part, `${path}${field}.`);
    }
  };
  visit(words, '');
  return named;
}
