import type { StringFieldDef } from 'vega-lite/build/src/channeldef';
import type { CalculateTransform } from 'vega-lite/build/src/transform';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time';
import type { ShownSensor } from './chart-options';

/** What was said before the fact or comes from a script that looks ahead is dashed, what was measured is not. */
export const AHEAD = 'forecast or schedule';
const MEASURED = 'measurement';
export const KINDS = [MEASURED, AHEAD];
export const DASHES = [
  [1, 0],
  [4, 3],
];

const TIME = '%H:%M on %A %b %e, %Y';
const LOOKS_AHEAD = JSON.stringify(['forecasting script', 'scheduling script']);

const HORIZON_SIZE = `abs(datum.belief_horizon) >= ${2 * DAY_MS}
  ? format(abs(datum.belief_horizon) / ${DAY_MS}, '.3~r') + ' days'
  : abs(datum.belief_horizon) >= ${2 * HOUR_MS}
  ? format(abs(datum.belief_horizon) / ${HOUR_MS}, '.3~r') + ' hours'
  : format(abs(datum.belief_horizon) / ${MINUTE_MS}, '.3~r') + ' minutes'`;

/** Fields that charts compute from each belief: what kind it is, and how tooltips tell about it. */
export function beliefFields(sensors: readonly ShownSensor[]): CalculateTransform[] {
  const one = (valueOf: (sensor: ShownSensor) => number | string): string => bySensor(sensors, valueOf);
  return [
    { calculate: `datum.event_start + ${one(({ resolutionMs }) => resolutionMs)}`, as: 'event_end' },
    {
      calculate: `datum.belief_horizon > 0 || indexof(${LOOKS_AHEAD}, datum.source.type) >= 0 ? '${AHEAD}' : '${MEASURED}'`,
      as: 'kind',
    },
    { calculate: one(({ label }) => label), as: 'sensor_label' },
    {
      calculate: `format(datum.event_value, '.6~r') + ${one(({ unit }) => (unit === '' ? '' : ` ${unit}`))}`,
      as: 'value_label',
    },
    {
      calculate:
        sensors.length === 1
          ? 'datum.source.description'
          : `${one(({ label }) => label)} + ', ' + datum.source.description`,
      as: 'series_label',
    },
    { calculate: `datum.source.name + ' (ID: ' + datum.source.id + ')'`, as: 'source_label' },
    {
      calculate: `datum.belief_horizon == 0 ? 'at the time'
        : (${HORIZON_SIZE}) + (datum.belief_horizon > 0 ? ' before' : ' after')`,
      as: 'horizon_label',
    },
  ];
}

/** What a tooltip tells about a belief. */
export const TOOLTIP: StringFieldDef<string>[] = [
  { field: 'sensor_label', type: 'nominal', title: 'Sensor' },
  { field: 'value_label', type: 'nominal', title: 'Value' },
  { field: 'cumulative_probability', type: 'quantitative', title: 'Probability', format: '.0%' },
  { field: 'event_start', type: 'temporal', title: 'Time and date', format: TIME },
  { field: 'horizon_label', type: 'nominal', title: 'Recorded' },
  { field: 'source_label', type: 'nominal', title: 'Source' },
  { field: 'source.model', type: 'nominal', title: 'Model' },
];

/** What tells apart series of beliefs that are shown in one panel. */
export const SERIES = ['sensor.id', 'source.id', 'cumulative_probability'];

/** A Vega expression for something of the sensor that a belief is about. */
export function bySensor(
  sensors: readonly ShownSensor[],
  valueOf: (sensor: ShownSensor) => number | string,
): string {
  const values = Object.fromEntries(sensors.map((sensor) => [String(sensor.id), valueOf(sensor)]));
  const different = new Set(Object.values(values));
  if (different.size === 1) return JSON.stringify([...different][0]);
  return `(${JSON.stringify(values)})[datum.sensor.id]`;
}

/** A Vega expression for the name of a series in the legend, from one for its source. */
export const seriesLabel = (
  sensors: readonly ShownSensor[],
  { label }: ShownSensor,
  source: string,
): string =>
  sensors.length === 1 ? `${source}.description` : `${JSON.stringify(`${label}, `)} + ${source}.description`;
