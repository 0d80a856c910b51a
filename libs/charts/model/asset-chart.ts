import type { TopLevelSpec } from 'vega-lite';
import type { LayerSpec } from 'vega-lite/build/src/spec';
import { beliefFields } from './belief-fields';
import { assetDataset, oneLine, sanitiseNames, type ChartOptions, type ShownSensor } from './chart-options';
import { placeholderLayer, lineLayers, shownValues } from './panel';
import { getThemeConfig } from './themes';

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';

/** Sensors that share one panel of a chart; at least one. */
export type Panel = readonly ShownSensor[];

/**
 * The chart of an asset as a Vega-Lite specification: panels with a shared time axis, with steps for events with a duration
 * and lines for instantaneous events. The name of its data is `assetDataset`.
 */
export function assetChart(
  asset: { id: number; name: string },
  panels: readonly Panel[],
  options: ChartOptions,
): TopLevelSpec {
  return {
    $schema: SCHEMA,
    description: `A chart showing sensor data for ${oneLine(asset.name)}.`,
    data: { name: assetDataset(asset.id) },
    vconcat: panels.map((sensors) => panelSpec(assetDataset(asset.id), sensors.map(sanitiseNames), options)),
    spacing: 40,
    resolve: { scale: { x: 'shared', color: 'independent', strokeDash: 'shared' } },
    config: getThemeConfig(options.theme),
  };
}

function panelSpec(dataset: string, sensors: Panel, options: ChartOptions): LayerSpec<string> {
  const ids = JSON.stringify(sensors.map(({ id }) => id));
  return {
    title: sensors.map(({ label }) => label).join(', '),
    width: options.width ?? 'container',
    height: options.height,
    transform: [
      { filter: `indexof(${ids}, datum.sensor.id) >= 0` },
      ...beliefFields(sensors),
      ...shownValues(sensors),
    ],
    layer: [...lineLayers(sensors, options), placeholderLayer(dataset, sensors, options)],
  };
}
