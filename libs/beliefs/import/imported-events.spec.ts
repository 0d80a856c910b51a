import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Sensor } from '#lib/sensors';
import { eventStarts, floorToStep, HOUR_MS, MINUTE_MS, nominalBins, parseInstant } from '#lib/time';
import { readBeliefFile, type BeliefFileOptions } from '../files';
import type { PartialRule } from '../model';
import { importedEvents } from './imported-events';
import { ValueConversion } from './value-conversion';

const folder = mkdtempSync(join(tmpdir(), 'imported-events-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const START = parseInstant('2026-01-01T00:00Z');

function aSensor(unit: string, minutes: number, timezone = 'UTC'): Sensor {
  const asset = { attributes: {} };
  return { unit, eventResolutionMs: minutes * MINUTE_MS, timezone, attributes: {}, asset } as Sensor;
}

/** Rows as [event start, value] or [event start, value, belief time], epoch ms. */
type Rows = (readonly [number, number, number?])[];

/** Imports rows. @returns the imported events in the form of rows, and the notes */
async function events(
  rows: Rows,
  sensor: Sensor,
  {
    unit,
    resample = true,
    maxEvents = 20_000,
    partial,
    timeWeighted,
    ...options
  }: BeliefFileOptions & {
    unit?: string;
    resample?: boolean;
    maxEvents?: number;
    partial?: PartialRule;
    timeWeighted?: boolean;
  } = {},
) {
  const path = join(folder, 'load.csv');
  const iso = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString());
  writeFileSync(path, rows.map(([start, value, time]) => `${iso(start)},${value},${iso(time)}\n`).join(''));
  const notes: string[] = [];
  const file = readBeliefFile(path, { beliefcol: 2, keepRowsWithoutValue: true, ...options });
  const conversion = new ValueConversion(sensor, unit);
  const rules = { sensor, conversion, resample, maxEvents, partial, timeWeighted, zone: sensor.timezone };
  const found: [number, number, number?][] = [];
  for await (const batch of importedEvents(file, { ...rules, note: (note) => notes.push(note) })) {
    for (const [i, start] of batch.eventStarts.entries()) {
      const time = batch.beliefTimes[i]!;
      found.push([start, batch.values[i]!, ...(Number.isNaN(time) ? [] : [time])] as [number, number]);
    }
  }
  return { events: found, notes };
}

const series = (stepMinutes: number, values: number[], from = START): Rows =>
  values.flatMap((value, i) =>
    Number.isNaN(value) ? [] : [[from + i * stepMinutes * MINUTE_MS, value] as const],
  );
const valuesOf = ({ events: found }: { events: Rows }): number[] => found.map(([, value]) => value);

describe('importedEvents', () => {
  it('notes that stamps may be at the end if rows go from the first interval of a day to midnight', async () => {
    const hours = Array.from({ length: 24 }, (_, i) => i);
    const hint =
      /^The rows go from 2026-01-01T01:00:00.* to midnight. If the file states the end of each interval/;
    const atEnds = series(60, hours, START + 60 * MINUTE_MS);
    expect((await events(atEnds, aSensor('MW', 60))).notes).toEqual([expect.stringMatching(hint)]);
    expect((await events(series(60, hours), aSensor('MW', 60))).notes).toEqual([]);
  });

  it('moves starts that are seconds early or late to the nearest step', async () => {
    const late = [-1, 0, 2, -3, 1].map(
      (seconds, i) => [START + (i + 1) * 15 * MINUTE_MS + seconds * 1000, i] as const,
    );
    const { events: found, notes } = await events(late, aSensor('MW', 15));
    expect(found).toEqual(series(15, [0, 1, 2, 3, 4], START + 15 * MINUTE_MS));
    expect(notes[0]).toMatch(/^4 event starts were moved to the sensor's steps of PT15M/);
  });

  it('rejects two rows that are moved to the same step', async () => {
    const quarters = series(
      15,
      Array.from({ length: 100 }, (_, i) => i),
    );
    const rows = [...quarters, [quarters.at(-1)![0] + 1000, 1] as const];
    await expect(events(rows, aSensor('MW', 15))).rejects.toThrow(
      /line 101.*this row and the one before it are about the same event of the sensor, at 2026-01-02T00:45:00/,
    );
  });

  it('moves a start to the step before, or to the next one if it barely misses it', async () => {
    const rows = series(15, [1, 2], START + 3 * MINUTE_MS);
    const { events: found, notes } = await events(rows, aSensor('MW', 15));
    expect(found).toEqual(series(15, [1, 2]));
    expect(notes).toEqual([
      expect.stringMatching(/^2 event starts were moved to the sensor's steps of PT15M/),
    ]);
    const barely = series(15, [1, 2], START + 15 * MINUTE_MS - 1000);
    expect((await events(barely, aSensor('MW', 15))).events).toEqual(
      series(15, [1, 2], START + 15 * MINUTE_MS),
    );
  });

  it('leaves events in the resolution of the sensor unchanged', async () => {
    const rows = series(15, [1, 2, NaN, 4]);
    expect(await events(rows, aSensor('MW', 15))).toEqual({ events: rows, notes: [] });
  });

  it.each([
    ['MW', 15, 60, [4, 8], [4, 4, 4, 4, 8, 8, 8, 8], 'values are repeated'],
    ['MWh', 15, 60, [4, 8], [1, 1, 1, 1, 2, 2, 2, 2], 'amounts are split'],
    ['EUR/MWh', 60, 15, [1, 2, 3, 4, 5, NaN, NaN, 8], [2.5, 6.5], 'values are averaged'],
    ['kWh', 60, 15, [1, 2, 3, 4, 5, 6, 7, 8], [10, 26], 'amounts are summed'],
    ['°C', 1440, 480, [1, 2, 6], [3], 'values are averaged'],
  ])('resamples %s to %i minutes from %i', async (unit, to, from, values, expected, what) => {
    const found = await events(series(from, values), aSensor(unit, to));
    expect(found.events).toEqual(series(to, expected));
    expect(found.notes).toEqual([expect.stringMatching(what)]);
    const reversed = await events(series(from, values).reverse(), aSensor(unit, to), { batchSize: 1 });
    expect(reversed.events.sort(([one], [other]) => one - other)).toEqual(series(to, expected));
  });

  it.each([
    ['kWh', undefined, [10, NaN], 'which stay unknown'],
    ['kWh', 'scale', [10, 26], 'whose amounts were scaled up'],
    ['kW', undefined, [10, 26], undefined],
  ] as const)(
    'takes no part of an amount for the whole: to %s with rule %s',
    async (unit, partial, hours, note) => {
      const rows = series(15, [1, 2, 3, 4, 5, NaN, NaN, 8]);
      const { events: found, notes } = await events(rows, aSensor(unit, 60), { unit: 'kWh', partial });
      expect(found).toEqual(series(60, [...hours]));
      expect(notes.filter((text) => text.includes('only a part of 1 event of PT1H'))).toEqual(
        note === undefined ? [] : [expect.stringContaining(note)],
      );
    },
  );

  it.each([
    ['kWh', 30, 'MW', 15, [100, 50], [0.2, 0.2, 0.1, 0.1]],
    ['kWh', 5, 'MW', 15, [25, 25, 50], [0.4]],
    ['kWh', 15, 'MW', 15, [25, 50], [0.1, 0.2]],
    ['MW', 15, 'MWh', 60, [1, 2, 3, 4], [2.5]],
    ['MW', 60, 'MWh', 15, [4], [1]],
    ['MW', 60, 'MWh', 15, [4, 8], [1, 1, 1, 1, 2, 2, 2, 2]],
    ['kWh', 30, 'kW', 0, [1, 2], [2, 4]],
    ['-kW', 15, 'MW', 15, [500, -250], [-0.5, 0.25]],
  ])('converts %s of %i minutes into %s of %i', async (unit, from, to, resolution, values, expected) => {
    const found = await events(series(from, values), aSensor(to, resolution), { unit });
    expect(valuesOf(found)).toEqual(expected.map((value) => expect.closeTo(value, 12) as number));
  });

  it('rejects values and sums that are too large for a number in the sensor’s unit', async () => {
    const rows = series(60, [1, 1e308, 2]);
    const message = 'load.csv, line 2, column 2: the value is too large for a number in MW';
    for (const minutes of [60, 15, 120]) {
      await expect(events(rows, aSensor('MW', minutes), { unit: 'GW' })).rejects.toThrow(message);
    }
    await expect(events(rows, aSensor('MW', 0), { unit: 'GW' })).rejects.toThrow(message);
    const large = series(15, [1, 1, 1, 1, 1, 1e308, 1e308, 1]);
    for (const unit of ['MWh', 'MW']) {
      await expect(events(large, aSensor(unit, 60))).rejects.toThrow(
        'load.csv: the values of the event at 2026-01-01T01:00:00+00:00 add up to more than a number can hold',
      );
    }
  });

  it('accepts instants at any distance, unless their unit needs the length of events', async () => {
    const rows: Rows = [
      [START, 1],
      [START + 7000, 2],
      [START + 1, 3],
    ];
    expect((await events(rows, aSensor('kW', 0))).events).toEqual(rows);
    await expect(events(rows, aSensor('kW', 0), { unit: 'kWh' })).rejects.toThrow(
      /^load\.csv, line 3, column 1: the event at 2026-01-01T00:00:00\.001\+00:00 is out of step/,
    );
    await expect(events(rows.slice(0, 1), aSensor('kW', 0), { unit: 'kWh' })).rejects.toThrow(
      'load.csv, line 1, column 1: the duration of events is unknown',
    );
  });

  it.each([
    ['MW', 24],
    ['MWh', 24],
  ])('gives days of %s 23, 24 or 25 hours by the local clock', async (unit, perHour) => {
    for (const [from, to, hours] of [
      ['2026-03-27T23:00Z', '2026-03-30T22:00Z', [24, 23, 24]],
      ['2026-10-23T22:00Z', '2026-10-26T23:00Z', [24, 25, 24]],
    ] as const) {
      const days = nominalBins(parseInstant(from), parseInstant(to), { days: 1 }, 'Europe/Amsterdam');
      const rows: Rows = Array.from(days.starts, (start) => [start, perHour]);
      for (const given of [rows, rows.toReversed()]) {
        const found = await events(given, aSensor(unit, 60, 'Europe/Amsterdam'), { batchSize: 2 });
        const expected = hours.flatMap((count) =>
          Array<number>(count).fill(unit === 'MW' ? perHour : perHour / count),
        );
        expect(found.events.sort(([one], [other]) => one - other)).toEqual(
          series(60, expected, parseInstant(from)),
        );
      }
    }
  });

  it('gives days that start at midnight UTC 24 hours, whatever the zone of the sensor', async () => {
    const rows = series(1440, [1, 2, 3], parseInstant('2026-03-28T00:00Z'));
    const found = await events(rows, aSensor('MW', 60, 'Europe/London'));
    const expected = [1, 2, 3].flatMap((value) => Array<number>(24).fill(value));
    expect(found.events).toEqual(series(60, expected, parseInstant('2026-03-28T00:00Z')));
  });

  it('joins the hours of days of 23 and 25 hours', async () => {
    for (const [day, hours] of [
      ['2026-03-28T23:00Z', 23],
      ['2026-10-24T22:00Z', 25],
    ] as const) {
      const rows = series(60, Array<number>(hours + 24).fill(2), parseInstant(day));
      const found = await events(rows, aSensor('kWh', 1440, 'Europe/Amsterdam'));
      expect(found.events).toEqual([
        [parseInstant(day), 2 * hours],
        [parseInstant(day) + hours * HOUR_MS, 48],
      ]);
    }
  });

  it('finds the step also where values are missing', async () => {
    const rows = series(60, [1, 7, 7, 4, 5, 7, 7, 8]);
    const missing = { naValues: ['7'] };
    expect((await events(rows, aSensor('MW', 60), missing)).events).toEqual(
      series(60, [1, NaN, NaN, 4, 5, NaN, NaN, 8]),
    );
    expect(valuesOf(await events(rows, aSensor('MW', 30), missing))).toEqual([1, 1, 4, 4, 5, 5, 8, 8]);
    expect(valuesOf(await events(rows, aSensor('MWh', 240), { ...missing, partial: 'scale' }))).toEqual([
      10, 26,
    ]);
    const none = [...series(60, [7]), ...series(60, [1, 2])];
    expect((await events(none, aSensor('MW', 60), missing)).events).toEqual(series(60, [1, 2]));
  });

  it('takes two events at a usual distance as longer events, and at another as events of the sensor', async () => {
    for (const minutes of [30, 60, 12 * 60, 24 * 60, 7 * 24 * 60]) {
      const found = await events(series(minutes, [1, 2]), aSensor('MW', 15));
      expect(found.events).toHaveLength((2 * minutes) / 15);
    }
    for (const minutes of [45, 5 * 60, 152 * 24 * 60]) {
      const rows = series(minutes, [1, 2]);
      expect(await events(rows, aSensor('MW', 15))).toEqual({ events: rows, notes: [] });
    }
    await expect(events(series(50, [1, 2]), aSensor('MW', 15))).rejects.toThrow(
      'out of step: events are PT15M',
    );
  });

  it('gives a longer event a belief once all its parts have one, and at each later belief time', async () => {
    const at = (minutes: number): number => START + minutes * MINUTE_MS;
    const rows: Rows = [
      [at(0), 1, at(30)],
      [at(30), 3, at(60)],
      [at(60), 5, at(70)],
      [at(90), 7, at(70)],
      [at(0), 2, at(90)],
      [at(30), 4, at(90)],
      [at(90), 9, at(95)],
    ];
    expect((await events(rows, aSensor('kW', 60))).events).toEqual([
      [at(0), 2, at(60)],
      [at(0), 3, at(90)],
      [at(60), 6, at(70)],
      [at(60), 7, at(95)],
    ]);
    expect((await events(rows.slice(0, 2), aSensor('kW', 15))).events).toEqual([
      [at(0), 1, at(30)],
      [at(15), 1, at(30)],
      [at(30), 3, at(60)],
      [at(45), 3, at(60)],
    ]);
  });

  it.each([
    [
      'irregular rows',
      [0, 15, 31, 45],
      15,
      'line 3, column 1: the event at 2026-01-01T00:31:00+00:00 is out of step',
    ],
    [
      'events that fit no resolution',
      [0, 10, 20],
      15,
      'line 1, column 1: events are PT10M apart from here on',
    ],
    [
      'rarer events',
      [0, 15, 30, 90, 150, 210],
      15,
      'line 4, column 1: from the event at 2026-01-01T01:30:00+00:00 on',
    ],
    [
      'more frequent events',
      [0, 60, 120, 180, 195, 210],
      15,
      'line 5, column 1: the event at 2026-01-01T03:15:00+00:00 is out',
    ],
    [
      'events of two hours',
      [15, 45, 75],
      60,
      'line 2, column 1: the event at 2026-01-01T00:45:00+00:00 lasts until',
    ],
  ])('rejects %s', async (_name, minutes, resolution, message) => {
    const rows: Rows = minutes.map((minute) => [START + minute * MINUTE_MS, 1]);
    await expect(events(rows, aSensor('MW', resolution))).rejects.toThrow(`load.csv, ${message}`);
  });

  it('leaves rows on the sensor’s steps unchanged without resampling, and rejects others', async () => {
    const rows: Rows = [0, 60, 75, 300].map((minute) => [START + minute * MINUTE_MS, minute]);
    expect(await events(rows, aSensor('MW', 15), { resample: false })).toEqual({ events: rows, notes: [] });
    await expect(events(rows, aSensor('MW', 60), { resample: false })).rejects.toThrow(
      'load.csv, line 3, column 1: no event of the sensor starts at 2026-01-01T01:15:00+00:00: ' +
        'they start every PT1H on the clocks of UTC',
    );
    const energy = await events(rows, aSensor('kW', 15), { resample: false, unit: 'kWh' });
    expect(valuesOf(energy)).toEqual([0, 240, 300, 1200]);
  });

  it('splits a long event into any number of short ones, up to a limit for the file', async () => {
    const weeks = series(10_080, [1, 2]);
    const found = await events(weeks, aSensor('MW', 1), { maxEvents: 20_160 });
    expect(found.events).toEqual(
      series(1, [...Array<number>(10_080).fill(1), ...Array<number>(10_080).fill(2)]),
    );
    await expect(events(weeks, aSensor('MW', 1), { maxEvents: 20_159 })).rejects.toThrow(
      'load.csv: the events of the file split into more than 20,159 events of the sensor',
    );
    const millennia = [-1500, -750, 0].map((years) => [START + years * 365 * 864e5, 1] as const);
    await expect(events(millennia, aSensor('MW', 1))).rejects.toThrow('split into more than');
  });

  it('refuses to add up the parts of an event for each of very many belief times', async () => {
    const seconds = Array.from({ length: 8000 }, (_, i) => [START + i * 1000, 1, START] as const);
    const updates = Array.from({ length: 8000 }, (_, i) => [START, 2, START + (i + 1) * 1000] as const);
    await expect(events([...seconds, ...updates], aSensor('MW', 1440))).rejects.toThrow(
      'load.csv: the file has too many belief times about the parts of the event at 2026-01-01T00:00:00+00:00',
    );
  });

  it('agrees with plain means and sums, in any batches and both directions', async () => {
    const cases = fc.record({
      unit: fc.constantFrom('kW', 'kWh'),
      parts: fc.constantFrom(2, 4, 12),
      isLonger: fc.boolean(),
      isReversed: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 40 }),
      zone: fc.constantFrom('UTC', 'Europe/Amsterdam', 'Asia/Kathmandu'),
      day: fc.constantFrom('2026-03-28T12:00Z', '2026-10-24T12:00Z'),
      values: fc.array(fc.option(fc.integer({ min: -9, max: 9 }), { nil: NaN, freq: 9 }), { minLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ unit, parts, isLonger, isReversed, batchSize, zone, day, values }) => {
        const shortMinutes = 60 / parts;
        const [from, to] = isLonger ? [60, shortMinutes] : [shortMinutes, 60];
        const start = floorToStep(parseInstant(day), HOUR_MS, zone);
        // Missing values between known ones, so that the step shows.
        const rows = series(from, [1, 2, ...values.flatMap((value) => [value, 3, 4])], start);
        const sensor = aSensor(unit, to, zone);
        const given = isReversed ? rows.toReversed() : rows;
        const found = (await events(given, sensor, { batchSize })).events;
        const expected = isLonger ? repeated(rows, parts, unit) : gathered(rows, parts, unit, zone);
        expect(found.sort(([one], [other]) => one - other)).toEqual(expected);
      }),
      { numRuns: 60, seed: 20_260_101 },
    );
  });
});

function repeated(rows: Rows, parts: number, unit: string): Rows {
  return rows.flatMap(([start, value]) =>
    Array.from(eventStarts(start, start + HOUR_MS, HOUR_MS / parts), (part) => {
      return [part, unit === 'kW' ? value : value / parts] as const;
    }),
  );
}

function gathered(rows: Rows, parts: number, unit: string, zone: string): Rows {
  const hours = new Map<number, number[]>();
  for (const [start, value] of rows) {
    const hour = floorToStep(start, HOUR_MS, zone);
    hours.set(hour, [...(hours.get(hour) ?? []), value]);
  }
  return Array.from(hours).flatMap(([hour, values]): Rows => {
    const sum = values.reduce((total, value) => total + value, 0);
    if (unit === 'kW') return [[hour, sum / values.length]];
    return values.length === parts ? [[hour, sum]] : [];
  });
}

describe('importedEvents of readings at irregular times', () => {
  const at = (minutes: number) => START + minutes * MINUTE_MS;
  const rows: Rows = [
    [at(0), 4],
    [at(30), 2],
    [at(75), 8],
    [at(120), 1],
  ];

  it('have no energy of an hour of which only a part is known, unless amounts are scaled', async () => {
    const gap: Rows = [...rows.slice(0, 2), [at(90), NaN], [at(120), 1]];
    const read = (partial?: PartialRule) =>
      events(gap, aSensor('kWh', 60), { unit: 'kW', timeWeighted: true, partial });
    const unknown = await read();
    expect(unknown.events).toEqual([
      [at(0), 3],
      [at(120), 1],
    ]);
    expect(unknown.notes).toEqual([
      'Readings became time-weighted means of PT1H; 1 of 3 events were known in part, and stay unknown ' +
        '(to scale amounts up, ask for partial amounts to be scaled).',
    ]);
    expect((await read('scale')).events[1]).toEqual([at(60), 2]);
    const means = await events(gap, aSensor('kW', 60), { timeWeighted: true });
    expect(means.events[1]).toEqual([at(60), 2]);
    expect(means.notes).toEqual([
      'Readings became time-weighted means of PT1H; 1 of 3 events were known in part.',
    ]);
  });

  it('give the energy of a day of 23 hours', async () => {
    const day = parseInstant('2026-03-29T00:00+01:00');
    const sensor = aSensor('kWh', 24 * 60, 'Europe/Amsterdam');
    const { events: found } = await events([[day, 2]], sensor, { unit: 'kW', timeWeighted: true });
    expect(found).toEqual([[day, 46]]);
  });

  it('cannot become power if they are energy', async () => {
    await expect(events(rows, aSensor('kW', 60), { unit: 'kWh', timeWeighted: true })).rejects.toThrow(
      'amounts at irregular times cannot become kW',
    );
  });
});
