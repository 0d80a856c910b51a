import { parse, View, type Bounds } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { assetChart, beliefsJson, sensorChart, describeSource, type ShownSensor } from './index';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-03-04T00:00Z');
const OPTIONS = {
  height: 100,
  width: 240,
  theme: 'default',
  startMs: START_MS,
  endMs: START_MS + 24 * HOUR_MS,
} as const;

const METER = { id: 1, name: 'meter', type: 'user', model: null, version: null };
const SCHEDULER = {
  id: 2,
  name: 'Seita',
  type: 'scheduling script',
  model: 'StorageScheduler',
  version: '1',
};
const SOURCES = new Map([METER, SCHEDULER].map((source) => [source.id, describeSource(source)]));

const aSensor = (id: number, unit: string, resolutionMs: number): ShownSensor => ({
  id,
  name: `sensor ${id}`,
  label: `sensor ${id} "quoted' \u2028`,
  unit,
  resolutionMs,
});

interface Belief {
  hour: number;
  value: number;
  source?: number;
  horizonMs?: number;
  probability?: number;
}

/** Rows as returned by the API. */
function rows(sensor: ShownSensor, beliefs: Belief[]): object[] {
  const columns = {
    eventStarts: Float64Array.from(beliefs, ({ hour }) => START_MS + hour * HOUR_MS),
    beliefHorizons: Float64Array.from(beliefs, ({ horizonMs = 0 }) => horizonMs),
    sourceIds: Int32Array.from(beliefs, ({ source = 1 }) => source),
    cumulativeProbabilities: Float64Array.from(beliefs, ({ probability = 0.5 }) => probability),
    values: Float64Array.from(beliefs, ({ value }) => value),
  };
  return JSON.parse([...beliefsJson([{ sensor, beliefs: columns }], SOURCES)].join('')) as object[];
}

/** A group of marks in the scene graph of Vega. */
interface Drawn {
  marktype: string;
  role: string;
  items: {
    items?: Drawn[];
    x?: number;
    y?: number;
    width?: number;
    height?: number;
    stroke?: string;
    strokeDash?: number[];
    tooltip?: Record<string, string>;
    /** Start of the mark (hours after the start of the axis) and its length in hours. */
    hour?: number;
    hours?: number;
  }[];
}

/** Whether a mark is visible: a rectangle without height is not. */
const isSeen = ({ marktype, items }: Drawn): boolean =>
  marktype === 'rect' ? items.some(({ height }) => height! > 0) : items.length > 0;

/** Renders a chart and returns the visible marks of a type. */
async function drawn(
  chart: TopLevelSpec,
  datasets: Record<string, object[]>,
  type: string,
): Promise<Drawn[]> {
  const { spec } = compile({ ...chart, datasets });
  const view = new View(parse(spec), { renderer: 'none' });
  await view.runAsync();
  const axis = view.scale('x') as { invert: (x: number) => Date };
  const hourAt = (x: number) => Math.round((axis.invert(x).getTime() - START_MS) / 1000) / 3600;
  const marks: Drawn[] = [];
  const visit = (mark: Drawn): void => {
    if (mark.marktype === type && mark.role === 'mark') marks.push(mark);
    for (const item of mark.items) {
      item.hour = hourAt(item.x ?? 0);
      item.hours = hourAt((item.x ?? 0) + (item.width ?? 0)) - item.hour;
    }
    for (const item of mark.items) item.items?.forEach(visit);
  };
  visit((view.scenegraph() as unknown as { root: Drawn }).root);
  view.finalize();
  return marks.filter(isSeen);
}

