import type { StringFieldDef } from 'vega-lite/build/src/channeldef';
import type { CalculateTransform } from 'vega-lite/build/src/transform';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/time';
import type { ShownSensor } from './chart-options';
import { COMPUTED_TYPES } from './data/source-label';

/** Kind of beliefs from before the event or from forecasting and scheduling scripts; they are dashed. */
export const FORECAST_OR_SCHEDULE = 'forecast or schedule';
const MEASURED = 'measurement';
export const KINDS = [MEASURED, FORECAST_OR_SCHEDULE];
export const DASHES = [
  [1, 0],
  [4, 3],
];

const TIME = '%H:%M on %A %b %e, %Y';

const HORIZON_SIZE = `abs(datum.belief_horizon) >= ${2 * DAY_MS}
  ? format(abs(datum.belief_horizon) / ${DAY_MS}, '.3~r') + ' days'
  : abs(datum.belief_horizon) >= ${2 * HOUR_MS}
  ? format(abs(datum.belief_horizon) / ${HOUR_MS}, '.3~r') + ' hours'
  : format(abs(datum.belief_horizon) / ${MINUTE_MS}, '.3~r') + ' minutes'`;

/** Fields that charts compute for each belief: its kind and its texts for the tooltip. */
export function beliefFields(sensors: readonly ShownSensor[]): CalculateTransform[] {
  const one = (valueOf: (sensor: ShownSensor) => number | string): string => bySensor(sensors, valueOf);
  return [
    { calculate: `datum.event_start + ${one(({ resolutionMs }) => resolutionMs)}`, as: 'event_end' },
    {
      calculate: `datum.belief_horizon > 0 || indexof(${JSON.stringify(COMPUTED_TYPES)}, datum.source.type) >= 0 ? '${FORECAST_OR_SCHEDULE}' : '${MEASURED}'`,
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

/** Fields of the tooltip of a belief. */
export const TOOLTIP: StringFieldDef<string>[] = [
  { field: 'sensor_label', type: 'nominal', title: 'Sensor' },
  { field: 'value_label', type: 'nominal', title: 'Value' },
  { field: 'cumulative_probability', type: 'quantitative', title: 'Probability', format: '.0%' },
  { field: 'event_start', type: 'temporal', title: 'Time and date', format: TIME },
  { field: 'horizon_label', type: 'nominal', title: 'Recorded' },
  { field: 'source_label', type: 'nominal', title: 'Source' },
  { field: 'source.model', type: 'nominal', title: 'Model' },
];

/** Fields that identify a series in a panel. */
export const SERIES = ['sensor.id', 'source.id', 'cumulative_probability'];

/** A Vega expression for a value that depends on the sensor of a belief. */
export function bySensor(
  sensors: readonly ShownSensor[],
  valueOf: (sensor: ShownSensor) => number | string,
): string {
  const values = Object.fromEntries(sensors.map((sensor) => [String(sensor.id), valueOf(sensor)]));
  const different = new Set(Object.values(values));
  if (different.size === 1) return JSON.stringify([...different][0]);
  return `(${JSON.stringify(values)})[datum.sensor.id]`;
}

/** A Vega expression for the name of a series in the legend. @param source Vega expression for the source */
export const seriesLabel = (
  sensors: readonly ShownSensor[],
  { label }: ShownSensor,
  source: string,
): string =>
  sensors.length === 1 ? `${source}.description` : `${JSON.stringify(`${label}, `)} + ${source}.description`;
