import type { NumericArrayMarkPropDef, PositionFieldDef } from 'vega-lite/build/src/channeldef';
import type { Encoding } from 'vega-lite/build/src/encoding';
import type { LayerSpec, UnitSpec } from 'vega-lite/build/src/spec';
import type { Transform } from 'vega-lite/build/src/transform';
import { converter, sameDimension } from '#lib/units';
import { beginsAtZero, timeAxis, valueTitle } from './axes';
import { AHEAD, bySensor, DASHES, KINDS, SERIES, TOOLTIP } from './belief-fields';
import type { ChartOptions, ShownSensor } from './chart-options';

export type Layer = LayerSpec<string> | UnitSpec<string>;

/** Of the outer points of a distribution, beside its middle. */
const FAINT = 0.35;

/** Not to be seen, but to be found by the pointer: at zero, thick lines are thin for it. */
const HIDDEN = 0.001;

const VALUE = 'shown_value';

/** A sensor without steps never has a gap between two values. */
const NO_STEP_MS = 1e15;

const hasSteps = ({ resolutionMs }: ShownSensor): boolean => resolutionMs > 0;

/** Bars from the start to the end of each event. Alternative beliefs lie on top of each other, never stacked. */
export function barLayers(sensors: readonly ShownSensor[], options: ChartOptions): Layer[] {
  return [
    {
      mark: { type: 'bar', orient: 'vertical', clip: true, strokeWidth: 1 },
      encoding: {
        ...channels(sensors),
        x: timeAxis('event_start', options),
        x2: { field: 'event_end' },
        stroke: { field: 'series_label', type: 'nominal', title: null },
        strokeDash: dashes({ symbolType: 'stroke', symbolStrokeColor: '#808890' }),
        fillOpacity: { condition: { test: `datum.kind == '${AHEAD}'`, value: 0.35 }, value: 0.75 },
        tooltip: TOOLTIP,
      },
    },
  ];
}

/** Lines that join the values of instantaneous sensors, and show those of interval sensors as steps. */
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
    const mark = { type: 'rule', clip: true, strokeWidth: 14, opacity: HIDDEN } as const;
    targets.push({ mark, encoding: { ...target, x2: { field: 'event_end' } } });
  }
  if (!sensors.every(hasSteps)) {
    const mark = { type: 'point', clip: true, filled: true, size: 150, opacity: HIDDEN } as const;
    targets.push({ mark, encoding: target });
  }
  return [line, ...targets];
}

/** What the layers of a panel have in common: colours tell sources apart, dashes what lies ahead. */
function channels(sensors: readonly ShownSensor[]): Encoding<string> {
  return {
    y: valueAxis(sensors),
    color: { field: 'series_label', type: 'nominal', title: null },
    strokeDash: dashes(),
    opacity: { condition: { test: 'datum.cumulative_probability == 0.5', value: 1 }, value: FAINT },
    detail: SERIES.map((field) => ({ field })),
  };
}

/** Dashes for what lies ahead, with a legend for lines or for the outlines of bars. */
const dashes = (
  legend: { symbolType?: string; symbolStrokeColor?: string } = {},
): NumericArrayMarkPropDef<string> => ({
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
    scale: { zero: units.some(beginsAtZero) },
  };
}

/** Units on the axis of values, by sensor: the first sensor's, where the others can be converted into it. */
function shownUnits(sensors: readonly ShownSensor[]): Map<number, string> {
  const first = sensors[0]?.unit ?? '';
  return new Map(sensors.map(({ id, unit }) => [id, sameDimension(unit, first) ? first : unit]));
}

/** Brings the values of sensors that share a panel to one unit. */
export function shownValues(sensors: readonly ShownSensor[]): Transform[] {
  const units = shownUnits(sensors);
  const convert = (sensor: ShownSensor) => converter(sensor.unit, units.get(sensor.id)!);
  const isConverted = sensors.some(({ id, unit }) => units.get(id) !== unit);
  if (!isConverted) return [{ calculate: 'datum.event_value', as: VALUE }];
  const factor = bySensor(sensors, (sensor) => convert(sensor)(1) - convert(sensor)(0));
  const offset = bySensor(sensors, (sensor) => convert(sensor)(0));
  return [{ calculate: `datum.event_value * ${factor} + ${offset}`, as: VALUE }];
}

/** Two points for each event, so that the last one has its length as well; a line ends where events are missing. */
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