describe('a rendered chart', () => {
  const power = aSensor(7, 'MW', HOUR_MS);

  it('shows each event as a bar with the length of its duration', async () => {
    const data = rows(power, [
      { hour: 0, value: 2 },
      { hour: 12, value: -1 },
    ]);
    const [bars] = await drawn(sensorChart(power, OPTIONS), { sensor_7: data }, 'rect');
    expect(bars!.items.map(({ hour, hours }) => [hour, hours])).toEqual([
      [0, 1],
      [12, 1],
    ]);
  });

  it('dashes forecasts and schedules', async () => {
    const data = rows(power, [
      { hour: 0, value: 2 },
      { hour: 1, value: 2, horizonMs: 1 },
      { hour: 2, value: 2, source: 2, horizonMs: -HOUR_MS },
    ]);
    const [bars] = await drawn(sensorChart(power, OPTIONS), { sensor_7: data }, 'rect');
    const dashes = bars!.items.map(({ strokeDash }) => strokeDash);
    expect(dashes).toEqual([
      [1, 0],
      [4, 3],
      [4, 3],
    ]);
    expect(new Set(bars!.items.map(({ stroke }) => stroke)).size).toBe(2);
  });

  it('interrupts the line if events are missing', async () => {
    const data = rows(
      power,
      [0, 1, 2, 5, 6].map((hour) => ({ hour, value: hour })),
    );
    const lines = await drawn(
      assetChart({ id: 1, name: 'a' }, [[power]], OPTIONS),
      { asset_1: data },
      'line',
    );
    expect(lines.map(({ items }) => items.map(({ hour }) => hour))).toEqual([
      [0, 1, 1, 2, 2, 3],
      [5, 6, 6, 7],
    ]);
  });

  it('draws a separate line per quantile', async () => {
    const data = rows(
      power,
      [0, 1].flatMap((hour) =>
        [0.1, 0.5, 0.9].map((probability) => ({ hour, value: probability, probability })),
      ),
    );
    const lines = await drawn(
      assetChart({ id: 1, name: 'a' }, [[power]], OPTIONS),
      { asset_1: data },
      'line',
    );
    expect(lines.map(({ items }) => items.length)).toEqual([4, 4, 4]);
  });

  it('shades the interval between the outer quantiles', async () => {
    const values = { 0.1: 1, 0.5: 2, 0.9: 4 };
    const data = rows(power, [
      ...[0, 5].flatMap((hour) =>
        Object.entries(values).map(([probability, value]) => ({
          hour,
          value,
          probability: Number(probability),
        })),
      ),
      { hour: 8, value: 4 },
    ]);
    for (const [chart, dataset] of [
      [sensorChart(power, OPTIONS), 'sensor_7'],
      [assetChart({ id: 1, name: 'a' }, [[power]], OPTIONS), 'asset_1'],
    ] as const) {
      const [intervals] = await drawn(chart, { [dataset]: data }, 'rect');
      expect(intervals!.items.map(({ hour, hours }) => [hour, hours])).toEqual([
        [0, 1],
        [5, 1],
      ]);
      expect(intervals!.items.every(({ height }) => height! > 0)).toBe(true);
    }
  });

  it('converts sensors that share a panel to one unit', async () => {
    const small = aSensor(8, 'kW', HOUR_MS);
    const asset = assetChart({ id: 1, name: 'a' }, [[power, small]], OPTIONS);
    const data = [...rows(power, [{ hour: 0, value: 2 }]), ...rows(small, [{ hour: 1, value: 2000 }])];
    const lines = await drawn(asset, { asset_1: data }, 'line');
    const heights = lines.flatMap(({ items }) => items.map(({ y }) => y));
    expect(new Set(heights).size).toBe(1);
  });

  it('connects instantaneous events and shows each sensor in its own panel', async () => {
    const temperature = aSensor(9, '°C', 0);
    const asset = assetChart({ id: 1, name: 'a' }, [[power], [temperature]], OPTIONS);
    const data = [
      ...rows(power, [{ hour: 0, value: 2 }]),
      ...rows(
        temperature,
        [0, 5, 6].map((hour) => ({ hour, value: hour })),
      ),
    ];
    const lines = await drawn(asset, { asset_1: data }, 'line');
    expect(lines.map(({ items }) => items.map(({ hour }) => hour))).toEqual([
      [0, 1],
      [0, 5, 6],
    ]);
  });

  it('shows sensor, value, horizon and source in tooltips', async () => {
    const data = rows(power, [{ hour: 0, value: 1.5, source: 2, horizonMs: 3 * HOUR_MS }]);
    const [bars] = await drawn(sensorChart(power, OPTIONS), { sensor_7: data }, 'rect');
    expect(bars!.items[0]!.tooltip).toMatchObject({
      Sensor: 'sensor 7 "quoted\'  ',
      Value: '1.5 MW',
      Probability: '50%',
      Recorded: '3 hours before',
      Source: 'Seita (ID: 2)',
      Model: 'StorageScheduler (v1)',
    });
  });

  it('has axes and a size without data', async () => {
    const temperature = aSensor(9, '°C', 0);
    for (const chart of [
      sensorChart(power, OPTIONS),
      sensorChart(temperature, { ...OPTIONS, startMs: undefined, endMs: undefined }),
      assetChart({ id: 1, name: 'a' }, [[power, temperature]], OPTIONS),
    ]) {
      const { spec } = compile({ ...chart, datasets: { sensor_7: [], sensor_9: [], asset_1: [] } });
      const view = new View(parse(spec), { renderer: 'none' }).logLevel(0);
      await view.runAsync();
      const { x1, y1, x2, y2 } = (view.scenegraph() as unknown as { root: { bounds: Bounds } }).root.bounds;
      for (const bound of [x1, y1, x2, y2]) expect(Math.abs(bound)).toBeLessThan(1000);
      view.finalize();
    }
  });
});
