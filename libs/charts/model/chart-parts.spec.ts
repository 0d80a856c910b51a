import { emptyBeliefColumns } from '#lib/beliefs/model';
import {
  beliefsJson,
  describeSource,
  explainShown,
  findSensorsToShow,
  pruneShown,
  readSensorsToShow,
  wrapLines,
} from './index';

describe('readSensorsToShow', () => {
  it.each([
    [undefined, undefined],
    ['3, 2', undefined],
    [[], undefined],
    [['x', null, -1, 1.5, []], undefined],
    [
      [3, 2],
      [[3], [2]],
    ],
    [
      [3, [2, 5, 2]],
      [[3], [2, 5]],
    ],
    [
      [3, [null, 2], [[2]], { sensor: 2 }],
      [[3], [2], [2]],
    ],
    [
      [
        { title: 'Power', sensors: [2, 5] },
        { title: null, plots: [{ sensor: 4 }, { sensors: [6, 4] }] },
      ],
      [
        [2, 5],
        [4, 6],
      ],
    ],
    [[{ title: 'x', plots: [{ asset: 3, 'flex-model': 'soc-max' }] }], undefined],
  ])('reads %j', (attribute, panels) => {
    expect(readSensorsToShow(attribute)).toEqual(panels);
  });
});

describe('explainShown', () => {
  it.each([
    [3],
    [[3, 2]],
    [{ title: 'a', sensor: 3 }],
    [{ title: null, sensors: [3], 'y-axis': 'data' }],
    [{ plots: [{ sensor: 3 }, { sensors: [4] }, { asset: 5, 'flex-context': 'consumption-price' }] }],
  ])('accepts %j', (entry) => {
    expect(explainShown(entry)).toBeUndefined();
  });

  it.each([
    ['3', 'Must be the id of a sensor, a list of ids, or an object with title and sensors.'],
    [[3, '2'], 'All items of a list must be ids of sensors.'],
    [{ title: 'a' }, "Must have one of 'sensor', 'sensors' and 'plots'."],
    [{ title: 1, sensor: 3 }, "'title' must be a text."],
    [{ sensor: '3' }, "'sensor' must be the id of a sensor."],
    [{ sensors: 3 }, "'sensors' must be a list of ids of sensors."],
    [{ sensor: 3, colour: 'red' }, 'Unknown field: colour.'],
    [{ plots: [{ title: 'a' }] }, 'Unknown field: title.'],
    [{ plots: [{}] }, "Each of 'plots' must have one of 'sensor', 'sensors' and 'asset'."],
    [{ plots: [{ asset: 3 }] }, "With 'asset', 'flex-model' or 'flex-context' must be the name of a field."],
  ])('refuses %j', (entry, reason) => {
    expect(explainShown(entry)).toBe(reason);
  });
});

describe('pruneShown', () => {
  const deleted = { sensors: new Set([5]), assets: new Set([9]) };

  it.each([
    [[3, 5], [3]],
    [[[3, 5], [5]], [[3]]],
    [
      [
        { title: 'a', sensors: [5, 3] },
        { title: 'b', sensor: 5 },
      ],
      [{ title: 'a', sensors: [3] }],
    ],
    [
      [{ plots: [{ sensors: [5] }, { sensor: 3 }] }, { plots: [{ sensor: 5 }] }],
      [{ plots: [{ sensor: 3 }] }],
    ],
    [[{ plots: [{ asset: 9, 'flex-model': 'soc-max' }] }, 3], [3]],
  ])('prunes %j to %j', (shown, kept) => {
    expect(pruneShown(shown, deleted)).toEqual(kept);
  });

  it('returns the same list if nothing was deleted', () => {
    const shown = [3, { sensors: [4] }];
    expect(pruneShown(shown, deleted)).toBe(shown);
  });
});

describe('findSensorsToShow', () => {
  it('also accepts the name of the attribute in the documentation of FlexMeasures', () => {
    expect(findSensorsToShow({ sensor_to_show: [3, 2] })).toEqual({ field: 'sensor_to_show', value: [3, 2] });
    expect(findSensorsToShow({ sensor_to_show: [3], sensors_to_show: [2] }).value).toEqual([2]);
    expect(findSensorsToShow({}).value).toBeUndefined();
  });
});

describe('wrapLines', () => {
  it.each([
    ['', []],
    ['Christmas Day', ['Christmas', 'Day']],
    ['one two three four', ['one two', 'three four']],
    ['first\nsecond', ['first', 'second']],
    ['incomprehensibilities', ['incomprehe', 'nsibilitie', 's']],
  ])('wraps %j', (text, lines) => {
    expect(wrapLines(text, 10)).toEqual(lines);
  });
});

describe('describeSource', () => {
  const source = { id: 1, name: 'Seita', type: 'scheduling script', model: null, version: null };
  it.each([
    [{}, '', 'Seita'],
    [{ model: 'Storage' }, 'Storage', "Seita's Storage model"],
    [{ model: 'Storage', version: '1' }, 'Storage (v1)', "Seita's Storage (v1) model"],
  ])('describes a source with %j', (parts, model, description) => {
    expect(describeSource({ ...source, ...parts })).toMatchObject({
      ...{ id: 1, type: 'scheduler', model, description },
    });
  });
});

const textOf = (...given: Parameters<typeof beliefsJson>): string => [...beliefsJson(...given)].join('');

describe('beliefsJson', () => {
  const beliefs = (starts: number[], values: number[]) => ({
    ...emptyBeliefColumns(starts.length),
    eventStarts: Float64Array.from(starts),
    values: Float64Array.from(values),
  });

  it('orders the beliefs of several sensors by event and writes null for values that are not finite', () => {
    const text = textOf(
      [
        { sensor: { id: 1, name: 'a "b"' }, beliefs: beliefs([0, 0, 20], [1, NaN, 1e21]) },
        { sensor: { id: 2, name: 'c' }, beliefs: beliefs([0, 10], [-0, Infinity]) },
      ],
      new Map(),
    );
    const rows = JSON.parse(text) as { event_start: number; event_value: unknown; sensor: unknown }[];
    expect(rows.map(({ event_start, event_value, sensor }) => [event_start, event_value, sensor])).toEqual([
      [0, 1, { id: 1, name: 'a "b"' }],
      [0, null, { id: 1, name: 'a "b"' }],
      [0, 0, { id: 2, name: 'c' }],
      [10, null, { id: 2, name: 'c' }],
      [20, 1e21, { id: 1, name: 'a "b"' }],
    ]);
  });

  it('returns an empty list without beliefs', () => expect(textOf([], new Map())).toBe('[]'));

  it.each([1, 255, 256, 257, 512, 3000])('writes pieces of at most 256 rows, given %i rows', (count) => {
    const starts = Array.from({ length: count }, (_, i) => i);
    const series = [{ sensor: { id: 1, name: 'a' }, beliefs: beliefs(starts, starts) }];
    const pieces = [...beliefsJson(series, new Map())];
    const rows = JSON.parse(pieces.join('')) as { event_value: number }[];
    expect(rows.map((row) => row.event_value)).toEqual(starts);
    expect(pieces.length).toBeGreaterThanOrEqual(Math.ceil(count / 256));
  });
});
