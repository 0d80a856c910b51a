import { emptyBeliefColumns } from '#lib/beliefs/model';
import { beliefsJson, findSensorsToShow, readSensorsToShow, describeSource, wrapLines } from './index';

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
      [[3], [2]],
    ],
  ])('reads %j', (attribute, panels) => {
    expect(readSensorsToShow(attribute)).toEqual(panels);
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
    expect(describeSource({ ...source, ...parts })).toMatchObject({ id: 1, model, description });
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
