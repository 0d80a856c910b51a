import { CAPACITY, OUTPUT } from './shared-properties';
import type { FlexFieldTable } from './flex-field';
import { RELATION_CONTEXT_FIELDS } from './relation-fields';

const ENERGY_PRICE = { type: 'variable-price', measure: 'price of energy', isAddition: true } as const;

/** A price of exceeding a limit, which is hard without a price. */
const BREACH_PRICE = {
  type: 'variable-price',
  range: { minimum: 0 },
  isAddition: true,
} as const;

const SITE_BREACH_PRICE = {
  ...BREACH_PRICE,
  measure: 'price of power',
  default: '10,000 per kW if site capacities are relaxed; else the limit is hard',
  example: '1000 EUR/MW',
} as const;

const DEVICE_BREACH_PRICE = {
  ...BREACH_PRICE,
  measure: 'price of power',
  default:
    '100 per kW if device capacities are relaxed and neither direction has a price; else the limit is hard',
  example: '10 EUR/kW',
} as const;

const SOC_BREACH_PRICE = {
  ...BREACH_PRICE,
  measure: 'price of energy',
  default: '1,000 per kWh if states of charge are relaxed; else the limit is hard',
  example: '5 EUR/kWh',
} as const;

const PEAK = {
  type: 'variable-quantity',
  measure: 'power',
  range: { minimum: 0 },
  precedence: 'lowest',
  isAddition: true,
  default: '0',
  example: { sensor: 7 },
} as const;

const PEAK_PRICE = {
  type: 'variable-price',
  measure: 'price of power',
  range: { minimum: 0 },
  isAddition: true,
  example: '260 EUR/MW',
} as const;

/** Whether limits may be exceeded at a default price. */
const RELAX = { type: 'flag', isAddition: true, example: true } as const;

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
    ...SITE_BREACH_PRICE,
    description: 'Price of exceeding `site-consumption-capacity`.',
  },
  'site-production-breach-price': {
    ...SITE_BREACH_PRICE,
    description: 'Price of exceeding `site-production-capacity`.',
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
    ...DEVICE_BREACH_PRICE,
    description:
      'Price of exceeding `consumption-capacity` of a device, up to its `power-capacity`. A capacity that is 0 throughout is hard.',
  },
  'production-breach-price': {
    ...DEVICE_BREACH_PRICE,
    description:
      'Price of exceeding `production-capacity` of a device, up to its `power-capacity`. A capacity that is 0 throughout is hard.',
  },
  'soc-minima-breach-price': {
    ...SOC_BREACH_PRICE,
    description: 'Price of falling below `soc-minima`.',
  },
  'soc-maxima-breach-price': {
    ...SOC_BREACH_PRICE,
    description: 'Price of rising above `soc-maxima`.',
  },
  'aggregate-consumption': {
    ...OUTPUT,
    description:
      'Sensor that records the planned power of the site, consumption positive. With `aggregate-production` as well: consumption only.',
    example: { sensor: 10 },
  },
  'aggregate-production': {
    ...OUTPUT,
    description:
      'Sensor that records the planned power of the site, production positive. With `aggregate-consumption` as well: production only.',
    example: { sensor: 11 },
  },
  'aggregate-power': {
    ...OUTPUT,
    description:
      'Sensor that records the planned power of the site, with the sign of its other data (attribute `consumption_is_positive`).',
    example: { sensor: 9 },
  },
  'relax-constraints': {
    ...RELAX,
    description:
      'Whether capacities of the site, and minima and maxima of states of charge, may be exceeded at default prices.',
    default: 'setting `FLEXMEASURES_RELAX_CONSTRAINTS`, else false',
  },
  'relax-soc-constraints': {
    ...RELAX,
    description: 'As `relax-constraints`, for `soc-minima` and `soc-maxima` only.',
    default: '`relax-constraints`',
  },
  'relax-site-capacity-constraints': {
    ...RELAX,
    description:
      'As `relax-constraints`, for `site-consumption-capacity` and `site-production-capacity` only.',
    default: '`relax-constraints`',
  },
  'relax-capacity-constraints': {
    ...RELAX,
    description:
      'Whether `consumption-capacity` and `production-capacity` of devices may be exceeded at default prices, up to their `power-capacity`.',
    default: 'false',
  },
  ...RELATION_CONTEXT_FIELDS,
} as const satisfies FlexFieldTable;
