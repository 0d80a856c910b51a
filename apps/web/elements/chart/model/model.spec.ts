import type { ChartColumns, Panel } from './columns';
import { toCsv } from './csv';
import { periodWindow, presetPeriod, readPeriod, shiftPeriod } from './period';
import { compareSeries, drawSeries, findEvent, linePoints } from './series';
import { shownHorizon, shownNumber } from './text';
import { fromLocal, isoTime, localTime, tickLabel, zoneOffset } from './zone';

const HOUR = 3_600_000;
const ZONE = 'Europe/Amsterdam';

const source = (id: number, type: string) => ({
  id,
  name: `s${id}`,
  model: '',
  type,
  description: `Source ${id}`,
});

const PANELS: Panel[] = [
  {
    title: 'Power',
    unit: 'kW',
    hasZero: true,
    sensors: [{ id: 1, label: 'power', unit: 'kW', factor: 1000, offset: 0, resolutionMs: HOUR }],
  },
];

const columns = (): ChartColumns => ({
  sources: [source(5, 'user'), source(6, 'forecaster')],
  series: [
    {
      sensor: 1,
      source: 5,
      cumulative_probability: 0.5,
      bucket: null,
      event_starts: [0, HOUR, 3 * HOUR],
      belief_horizons: [0, -HOUR, HOUR],
      event_values: [0.001, 0.002, 0.003],
    },
    ...[0.5, 0.1, 0.9].map((probability, i) => ({
      sensor: 1,
      source: 6,
      cumulative_probability: probability,
      bucket: null,
      event_starts: [0],
      belief_horizons: [HOUR],
      event_values: [[2, 1, 4][i]!],
    })),
  ],
});

describe('compareSeries', () => {
  const then = { ...columns(), series: columns().series.slice(1) };
  const colours = new Map<string, number>();
  const compared = compareSeries(
    drawSeries(PANELS, then, colours),
    drawSeries(PANELS, columns(), colours),
    'then',
    'now',
  );

  it('gives a series the same colour at both moments', () => {
    expect(compared[0]!.map(({ source, colour }) => [source.id, colour])).toEqual([
      [5, 2],
      [6, 1],
      [6, 1],
    ]);
  });

  it('shows the series of both moments beside each other, with keys of their own', () => {
    expect(compared[0]!.map(({ label, moment }) => [label, moment?.isThen])).toEqual([
      ['Source 5, now', false],
      ['Source 6, now', false],
      ['Source 6, then', true],
    ]);
    expect(new Set(compared[0]!.map(({ key }) => key)).size).toBe(3);
  });

  it('tells in the CSV which values were known when', () => {
    const lines = toCsv(compared, 0, HOUR, 'UTC').trim().split('\r\n');
    expect(lines[0]).toMatch(/,high,known$/);
    expect(lines.slice(1).map((line) => line.split(',').at(-1))).toEqual(['now', 'now', 'then']);
  });
});

it('joins instants, however long the buckets are in which they are shown', () => {
  const instants = [{ ...PANELS[0]!, sensors: [{ ...PANELS[0]!.sensors[0]!, resolutionMs: 0 }] }];
  const [first, ...others] = columns().series;
  const inBuckets = {
    ...columns(),
    series: [{ ...first!, bucket: HOUR / 4, belief_horizons: [0, 0, 0] }, ...others],
  };
  const [[measured]] = drawSeries(instants, inBuckets) as [[never]];
  expect(linePoints(measured, 'measurement')).toEqual([
    [0, 1],
    [HOUR, 2],
    [3 * HOUR, 3],
  ]);
});

