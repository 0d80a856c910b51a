import { isMapping } from '../../http/schema/field';
import { integer, list, text, type Kind, type Schema } from '../../http/schema/kinds';
import { sensorReference } from '../sensors/sensor-reference';
import {
  MISSING,
  type Check,
  reasonsOfFields,
  reasonsOfItems,
  reasonsOfSensor,
  type Reasons,
  schemasOf,
  SENSOR_QUANTITY,
  signedQuantity,
  structured,
  textQuantity,
  variableQuantity,
} from './flex-values';

/** Most items of lists in a flex-context or flex-model. */
const MAX_ITEMS = 1000;

/** A name, such as that of a commodity. */
export const nameText = (): Kind => text({ minLength: 1, maxLength: 200 });

const SENSOR_ID = sensorReference();
const ASSET_ID = integer({ minimum: 1 });

/** A kind with nested fields, in which entity addresses of sensors become ids at any depth. */
const nested = (schema: Schema, check: Check): Kind => ({
  ...structured(schema, check),
  readWhole: withIdsWithin,
});

function withIdsWithin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIdsWithin);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'sensor' ? SENSOR_ID.read!(part) : withIdsWithin(part),
    ]),
  );
}

/** A list of mappings. */
const listOf = (schema: Schema, check: Check): Kind =>
  nested({ type: 'array', maxItems: MAX_ITEMS, items: schema }, (value) => {
    if (!Array.isArray(value)) return { '': 'Not a valid list.' };
    if (value.length > MAX_ITEMS) return { '': `Longer than maximum length ${MAX_ITEMS}.` };
    return reasonsOfItems(value, check);
  });

/** A reference to a sensor. */
export const sensorObject = (): Kind =>
  nested(SENSOR_QUANTITY, (value) =>
    isMapping(value) ? reasonsOfSensor(value) : { '': 'Not a valid mapping.' },
  );

/** A list of references to sensors. */
export const sensorObjects = (): Kind =>
  listOf(SENSOR_QUANTITY, (value) =>
    isMapping(value) ? reasonsOfSensor(value) : { '': 'Not a valid mapping.' },
  );

const GROUP = { asset: ASSET_ID, sensor: SENSOR_ID };
const GROUP_SCHEMA: Schema = { type: 'object', additionalProperties: false, properties: schemasOf(GROUP) };

const reasonsOfGroup: Check = (value) => {
  const reasons = reasonsOfFields(value, GROUP);
  if (!isMapping(value) || Object.keys(reasons).length > 0) return reasons;
  return 'asset' in value === 'sensor' in value ? { '': 'Give either asset or sensor.' } : {};
};

/** A reference to a shared inverter or feeder, by its asset or its power sensor. */
export const groupReference = (): Kind => nested(GROUP_SCHEMA, reasonsOfGroup);

const RANGE = list(signedQuantity, { minItems: 2, maxItems: 2 });
const MODE = { 'consumption-range': RANGE, 'production-range': RANGE };

/** Ranges of power. */
export const operationModes = (): Kind =>
  listOf({ type: 'object', additionalProperties: false, properties: schemasOf(MODE) }, (value) =>
    reasonsOfFields(value, MODE),
  );

/** Baselines of power with prices of deviations. */
export function commitments(): Kind {
  const price = variableQuantity(textQuantity);
  const kinds: Record<string, Kind> = {
    name: nameText(),
    baseline: variableQuantity(signedQuantity),
    'up-price': price,
    'down-price': price,
    sensors: list(SENSOR_ID, { minItems: 1, maxItems: MAX_ITEMS }),
    group: groupReference(),
    commodity: nameText(),
  };
  const required = ['name', 'baseline'];
  return listOf(
    { type: 'object', additionalProperties: false, required, properties: schemasOf(kinds) },
    (value) => {
      const reasons = reasonsOfFields(value, kinds);
      if (isMapping(value)) for (const name of required) if (!(name in value)) reasons[name] = MISSING;
      return reasons;
    },
  );
}

/** Flex-contexts of commodities. @param kindsOf the fields of one, by name */
export function commodities(kindsOf: () => Record<string, Kind>): Kind {
  const kinds = kindsOf();
  return listOf(
    { type: 'object', additionalProperties: false, properties: schemasOf(kinds) },
    (value): Reasons => reasonsOfFields(value, kinds),
  );
}
