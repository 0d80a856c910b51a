import { MAX_QUANTITY_LENGTH } from '#lib/units';
import { either, integer, list, number, text, type Kind } from '../../http/schema/kinds';
import { isMapping } from '../../http/schema/field';

/** A regressor in a request: the id of a sensor, or the sensor with the sources to use. */
export type GivenRegressor =
  | number
  | {
      sensor: number;
      sources?: number[];
      'source-types'?: string[];
      'exclude-source-types'?: string[];
      'source-account'?: number[];
    };

const ID = integer({ minimum: 1 });
const MAX_SOURCES = 100;
const ids = list(ID, { maxItems: MAX_SOURCES });
const types = list(text({ maxLength: 80 }), { maxItems: MAX_SOURCES });

const FIELDS: Record<string, Kind> = {
  sensor: ID,
  sources: ids,
  'source-types': types,
  'exclude-source-types': types,
  'source-account': ids,
};

/** A sensor by id, or with the sources whose beliefs are used. */
export const regressor = (): Kind => ({
  schema: {
    oneOf: [
      ID.schema,
      {
        type: 'object',
        additionalProperties: false,
        required: ['sensor'],
        properties: Object.fromEntries(Object.entries(FIELDS).map(([name, { schema }]) => [name, schema])),
      },
    ],
  },
  explain: (value) => {
    if (!isMapping(value)) return ID.explain(value);
    if (value['sensor'] === undefined) return 'sensor: Missing data for required field.';
    for (const [name, field] of Object.entries(value)) {
      const reason = Object.hasOwn(FIELDS, name) ? FIELDS[name]!.explain(field) : 'Unknown field.';
      if (reason !== undefined) return `${name}: ${reason}`;
    }
    return undefined;
  },
});

/** A number in the unit of the sensor, or a quantity such as `2 kW`. */
export const boundary = (): Kind => either(number(), text({ maxLength: MAX_QUANTITY_LENGTH }));

/** As `boundary`, or null. */
export const boundaryOrNull = (): Kind => {
  const { schema, explain } = boundary();
  return {
    schema: { oneOf: [...(schema.oneOf ?? []), { type: 'null' }] },
    explain: (value) => (value === null ? undefined : explain(value)),
  };
};

const MAX_SNAPS = 50;

/** Intervals by the value that replaces forecasts within them. */
export const snaps = (): Kind => {
  const bounds = list(boundary(), { minItems: 2, maxItems: 2 });
  return {
    schema: { type: 'object', additionalProperties: bounds.schema },
    explain: (value) => {
      if (!isMapping(value)) return 'Not a valid mapping.';
      const entries = Object.entries(value);
      if (entries.length > MAX_SNAPS) return `Must not have more than ${MAX_SNAPS} intervals.`;
      for (const [target, interval] of entries) {
        const reason = text({ maxLength: MAX_QUANTITY_LENGTH }).explain(target) ?? bounds.explain(interval);
        if (reason !== undefined) return reason;
      }
      return undefined;
    },
    readWhole: (value) => value,
  };
};