describe('drawSeries', () => {
  const [[measured, forecast]] = drawSeries(PANELS, columns()) as [[never, never]];

  it('converts values to the unit of the panel, and tells measurements from forecasts', () => {
    expect(measured).toMatchObject({ values: [1, 2, 3], kinds: ['measurement', 'measurement', 'forecast'] });
  });

  it('takes the median as value, and the outer quantiles as interval', () => {
    expect(forecast).toMatchObject({ values: [2000], lows: [1000], highs: [4000], kinds: ['forecast'] });
  });

  it('gives each source a colour of its own', () => {
    expect([measured, forecast].map(({ colour }) => colour)).toEqual([1, 2]);
  });

  it('shows measurements before forecasts and plans, whichever data comes first', () => {
    const { series } = columns();
    const planned = { ...series[0]!, source: 4 };
    const given = {
      sources: [source(4, 'scheduler'), source(6, 'forecaster'), source(5, 'user')],
      series: [planned, ...series.toReversed()],
    };
    const [drawn] = drawSeries(PANELS, given) as [never[]];
    expect(drawn.map(({ source: { id }, colour }) => [id, colour])).toEqual([
      [5, 1],
      [6, 2],
      [4, 3],
    ]);
  });

  it('draws steps until the end of each event, and interrupts the line where events are missing', () => {
    expect(linePoints(measured, 'measurement')).toEqual([
      [0, 1],
      [HOUR, 2],
      [2 * HOUR, 2],
    ]);
    expect(linePoints(measured, 'forecast')).toEqual([
      [3 * HOUR, 3],
      [4 * HOUR, 3],
    ]);
  });

  it('finds the event at a moment, and none in a gap', () => {
    expect(findEvent(measured, 1.5 * HOUR, 0)).toBe(1);
    expect(findEvent(measured, 2.5 * HOUR, HOUR)).toBeUndefined();
    expect(findEvent({ ...(measured as object), lengthMs: 0 } as never, 2.9 * HOUR, HOUR)).toBe(2);
  });
});

describe('toCsv', () => {
  it('has a row per value of the window, and no formulas', () => {
    const [[series]] = drawSeries(PANELS, columns()) as [[never]];
    const named = { ...(series as object), sensor: { label: '=1+1', unit: 'kW' } } as never;
    expect(toCsv([[named]], HOUR, 3 * HOUR, 'UTC')).toBe(
      "start,sensor,unit,source,kind,value,low,high\r\n1970-01-01T01:00+00:00,'=1+1,kW,Source 5,measurement,2,,\r\n",
    );
  });
});

describe('time zones', () => {
  it('converts between moments and the clock of a zone, also when clocks change', () => {
    expect(localTime(Date.parse('2026-03-04T06:00Z'), ZONE)).toBe('2026-03-04T07:00');
    expect(isoTime(Date.parse('2026-07-04T06:00Z'), ZONE)).toBe('2026-07-04T08:00+02:00');
    for (const date of ['2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26'])
      expect(localTime(fromLocal(date, ZONE), ZONE)).toBe(`${date}T00:00`);
    const { startMs, endMs } = periodWindow({ first: '2026-03-29', last: '2026-03-29' }, ZONE);
    expect(endMs - startMs).toBe(23 * HOUR);
  });

  it.each([
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00Z'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00Z'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00Z'],
  ])('begin the day in %s on %s, whose midnight is skipped or comes twice, once', (zone, date, start) => {
    expect(new Date(fromLocal(date, zone))).toEqual(new Date(start));
    expect(localTime(fromLocal(date, zone), zone)).toContain(date);
  });

  it('labels ticks with the date at midnight, and says so if a change of the clocks has moved them', () => {
    const shift = zoneOffset(Date.parse('2026-03-28T12:00Z'), ZONE);
    const label = (time: string) => tickLabel(Date.parse(`${time}Z`), shift, ZONE);
    expect(['2026-03-28T00:00', '2026-03-28T06:00'].map(label)).toEqual(['03-28', '06:00']);
    expect(['2026-03-29T23:00', '2026-03-30T00:00'].map(label)).toEqual(['03-30', '03-30 01:00']);
  });

  it('writes the seconds of instants', () => {
    expect(isoTime(Date.parse('2026-03-04T06:00:07Z'), ZONE)).toBe('2026-03-04T07:00:07+01:00');
    expect(isoTime(Date.parse('2026-03-04T06:00:00.250Z'), ZONE)).toBe('2026-03-04T07:00:00.250+01:00');
  });

  it('finds periods around now', () => {
    const now = Date.parse('2026-02-28T23:30Z');
    expect(presetPeriod('today', now, ZONE)).toEqual({ first: '2026-03-01', last: '2026-03-01' });
    expect(presetPeriod('month', now, 'UTC')).toEqual({ first: '2026-02-01', last: '2026-02-28' });
    expect(shiftPeriod({ first: '2026-03-01', last: '2026-03-03' }, -1)).toEqual({
      first: '2026-02-26',
      last: '2026-02-28',
    });
    expect(readPeriod('2026-03-02', '2026-03-01')).toBeUndefined();
  });
});

it('shows numbers and horizons with sensible digits', () => {
  expect([0, 0.123456, 12.3456, 1234.56, 12345678].map(shownNumber)).toEqual([
    '0',
    '0.1235',
    '12.35',
    '1235',
    '1.23e+7',
  ]);
  expect([0, 2 * HOUR, -90 * 60_000].map(shownHorizon)).toEqual([
    'at the time',
    '2 hours before',
    '90 minutes after',
  ]);
});
