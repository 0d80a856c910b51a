import { CAPACITY } from './shared-properties';
import type { FlexDevice, FlexFieldTable } from './flex-field';

/** Attributes do not have these fields, which came later: names such as `group` may mean something else there. */
const OWN = { isAddition: true, isNotInAttributes: true } as const;

const ALL_DEVICES = [
  'storage',
  'process',
  'flexible',
  'curtailable',
  'inflexible',
  'group',
] as const satisfies readonly FlexDevice[];

/** Fields of a flex-model that relate a device to other devices, or that limit how it can run. */
export const RELATION_MODEL_FIELDS = {
  group: {
    type: 'group',
    devices: ALL_DEVICES,
    ...OWN,
    description:
      'Shared inverter or feeder that the device is behind: an asset or a power sensor that has an entry of its own. ' +
      'In that entry, `power-capacity` is a hard limit of the total power, `consumption-capacity` and ' +
      '`production-capacity` give way like the capacities of the site. Groups can be in other groups.',
    example: { asset: 7 },
  },
  'operation-modes': {
    type: 'operation-modes',
    measure: 'power',
    range: { minimum: 0 },
    devices: ['storage', 'flexible'],
    identifies: 'flexible',
    ...OWN,
    description:
      'Ranges of power in which the device can run, each with a `consumption-range`, a `production-range`, or both (from 0). ' +
      'The device can be off only if a range contains 0.',
    default: 'any power',
    example: [{ 'consumption-range': ['0 kW', '0 kW'] }, { 'consumption-range': ['2 kW', '4 kW'] }],
  },
  commodity: {
    type: 'text',
    devices: ALL_DEVICES,
    ...OWN,
    description:
      'What the device consumes and produces. A commodity that `commodities` does not have, or has without prices and ' +
      'capacities, is an internal node: its devices must balance in each step.',
    default: '`electricity`',
    example: 'gas',
  },
  coupling: {
    type: 'text',
    devices: ['flexible'],
    identifies: 'flexible',
    ...OWN,
    description:
      'Name of the converter that the device is a port of. The powers of all ports have a fixed ratio. A port has either a ' +
      '`consumption-capacity` or a `production-capacity`, which tells its direction.',
    example: 'chp',
  },
  'coupling-coefficient': {
    type: 'quantity',
    measure: 'share',
    range: { exclusiveMinimum: 0 },
    devices: ['flexible'],
    ...OWN,
    description:
      'Power of the port per common level of its converter: 0.5 for heat if half of the gas becomes heat.',
    default: '1',
    example: 0.5,
  },
  'inflexible-consumption': {
    type: 'sensor-reference',
    measure: 'power',
    devices: ['inflexible'],
    identifies: 'inflexible',
    ...OWN,
    description:
      'Makes the device a measured one: its power is what the sensor records or what is forecast for it, consumption positive.',
    example: { sensor: 4 },
  },
  'inflexible-production': {
    type: 'sensor-reference',
    measure: 'power',
    devices: ['inflexible'],
    identifies: 'inflexible',
    ...OWN,
    description: 'As `inflexible-consumption`, production positive.',
    example: { sensor: 4 },
  },
} as const satisfies FlexFieldTable;

/** Fields of a flex-context besides those of one connection. */
export const RELATION_CONTEXT_FIELDS = {
  'inflexible-consumption': {
    type: 'sensor-references',
    measure: 'power',
    ...OWN,
    description:
      'Power sensors of devices that are not scheduled, consumption positive, each once. Unknown values count as 0.',
    example: [{ sensor: 4 }],
  },
  'inflexible-production': {
    type: 'sensor-references',
    measure: 'power',
    ...OWN,
    description: 'As `inflexible-consumption`, production positive.',
    example: [{ sensor: 5 }],
  },
  commitments: {
    type: 'commitments',
    ...OWN,
    description:
      'Baselines of power from which deviations have a price, each with a `name`, a `baseline` (consumption positive), and an ' +
      '`up-price` or `down-price` or both. More power than the baseline costs the `up-price`; less power earns the ' +
      '`down-price`, so that a negative `down-price` is a penalty. A price per MWh is for the energy, one per MW for the power ' +
      'in each step. With `sensors` or a `group`, the total power of those devices counts, else that of the site. Nothing ' +
      'applies where the baseline is unknown.',
    example: [{ name: 'day-ahead position', baseline: '100 kW', 'up-price': '0.4 EUR/kWh' }],
  },
  commodities: {
    type: 'commodities',
    ...OWN,
    description:
      'One flex-context for each `commodity`. A price for one direction is a connection in that direction only; a capacity ' +
      'without a price is a connection at no cost. Costs have the commodity before their names: `gas consumption`. An entry for ' +
      '`electricity` adds to the fields beside the list.',
    example: [{ commodity: 'gas', 'consumption-price': '50 EUR/MWh' }],
  },
  commodity: {
    type: 'text',
    ...OWN,
    description:
      'Name of the commodity in an entry of `commodities`. Outside the list, only `electricity` is possible.',
    default: '`electricity`',
    example: 'electricity',
  },
} as const satisfies FlexFieldTable;

/** Devices that share the limits of power with storages. */
export const LIMITED_DEVICES = [
  'storage',
  'curtailable',
  'flexible',
  'group',
] as const satisfies readonly FlexDevice[];

export const POWER_CAPACITY = { ...CAPACITY, devices: LIMITED_DEVICES } as const;
