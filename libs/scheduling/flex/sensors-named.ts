import { isRecord } from './variable-quantity';

const namingFields = ['consumption-price-sensor', 'production-price-sensor', 'inflexible-device-sensors'];

/**
 * Ids of all sensors that a flex-model, a list of them or a flex-context names as sources of data, so that callers can
 * ask whether they may be read. The sensors to be scheduled are among them.
 */
export function sensorsNamed(words: unknown): number[] {
  const ids = new Set<number>();
  const visit = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isRecord(value)) return;
    for (const [field, part] of Object.entries(value)) {
      const isName = field === 'sensor' || namingFields.includes(field);
      const parts: unknown[] = isName && Array.isArray(part) ? part : [part];
      if (isName) for (const id of parts) if (typeof id === 'number') ids.add(id);
      visit(part);
    }
  };
  visit(words);
  return [...ids];
}
