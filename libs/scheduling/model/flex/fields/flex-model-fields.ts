import { CAPACITY, OUTPUT } from './shared-properties';
import type { FlexFieldTable } from './flex-field';
import { POWER_CAPACITY, RELATION_MODEL_FIELDS } from './relation-fields';

const EFFICIENCY = {
  type: 'variable-quantity',
  measure: 'share',
  devices: ['storage', 'flexible'],
  default: '1',
  isAddition: true,
} as const;

/** Fields of a storage; those with `soc-` make a device a storage. */
const STORAGE_FIELDS = {
  'state-of-charge': {
    type: 'state-of-charge',
    measure: 'energy',
    range: { minimum: 0 },
    devices: ['storage', 'flexible'],
    identifies: 'storage',
    isAddition: true,
    description:
      'State of charge at the start of the schedule, if there is no `soc-at-start`: the latest known one. The planned states ' +
      'of charge are recorded to the sensor, which is instantaneous, in a unit of energy or in %, then of `soc-max`. Devices ' +
      'that name the same sensor change the same storage: a heat buffer with two heaters, for example. Fields of the storage ' +
      'are in one of their entries, or in an entry without a power sensor.',
    example: { sensor: 8 },
  },
  'soc-at-start': {
    type: 'energy',
    measure: 'energy',
    range: { minimum: 0 },
    devices: ['storage'],
    identifies: 'storage',
    topLevelType: 'energy',
    description: 'State of charge at the start of the schedule.',
    default:
      '`state-of-charge`, else attribute `soc_in_mwh` if attribute `soc_datetime` is the start, else 0',
    example: '225 kWh',
  },
  'soc-unit': {
    type: 'choice',
    choices: ['kWh', 'MWh'],
    devices: ['storage'],
    identifies: 'storage',
    topLevelType: 'choice',
    description: 'Unit of states of charge that are given without a unit.',
    default: 'kWh for sensors in kW, else MWh',
    example: 'MWh',
  },
  'soc-min': {
    type: 'energy',
    measure: 'energy',
    range: { minimum: 0 },
    devices: ['storage'],
    identifies: 'storage',
    attribute: { name: 'min_soc_in_mwh', unit: 'MWh' },
    topLevelType: 'energy',
    description: 'Minimum state of charge at the end of each step.',
    default: '0',
    example: '10%',
  },
  'soc-max': {
    type: 'energy',
    measure: 'energy',
    devices: ['storage'],
    identifies: 'storage',
    attribute: { name: 'max_soc_in_mwh', unit: 'MWh' },
    topLevelType: 'energy',
    description: 'Maximum state of charge at the end of each step.',
    default: 'the highest target',
    example: '450 kWh',
  },
  'soc-targets': {
    type: 'energy-series',
    measure: 'energy',
    range: { minimum: 0 },
    devices: ['storage'],
    identifies: 'storage',
    singular: { name: 'soc-target', type: 'energy-at-instant' },
    topLevelType: 'energies-at-instants',
    description: 'States of charge to reach, each at an instant or during an interval.',
    example: [{ value: '400 kWh', datetime: '2026-11-23T16:00:00+01:00' }],
  },
  'soc-minima': {
    type: 'energy-series',
    measure: 'energy',
    precedence: 'highest',
    devices: ['storage'],
    identifies: 'storage',
    isAddition: true,
    description: 'Minimum states of charge at instants or during intervals, in addition to `soc-min`.',
    example: [{ value: '100 kWh', datetime: '2026-11-23T16:00:00+01:00' }],
  },
  'soc-maxima': {
    type: 'energy-series',
    measure: 'energy',
    precedence: 'lowest',
    devices: ['storage'],
    identifies: 'storage',
    isAddition: true,
    description: 'Maximum states of charge at instants or during intervals, in addition to `soc-max`.',
    example: [{ value: '300 kWh', start: '2026-11-23T16:00:00+01:00', end: '2026-11-23T18:00:00+01:00' }],
  },
  'soc-usage': {
    type: 'power-sum',
    measure: 'power',
    devices: ['storage'],
    identifies: 'storage',
    isAddition: true,
    description:
      'Power that leaves the storage without passing the meter, for example heat that is used. The powers of a list are added.',
    example: ['3 kW', { sensor: 5 }],
  },
  'soc-gain': {
    type: 'power-sum',
    measure: 'power',
    devices: ['storage'],
    identifies: 'storage',
    isAddition: true,
    description:
      'Power that enters the storage without passing the meter, for example solar heat. The powers of a list are added.',
    example: ['3 kW', { sensor: 5 }],
  },
  'roundtrip-efficiency': {
    type: 'share',
    measure: 'share',
    range: { exclusiveMinimum: 0, maximum: 1 },
    devices: ['storage', 'flexible'],
    topLevelType: 'share',
    description:
      'Share of the charged energy that can be discharged. Charging and discharging each have the square root of it as efficiency.',
    default: '1',
    example: '90%',
  },
  'charging-efficiency': {
    ...EFFICIENCY,
    range: { exclusiveMinimum: 0, exclusiveMaximum: 100 },
    description:
      'Energy that enters the storage per energy at the meter, in addition to `roundtrip-efficiency`. It is above 1 for heat pumps.',
    example: '300%',
  },
  'discharging-efficiency': {
    ...EFFICIENCY,
    range: { exclusiveMinimum: 0, maximum: 1 },
    description:
      'Energy at the meter per energy that leaves the storage, in addition to `roundtrip-efficiency`.',
    example: '95%',
  },
  'storage-efficiency': {
    ...EFFICIENCY,
    range: { exclusiveMinimum: 0, maximum: 1 },
    description: 'Share of the stored energy that remains after one step.',
    example: '99.9%',
  },
  'power-capacity': {
    ...POWER_CAPACITY,
    attribute: { name: 'capacity_in_mw', unit: 'MW' },
    description: 'Maximum power in both directions. It is a hard limit.',
    example: '50 kW',
  },
  'consumption-capacity': {
    ...CAPACITY,
    devices: ['storage', 'curtailable', 'flexible', 'group'],
    description: 'Maximum consumption; `%` is relative to `power-capacity`.',
    default: '`power-capacity`',
    example: '80%',
  },
  'production-capacity': {
    ...CAPACITY,
    devices: ['storage', 'curtailable', 'flexible', 'group'],
    identifies: 'curtailable',
    description:
      'Maximum production; `%` is relative to `power-capacity`. For curtailable production: the power that is available.',
    default: '`power-capacity`',
    example: { sensor: 5 },
  },
  consumption: {
    ...OUTPUT,
    devices: ['storage', 'process', 'curtailable'],
    description:
      'Sensor that records the planned power, consumption positive. With `production` as well: consumption only, 0 where the device produces.',
    example: { sensor: 14 },
  },
  production: {
    ...OUTPUT,
    devices: ['storage', 'process', 'curtailable'],
    description:
      'Sensor that records the planned power, production positive. With `consumption` as well: production only, 0 where the device consumes.',
    example: { sensor: 15 },
  },
  'prefer-curtailing-later': {
    type: 'flag',
    devices: ['storage', 'curtailable', 'flexible'],
    isAddition: true,
    description:
      'Whether to curtail production later if the cost is the same; if false, earlier. A storage charges sooner, which curtails later, by `prefer-charging-sooner`.',
    default: 'true',
    defaultValue: true,
    example: true,
  },
  'prefer-charging-sooner': {
    type: 'flag',
    devices: ['storage', 'flexible'],
    topLevelType: 'flag',
    description: 'Whether to charge earlier and discharge later if the cost is the same.',
    default: 'true',
    defaultValue: true,
    example: true,
  },
} as const satisfies FlexFieldTable;

