/** Properties of a way to write values. */
interface ValueTypeInfo {
  /** Whether `{"sensor": 5}` is accepted, or the id of a sensor. */
  takesSensor: boolean;
  /** Whether the value may change over time. */
  isVariable: boolean;
  /** Whether schedules record something to the sensor. Such fields are never read from attributes. */
  writesSensor?: true;
}

const fixed = { takesSensor: false, isVariable: false } as const;
const variable = { takesSensor: true, isVariable: true } as const;

/**
 * Ways to write the value of a field in JSON. apps/api has the validation rule of each type, `.tools/flex-fields.mjs`
 * its schema in the contract.
 */
export const VALUE_TYPES = {
  /** An amount of energy: `0.2`, `"225 kWh"` or `"50%"`. */
  energy: fixed,
  /** A quantity: `0.9`, `"50 kW"`. */
  quantity: fixed,
  /** A share above 0 and up to 1: `0.9`, `"90%"`. */
  share: fixed,
  /** A price with its unit: `"260 EUR/MW"`. */
  price: fixed,
  /** A quantity, a sensor, or a series of quantities. */
  'variable-quantity': variable,
  /** A price, a sensor, or a series of prices. */
  'variable-price': variable,
  /** An amount of energy, a sensor, or a series of amounts at instants or during intervals. */
  'energy-series': variable,
  /** A state of charge at the start: an amount of energy, a series, or a sensor that also records the planned states. */
  'state-of-charge': { takesSensor: true, isVariable: true, writesSensor: true },
  /** A sensor that records planned power. */
  'output-sensor': { takesSensor: true, isVariable: false, writesSensor: true },
  /** A power, a sensor or a series; or a list of these, which are added. */
  'power-sum': variable,
  /** `true` or `false`. */
  flag: fixed,
  /** One of the `choices` of the field. */
  choice: fixed,
  /** An ISO 8601 duration. */
  duration: fixed,
  /** A list of intervals, each with two of start, end and duration. */
  intervals: fixed,
  /** The id of a sensor. */
  'sensor-id': { takesSensor: true, isVariable: false },
  /** A list of ids of sensors. */
  'sensor-ids': { takesSensor: true, isVariable: false },
  /** A reference to a sensor: `{ "sensor": 5 }`. */
  'sensor-reference': { takesSensor: true, isVariable: false },
  /** A list of references to sensors. */
  'sensor-references': { takesSensor: true, isVariable: false },
  /** A name. */
  text: fixed,
  /** A reference to a group: `{ "asset": 7 }` or `{ "sensor": 5 }`. */
  group: fixed,
  /** A list of ranges of power. */
  'operation-modes': fixed,
  /** A list of baselines with prices. */
  commitments: { takesSensor: true, isVariable: false },
  /** A list of flex-contexts. */
  commodities: { takesSensor: true, isVariable: false },
  /** One amount of energy at an instant. */
  'energy-at-instant': fixed,
  /** A list of amounts of energy at instants. */
  'energies-at-instants': fixed,
} as const satisfies Record<string, ValueTypeInfo>;

export type ValueType = keyof typeof VALUE_TYPES;
