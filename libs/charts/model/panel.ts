import type { NumericArrayMarkPropDef, PositionFieldDef } from 'vega-lite/build/src/channeldef';
import type { Encoding } from 'vega-lite/build/src/encoding';
import type { Legend } from 'vega-lite/build/src/legend';
import type { LayerSpec, UnitSpec } from 'vega-lite/build/src/spec';
import type { Transform } from 'vega-lite/build/src/transform';
import { includesZero, timeAxis, valueTitle } from './axes';
import { FORECAST_OR_SCHEDULE, bySensor, DASHES, KINDS, SERIES, seriesLabel, TOOLTIP } from './belief-fields';
import type { ChartOptions, ShownSensor } from './chart-options';
import { conversion, shownUnits } from './shown-units';

export type Layer = LayerSpec<string> | UnitSpec<string>;

/** Opacity of outer quantiles. */
const OUTER_QUANTILE_OPACITY = 0.35;

/** Opacity of invisible pointer targets. With zero, Vega would use thin lines for hit testing. */
const HIDDEN_OPACITY = 0.001;

/** Legend entry of an empty panel. */
const NO_DATA = 'no data';

const VALUE = 'shown_value';

/** Step of instantaneous sensors: they never have gaps. */
const NO_STEP_MS = 1e15;

const hasSteps = ({ resolutionMs }: ShownSensor): boolean => resolutionMs > 0;

/** Opacity of the prediction interval. */
const INTERVAL_OPACITY = 0.18;

/**
 * Shades the interval between the lowest and the highest quantile of each event. The first row is always kept, as an interval
 * without height, because Vega warns about layers without data.
 */
function intervalLayer(sensors: readonly ShownSensor[], options: ChartOptions): Layer {
  return {
    transform: [
      { window: [{ op: 'row_number', as: 'row' }] },
      { filter: 'datum.cumulative_probability != 0.5 || datum.row == 1' },
      {
        aggregate: [
          { op: 'min', field: VALUE, as: 'band_low' },
          { op: 'max', field: VALUE, as: 'band_high' },
        ],
        groupby: ['event_start', 'event_end', 'series_label', 'belief_horizon'],
      },
    ],
    mark: { type: 'rect', clip: true, opacity: INTERVAL_OPACITY, tooltip: null },
    encoding: {
      x: timeAxis('event_start', options),
      x2: { field: 'event_end' },
      y: { ...valueAxis(sensors), field: 'band_low' },
      y2: { field: 'band_high' },
      color: { field: 'series_label', type: 'nominal', title: null },
    },
  };
}

/** Bars from the start to the end of each event. Beliefs of several sources overlap; they are not stacked. */
export function barLayers(sensors: readonly ShownSensor[], options: ChartOptions): Layer[] {
  return [
    intervalLayer(sensors, options),
    {
      mark: { type: 'bar', orient: 'vertical', clip: true, strokeWidth: 1 },
      encoding: {
        ...channels(sensors),
        x: timeAxis('event_start', options),
        x2: { field: 'event_end' },
        stroke: { field: 'series_label', type: 'nominal', title: null },
        strokeDash: dashes(OUTLINES),
        fillOpacity: {
          condition: { test: `datum.kind == '${FORECAST_OR_SCHEDULE}'`, value: 0.35 },
          value: 0.75,
        },
        tooltip: TOOLTIP,
      },
    },
  ];
}

/** Lines for instantaneous sensors, and steps for sensors of events with a duration. */
export function lineLayers(sensors: readonly ShownSensor[], options: ChartOptions): Layer[] {
  const encoding = channels(sensors);
  const start = timeAxis('event_start', options);
  const line: Layer = {
    transform: sensors.some(hasSteps) ? steps(sensors) : [],
    mark: { type: 'line', clip: true },
    encoding: {
      ...encoding,
      x: sensors.some(hasSteps) ? timeAxis('edge', options) : start,
      detail: [...SERIES, ...(sensors.some(hasSteps) ? ['run'] : [])].map((field) => ({ field })),
    },
  };
  const target = { detail: encoding.detail, y: encoding.y, x: start, tooltip: TOOLTIP };
  const targets: Layer[] = [];
  if (sensors.some(hasSteps)) {
    const mark = { type: 'rule', clip: true, strokeWidth: 14, opacity: HIDDEN_OPACITY } as const;
    targets.push({ mark, encoding: { ...target, x2: { field: 'event_end' } } });
  }
  if (!sensors.every(hasSteps)) {
    const mark = { type: 'point', clip: true, filled: true, size: 150, opacity: HIDDEN_OPACITY } as const;
    targets.push({ mark, encoding: target });
  }
  return [...(sensors.some(hasSteps) ? [intervalLayer(sensors, options)] : []), line, ...targets];
}

