import type { Precedence } from '../values/entries-series';
import type { ValueType } from './value-types';

/** Kinds of devices that a flex-model can describe; a group is several devices behind a shared inverter or feeder. */
export type FlexDevice = 'storage' | 'process' | 'curtailable' | 'flexible' | 'inflexible' | 'group';

/** What a field measures. */
export type Measure = 'power' | 'energy' | 'share' | 'price of energy' | 'price of power';

/** Unit in which values of a measure are read; of a price, the unit that it is per. */
export const UNIT_OF_MEASURE: Readonly<Record<Measure, 'MW' | 'MWh' | ''>> = {
  power: 'MW',
  energy: 'MWh',
  share: '',
  'price of energy': 'MWh',
  'price of power': 'MW',
};

/** Limits of a number, as in JSON schema. */
export interface Range {
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
}

/**
 * Everything about a field of a flex-model or flex-context, except for the reader that takes its value. Texts are for
 * users: the contract of the API and docs/flexibility.md are generated from them.
 */
export interface FlexField {
  /** How the value is written. */
  type: ValueType;
  /** Texts to choose from, for type `choice`. */
  choices?: readonly string[];
  /** What a quantity measures. Readers get it in the unit of this measure. */
  measure?: Measure;
  /** Numbers that are allowed, in the unit of the measure. Readers get no others. */
  range?: Range;
  /** Which of several values holds in a step; their mean if not given. */
  precedence?: Precedence;
  /** Devices to which the field applies. Fields of a flex-context apply to the site. */
  devices?: readonly FlexDevice[];
  /** Kind of every device whose flex-model has this field; process before storage before flexible before curtailable. */
  identifies?: FlexDevice;
  /**
   * Attribute that gives the value if no attribute has the name of the field.
   * `unit` is that of attributes without one.
   */
  attribute?: { name: string; unit?: 'MW' | 'MWh' };
  /** Whether attributes never give the value, only requests and what assets store in `flex_model` and `flex_context`. */
  isNotInAttributes?: boolean;
  /** Another name in requests, for a list of one. */
  singular?: { name: string; type: ValueType };
  /** How the value is written at the top level of a request, which is deprecated. */
  topLevelType?: ValueType;
  /** Whether FlexMeasures 0.12.1 does not have the field. */
  isAddition?: boolean;
  /** Full sentences. */
  description: string;
  /** What holds if neither the request nor an attribute has the field: a phrase after "by default". */
  default?: string;
  /** The same as a value, if there is one. */
  defaultValue?: boolean;
  example: unknown;
}

/** Fields of one group, by name. */
export type FlexFieldTable = Readonly<Record<string, FlexField>>;
