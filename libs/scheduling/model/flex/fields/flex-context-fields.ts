import { CAPACITY } from './capacity';
import type { FlexFieldTable } from './flex-field';
import { RELATION_CONTEXT_FIELDS } from './relation-fields';

const ENERGY_PRICE = { type: 'variable-price', measure: 'price of energy', isAddition: true } as const;

/** A price of exceeding a limit, which is hard without a price. */
const BREACH_PRICE = {
  type: 'price',
  range: { minimum: 0 },
  isAddition: true,
  default: 'the limit is hard',
} as const;

const PEAK = {
  type: 'quantity',
  measure: 'power',
  range: { minimum: 0 },
  isAddition: true,
  default: '0',
  example: '20 kW',
} as const;

const PEAK_PRICE = {
  type: 'price',
  measure: 'price of power',
  isAddition: true,
  example: '260 EUR/MW',
} as const;

/** Fields of a flex-context: what the site pays and what its connection allows. */
export const FLEX_CONTEXT_FIELDS = {
  'consumption-price': {
    ...ENERGY_PRICE,
    description: 'Price of the energy that the site consumes. Replaces `consumption-price-sensor`.',
    example: { sensor: 3 },
  },
  'production-price': {
    ...ENERGY_PRICE,
    description: 'Price of the energy that the site produces. Replaces `production-price-sensor`.',
    default: 'the consumption price',
    example: '0.05 EUR/kWh',
  },
  'consumption-price-sensor': {
    type: 'sensor-id',
    measure: 'price of energy',
    attribute: { name: 'market_id' },
    topLevelType: 'sensor-id',
    description: 'Sensor with the price of the energy that the site consumes.',
    example: 3,
  },
  'production-price-sensor': {
    type: 'sensor-id',
    measure: 'price of energy',
    topLevelType: 'sensor-id',
    description: 'Sensor with the price of the energy that the site produces.',
    default: 'the consumption price',
    example: 3,
  },
  'inflexible-device-sensors': {
    type: 'sensor-ids',
    measure: 'power',
    singular: { name: 'inflexible-device-sensor', type: 'sensor-id' },
    topLevelType: 'sensor-ids',
    description: 'Power sensors of devices that are not scheduled, each once. Unknown values count as 0.',
    example: [4],
  },
  'site-power-capacity': {
    ...CAPACITY,
    attribute: { name: 'capacity_in_mw', unit: 'MW' },
    description: 'Maximum power of the grid connection in both directions. It is a hard limit.',
    example: '45 kW',
  },
  'site-consumption-capacity': {
    ...CAPACITY,
    description: 'Maximum consumption of the site; `%` is relative to `site-power-capacity`.',
    default: '`site-power-capacity`',
    example: '45 kW',
  },
  'site-production-capacity': {
    ...CAPACITY,
    description: 'Maximum production of the site; `%` is relative to `site-power-capacity`.',
    default: '`site-power-capacity`',
    example: '0 kW',
  },
  'site-consumption-breach-price': {
    ...BREACH_PRICE,
    measure: 'price of power',
    description: 'Price of exceeding `site-consumption-capacity`.',
    example: '1000 EUR/MW',
  },
  'site-production-breach-price': {
    ...BREACH_PRICE,
    measure: 'price of power',
    description: 'Price of exceeding `site-production-capacity`.',
    example: '1000 EUR/MW',
  },
  'site-peak-consumption': {
    ...PEAK,
    description: 'Highest consumption before the schedule. Only consumption above it has the peak price.',
  },
  'site-peak-production': {
    ...PEAK,
    description: 'Highest production before the schedule. Only production above it has the peak price.',
  },
  'site-peak-consumption-price': {
    ...PEAK_PRICE,
    description:
      'Price of the amount by which the highest consumption during the schedule exceeds `site-peak-consumption`.',
  },
  'site-peak-production-price': {
    ...PEAK_PRICE,
    description:
      'Price of the amount by which the highest production during the schedule exceeds `site-peak-production`.',
  },
  'consumption-breach-price': {
    ...BREACH_PRICE,
    measure: 'price of power',
    description: 'Price of exceeding `consumption-capacity` of a device, up to its `power-capacity`.',
    example: '10 EUR/kW',
  },
  'production-breach-price': {
    ...BREACH_PRICE,
    measure: 'price of power',
    description: 'Price of exceeding `production-capacity` of a device, up to its `power-capacity`.',
    example: '10 EUR/kW',
  },
  'soc-minima-breach-price': {
    ...BREACH_PRICE,
    measure: 'price of energy',
    description: 'Price of falling below `soc-minima`.',
    example: '5 EUR/kWh',
  },
  'soc-maxima-breach-price': {
    ...BREACH_PRICE,
    measure: 'price of energy',
    description: 'Price of rising above `soc-maxima`.',
    example: '5 EUR/kWh',
  },
  ...RELATION_CONTEXT_FIELDS,
} as const satisfies FlexFieldTable;