/**
 * An invisible point, on one of the events. Without data, it lets Vega draw the axes.
 *
 * @param dataset name of the data
 * @param hasOutlines whether the bars of the panel have outlines
 */
export function placeholderLayer(
  dataset: string,
  sensors: readonly ShownSensor[],
  options: ChartOptions,
  hasOutlines = false,
): Layer {
  const units = shownUnits(sensors);
  const first = (valueOf: (sensor: ShownSensor) => string, otherwise: string): string =>
    sensors.reduceRight(
      (rest, sensor) => `datum.start_${sensor.id} != null ? ${valueOf(sensor)} : ${rest}`,
      otherwise,
    );
  return {
    data: { values: [Object.fromEntries(sensors.map(({ id }) => [`id_${id}`, id]))] },
    transform: [
      ...sensors.map(({ id }) => ({
        lookup: `id_${id}`,
        from: { data: { name: dataset }, key: 'sensor.id', fields: ['event_start', 'event_value', 'source'] },
        as: [`start_${id}`, `value_${id}`, `source_${id}`],
      })),
      {
        calculate: first(
          ({ id }) => `datum.start_${id}`,
          String(options.endMs ?? options.startMs ?? 'now()'),
        ),
        as: 'event_start',
      },
      {
        calculate: first(
          (sensor) =>
            `datum.value_${sensor.id} * ${conversion(sensor, units).factor} + ${conversion(sensor, units).offset}`,
          '0',
        ),
        as: VALUE,
      },
      {
        calculate: first(
          (sensor) => seriesLabel(sensors, sensor, `datum.source_${sensor.id}`),
          `'${NO_DATA}'`,
        ),
        as: 'series_label',
      },
    ],
    mark: { type: 'bar', orient: 'vertical', clip: true, size: 1, opacity: 0, tooltip: null },
    encoding: {
      x: timeAxis('event_start', options),
      y: valueAxis(sensors),
      color: { field: 'series_label', type: 'nominal', title: null },
      ...(hasOutlines && { stroke: { field: 'series_label', type: 'nominal', title: null } }),
    },
  };
}

/** Common encoding of the layers of a panel: a colour per source, dashes for forecasts and schedules. */
function channels(sensors: readonly ShownSensor[]): Encoding<string> {
  return {
    y: valueAxis(sensors),
    color: { field: 'series_label', type: 'nominal', title: null },
    strokeDash: dashes(),
    opacity: {
      condition: { test: 'datum.cumulative_probability == 0.5', value: 1 },
      value: OUTER_QUANTILE_OPACITY,
    },
    detail: SERIES.map((field) => ({ field })),
  };
}

/** Legend for dashed outlines of bars; by default, Vega-Lite would show filled symbols. */
const OUTLINES: Legend<never> = {
  symbolType: 'stroke',
  encoding: {
    symbols: { stroke: { value: '#808890' }, strokeWidth: { value: 2 }, fill: { value: 'transparent' } },
  },
};

/** Dashes for forecasts and schedules. */
const dashes = (legend: Legend<never> = {}): NumericArrayMarkPropDef<string> => ({
  field: 'kind',
  type: 'nominal',
  title: null,
  scale: { domain: KINDS, range: DASHES },
  legend,
});

function valueAxis(sensors: readonly ShownSensor[]): PositionFieldDef<string> {
  const units = [...new Set(shownUnits(sensors).values())];
  return {
    field: VALUE,
    type: 'quantitative',
    title: units.map(valueTitle).join(', '),
    stack: null,
    scale: { zero: units.some(includesZero) },
  };
}

/** Converts the values of sensors that share a panel to one unit. */
export function shownValues(sensors: readonly ShownSensor[]): Transform[] {
  const units = shownUnits(sensors);
  const [factor, offset] = [
    bySensor(sensors, (sensor) => conversion(sensor, units).factor),
    bySensor(sensors, (sensor) => conversion(sensor, units).offset),
  ];
  return [{ calculate: `datum.event_value * ${factor} + ${offset}`, as: VALUE }];
}

/** Two points per event, so that the last event has its full length. A new line starts after missing events. */
function steps(sensors: readonly ShownSensor[]): Transform[] {
  const longest = bySensor(sensors, ({ resolutionMs }) => resolutionMs || NO_STEP_MS);
  const series = { groupby: SERIES, sort: [{ field: 'event_start' }] };
  return [
    { window: [{ op: 'lag', field: 'event_start', as: 'previous' }], ...series },
    { calculate: `datum.event_start - datum.previous > ${longest} ? 1 : 0`, as: 'gap' },
    { window: [{ op: 'sum', field: 'gap', as: 'run' }], ...series },
    { calculate: '[datum.event_start, datum.event_end]', as: 'edge' },
    { flatten: ['edge'] },
  ];
}
