import type { TopLevelSpec } from 'vega-lite';
import { beliefFields } from './belief-fields';
import {
  annotationsDataset,
  sanitiseNames,
  sensorDataset,
  type ChartOptions,
  type ShownSensor,
} from './chart-options';
import { barLayers, placeholderLayer, lineLayers, shownValues, type Layer } from './panel';
import { getThemeConfig } from './themes';

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';

/**
 * The chart of one sensor as a Vega-Lite specification: bars for events with a duration, a line for instantaneous events.
 * The name of its data is `sensorDataset`, that of its annotations `annotationsDataset`.
 */
export function sensorChart(given: ShownSensor, options: ChartOptions): TopLevelSpec {
  const sensor = sanitiseNames(given);
  const isInstantaneous = sensor.resolutionMs === 0;
  return {
    $schema: SCHEMA,
    description: `A ${isInstantaneous ? 'line' : 'bar'} chart showing sensor data.`,
    title: sensor.name,
    data: { name: sensorDataset(sensor.id) },
    width: options.width ?? 'container',
    height: options.height,
    transform: [...beliefFields([sensor]), ...shownValues([sensor])],
    layer: [
      annotatedPeriods(sensor),
      ...(isInstantaneous ? lineLayers([sensor], options) : barLayers([sensor], options)),
      placeholderLayer(sensorDataset(sensor.id), [sensor], options, !isInstantaneous),
      annotationTexts(sensor),
    ],
    config: getThemeConfig(options.theme),
  };
}

const START = { value: { expr: `scale('x', datum.start)` } };
const END = { value: { expr: `scale('x', datum.end)` } };

/** Annotated periods. They use the time axis of the data and do not extend it. */
const annotatedPeriods = ({ id }: ShownSensor): Layer => ({
  data: { name: annotationsDataset(id) },
  mark: { type: 'rect', clip: true, color: '#9aa0a6', opacity: 0.25 },
  encoding: { x: START, x2: END, y: { value: 0 }, y2: { value: 'height' } },
});

const annotationTexts = ({ id }: ShownSensor): Layer => ({
  data: { name: annotationsDataset(id) },
  mark: { type: 'text', clip: true, align: 'left', baseline: 'top', dx: 4, fontStyle: 'italic' },
  encoding: { x: START, y: { value: 4 }, text: { field: 'content' } },
});