const PROCESS_FIELDS = {
  'process-type': {
    type: 'choice',
    choices: ['INFLEXIBLE', 'SHIFTABLE', 'BREAKABLE'],
    devices: ['process'],
    identifies: 'process',
    isAddition: true,
    description:
      'Makes the device a process. It runs as early as possible (INFLEXIBLE), at the cheapest time without breaks ' +
      '(SHIFTABLE), or at the cheapest times with breaks (BREAKABLE).',
    example: 'SHIFTABLE',
  },
  power: {
    type: 'quantity',
    measure: 'power',
    devices: ['process'],
    isAddition: true,
    description: 'Power of the process while it runs.',
    example: '2 kW',
  },
  duration: {
    type: 'duration',
    devices: ['process'],
    isAddition: true,
    description:
      'How long the process runs. If this is not a whole number of steps, the remainder is a step with a share of the power.',
    example: 'PT2H',
  },
  'time-restrictions': {
    type: 'intervals',
    devices: ['process'],
    isAddition: true,
    description: 'Intervals in which the process must not run.',
    example: [{ start: '2026-11-23T16:00:00+01:00', duration: 'PT2H' }],
  },
} as const satisfies FlexFieldTable;

/** Fields of a flex-model: what a device can do and must do. */
export const FLEX_MODEL_FIELDS = { ...STORAGE_FIELDS, ...PROCESS_FIELDS, ...RELATION_MODEL_FIELDS } as const;
