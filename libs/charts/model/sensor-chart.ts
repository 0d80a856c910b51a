import type { TopLevelSpec } from 'vega-lite';
import { beliefFields } from './belief-fields';
import {
  annotationsDataset,
  plain,
  sensorDataset,
  type ChartOptions,
  type ShownSensor,
} from './chart-options';
import { barLayers, anchorLayer, lineLayers, shownValues, type Layer } from './panel';
import { configOf } from './themes';

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';

/**
 * The chart of one sensor as a Vega-Lite specification: bars for events that last some time, a line for instants.
 * Its data goes by `sensorDataset`, its annotations by `annotationsDataset`.
 */
export function sensorChart(given: ShownSensor, options: ChartOptions): TopLevelSpec {
  const sensor = plain(given);
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
      anchorLayer(sensorDataset(sensor.id), [sensor], options, !isInstantaneous),
      annotationTexts(sensor),
    ],
    config: configOf(options.theme),
  };
}

const START = { value: { expr: `scale('x', datum.start)` } };
const END = { value: { expr: `scale('x', datum.end)` } };

/** Periods that somebody remarked upon. They lie on the time axis of the data, and do not stretch it. */
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
