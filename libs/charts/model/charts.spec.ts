import { compile, type TopLevelSpec } from 'vega-lite';
import { assetChart, sensorChart, THEMES, type ChartOptions, type ShownSensor } from './index';

const OPTIONS: ChartOptions = { height: 300, theme: 'default' };

const aSensor = (id: number, unit: string, resolutionMs: number, name = `sensor ${id}`): ShownSensor => ({
  id,
  name,
  label: name,
  unit,
  resolutionMs,
});
const PRICES = aSensor(3, 'EUR/MWh', 3_600_000, 'Day ahead prices');
const POWER = aSensor(2, 'MW', 900_000, 'discharging');
const SOLAR = aSensor(5, 'kW', 900_000, `"quoted' \\ </script> \u2028`);
const TEMPERATURE = aSensor(4, '°C', 0);
const NO_UNIT = aSensor(6, '', 60_000);

const ASSET = { id: 3, name: 'toy-battery' };

/** Compiles a chart to a Vega specification and collects the warnings of Vega-Lite. */
function compiled(chart: TopLevelSpec) {
  const warnings: string[] = [];
  const listen = (...messages: unknown[]) => {
    warnings.push(messages.join(' '));
    return logger;
  };
  const logger = {
    level: () => logger,
    error: listen,
    warn: listen,
    info: () => logger,
    debug: () => logger,
  };
  const { spec } = compile(chart, { logger: logger as never });
  return { warnings, text: JSON.stringify(spec), spec };
}

const variants: [string, ChartOptions][] = [
  ['with defaults', OPTIONS],
  ['with the dark theme', { ...OPTIONS, theme: 'dark' }],
  ['with sizes', { ...OPTIONS, width: 640, height: 120 }],
  ['over a window', { ...OPTIONS, startMs: 1_772_582_400_000, endMs: 1_772_668_800_000 }],
  ['with only a start', { ...OPTIONS, startMs: 1_772_582_400_000 }],
];

describe.each(variants)('charts %s', (_name, options) => {
  it.each([PRICES, POWER, SOLAR, TEMPERATURE, NO_UNIT])('of sensor $id are valid Vega-Lite', (sensor) => {
    expect(compiled(sensorChart(sensor, options)).warnings).toEqual([]);
  });

  it('of assets are valid Vega-Lite', () => {
    const panels = [[PRICES], [POWER, SOLAR], [TEMPERATURE], [POWER, TEMPERATURE, NO_UNIT]];
    expect(compiled(assetChart(ASSET, panels, options)).warnings).toEqual([]);
    expect(compiled(assetChart(ASSET, [], options)).warnings).toEqual([]);
  });
});

describe('sensorChart', () => {
  const marksOf = (sensor: ShownSensor) =>
    (sensorChart(sensor, OPTIONS) as unknown as { layer: { mark: { type: string } }[] }).layer.map(
      ({ mark }) => mark.type,
    );

  it('has bars for events with a duration and a line for instantaneous events', () => {
    expect(marksOf(PRICES)).toContain('bar');
    expect(marksOf(PRICES)).not.toContain('line');
    expect(marksOf(TEMPERATURE)).toContain('line');
    expect(sensorChart(PRICES, OPTIONS).description).toBe('A bar chart showing sensor data.');
    expect(sensorChart(TEMPERATURE, OPTIONS).description).toBe('A line chart showing sensor data.');
  });

  it('has named data and a title with the quantity', () => {
    const chart = sensorChart(PRICES, OPTIONS);
    expect(chart.data).toEqual({ name: 'sensor_3' });
    expect(chart.title).toBe('Day ahead prices');
    const { text } = compiled(chart);
    expect(text).toContain('"title":"Price (EUR/MWh)"');
    expect(text).toContain('"name":"sensor_3_annotations"');
  });

  it('does not stack beliefs of several sources', () => {
    expect(compiled(sensorChart(POWER, OPTIONS)).text).not.toContain('"type":"stack"');
  });
});

it.each([...THEMES])('theme %s has a unique background', (theme) => {
  const backgrounds = THEMES.map(
    (name) => sensorChart(POWER, { ...OPTIONS, theme: name }).config?.background,
  );
  expect(backgrounds.filter((one) => one === backgrounds[THEMES.indexOf(theme)])).toHaveLength(1);
});
