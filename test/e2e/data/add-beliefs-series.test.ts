import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BeliefsService } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { aSensor } from '../../harness/databases/factories';
import { BeliefsCli, regularRows } from './add-beliefs-setup';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DATA = join(__dirname, '..', '..', '..', '..', 'shared', 'data');
const PRICES = join(DATA, 'be_day_ahead_price_2023_hourly.csv');
const HOUSEHOLD = join(DATA, 'household_load_pv_2014_15min.csv');

/** Values by time in epoch milliseconds. */
type Series = [start: number, value: number][];

/** Reads the rows of a plain CSV file, independent of the code under test. */
function rowsOf(path: string, valueColumn: number): Series {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => line.split(','))
    .filter((cells) => cells[valueColumn] !== '')
    .map((cells) => [Date.parse(cells[0]!), Number(cells[valueColumn])]);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local time in a zone, such as `2025-01-31 23:59:59`, independent of the code under test. */
function wallClock(ms: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format.format(ms);
}

/** Values by group, in the order of the first value of each group. */
function grouped(series: Series, keyOf: (start: number) => string | number): number[][] {
  const groups = new Map<string | number, number[]>();
  for (const [start, value] of series) {
    const group = groups.get(keyOf(start));
    if (group) group.push(value);
    else groups.set(keyOf(start), [value]);
  }
  return [...groups.values()];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const furthest = Math.max(...Array.from(found, (value, i) => Math.abs(value - expected[i]!)));
  expect(furthest).toBeLessThan(1e-9);
}

describe('flexmeasures add beliefs with a year of data', () => {
  let cli: BeliefsCli;

  beforeAll(async () => {
    cli = await BeliefsCli.start();
  });
  afterAll(() => cli.stop());

  const sensorOf = (unit: string, eventResolutionMs: number, timezone: string): Promise<Sensor> =>
    aSensor(cli.app, { unit, eventResolutionMs, timezone });
  const add = async (sensor: Sensor, line: string): Promise<string> => {
    const { code, stdout, stderr } = await cli.add(sensor, ['--source', 'meter', ...line.split(' ')]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Successfully created beliefs\n' });
    return stderr;
  };
  const stored = async (sensor: Sensor): Promise<Series> =>
    (await cli.beliefs(sensor)).map(({ start, value }) => [start, value]);
  const readDays = async (
    sensor: Sensor,
    timezone: string,
    from: string,
    to: string,
  ): Promise<Float64Array> => {
    const elsewhere = Object.assign(Object.create(sensor) as Sensor, { timezone });
    const window = { startMs: Date.parse(from), endMs: Date.parse(to), resolution: { days: 1 } };
    return (await cli.app.get(BeliefsService).read(elsewhere, window)).values;
  };
  const inWindow = (series: Series, from: string, to: string): Series =>
    series.filter(([start]) => start >= Date.parse(from) && start < Date.parse(to));

  describe('with generated data', () => {
    const zone = 'Europe/Amsterdam';
    const year: Series = [];

    beforeAll(() => {
      for (let start = Date.parse('2024-12-31T23:00Z'); start < Date.parse('2025-12-31T23:00Z');) {
        year.push([start, Math.round(1000 * Math.sin(start / 1e7)) / 1000 + 0]);
        start += QUARTER_MS;
      }
    });

    it('reads local times, and returns them by days of two time zones', async () => {
      const sensor = await sensorOf('kW', QUARTER_MS, zone);
      cli.write('load.csv', year.map(([start, value]) => `${wallClock(start, zone)},${value}\n`).join(''));
      expect(await add(sensor, `load.csv --timezone ${zone}`)).toBe(
        'Warning: 8 rows in an hour that occurs twice (end of daylight saving time): ' +
          'the first series was taken as the first hour.\n',
      );
      expect(await stored(sensor)).toEqual(year);
      const own = await readDays(sensor, zone, '2024-12-31T23:00Z', '2025-12-31T23:00Z');
      const days = grouped(year, (start) => wallClock(start, zone).slice(0, 10));
      expect([...new Set(days.map(({ length }) => length))].sort()).toEqual([100, 92, 96].sort());
      expectClose(own, days.map(mean));
      const [from, to] = ['2025-01-01T05:00Z', '2025-12-31T05:00Z'];
      const other = await readDays(sensor, 'America/New_York', from, to);
      const otherDays = grouped(inWindow(year, from, to), (start) =>
        wallClock(start, 'America/New_York').slice(0, 10),
      );
      expectClose(other, otherDays.map(mean));
    });

    it('divides daily amounts into hours on days of 23, 24 and 25 hours', async () => {
      const sensor = await sensorOf('m³', HOUR_MS, zone);
      const days = [...new Set(year.map(([start]) => wallClock(start, zone).slice(0, 10)))];
      cli.write('gas.csv', days.map((day, i) => `${day},${i + 1}\n`).join(''));
      expect(await add(sensor, `gas.csv --timezone ${zone}`)).toContain('amounts are split');
      const found = await stored(sensor);
      expect(found.map(([start]) => start)).toEqual(
        year.map(([start]) => start).filter((start) => start % HOUR_MS === 0),
      );
      const daily = grouped(found, (start) => wallClock(start, zone).slice(0, 10)).map(sum);
      expectClose(
        daily,
        days.map((_, i) => i + 1),
      );
    });

    it('aggregates minutes to hours in bounded memory, in ascending and descending order', async () => {
      const rows = 525_600;
      const start = '2025-01-01T00:00:00Z';
      const text = regularRows(start, MINUTE_MS, minutes(rows));
      cli.write('minutes.csv', text);
      cli.write('reversed.csv', text.trimEnd().split('\n').reverse().join('\n'));
      cli.write('peak.js', "process.on('exit', () => console.error(process.resourceUsage().maxRSS));");
      const byHour = grouped(
        Array.from(minutes(rows), (value, i) => [i, value]),
        (minute) => Math.floor(minute / 60),
      );
      for (const [file, unit] of [
        ['minutes.csv', 'kW'],
        ['reversed.csv', 'kWh'],
      ] as const) {
        const sensor = await sensorOf(unit, HOUR_MS, 'UTC');
        const env = { NODE_OPTIONS: `--require ${join(cli.folder, 'peak.js')}` };
        const { code, stderr } = await cli.addAlone(sensor, ['--source', 'meter', file], env);
        expect(code).toBe(0);
        expect(Number(stderr.trim().split('\n').pop()) / 1024).toBeLessThan(300);
        const found = await stored(sensor);
        expect(found.map(([at]) => at)).toEqual(byHour.map((_, hour) => Date.parse(start) + hour * HOUR_MS));
        expectClose(
          found.map(([, value]) => value),
          byHour.map(unit === 'kW' ? mean : sum),
        );
      }
    });

    it('repeats hourly values per minute in bounded memory', async () => {
      const sensor = await sensorOf('EUR/MWh', MINUTE_MS, 'UTC');
      cli.write('hours.csv', regularRows('2025-01-01T00:00Z', HOUR_MS, minutes(8760)));
      const env = { NODE_OPTIONS: `--require ${join(cli.folder, 'peak.js')}` };
      const { code, stderr } = await cli.addAlone(sensor, ['--source', 'market', 'hours.csv'], env);
      expect(code).toBe(0);
      expect(Number(stderr.trim().split('\n').pop()) / 1024).toBeLessThan(300);
      const { count, sum: total } = await cli.totals(sensor);
      expect(count).toBe(525_600);
      expect(total).toBeCloseTo(60 * sum([...minutes(8760)]), 6);
    });
  });

  describeWithData('of real prices', PRICES, () => {
    const prices = (): Series => rowsOf(PRICES, 1);

    it('stores the values unchanged', async () => {
      const sensor = await sensorOf('EUR/MWh', HOUR_MS, 'Europe/Brussels');
      expect(await add(sensor, PRICES)).toBe('');
      expect(prices()).toHaveLength(8760);
      expect(await stored(sensor)).toEqual(prices());
      const { count, sum: total } = await cli.totals(sensor);
      expect(count).toBe(8760);
      expect(total).toBeCloseTo(sum(prices().map(([, price]) => price)), 6);
    });

    it('returns the values by days of other time zones and in other resolutions', async () => {
      const sensor = await sensorOf('EUR/MWh', HOUR_MS, 'Europe/Brussels');
      await add(sensor, `${PRICES} --unit EUR/MWh --valuecol price_day_ahead_EUR_per_MWh`);
      for (const [zone, from, to, lengths] of [
        ['Europe/Brussels', '2022-12-31T23:00Z', '2023-12-31T23:00Z', [23, 24, 25]],
        ['America/New_York', '2023-01-01T05:00Z', '2023-12-31T05:00Z', [23, 24, 25]],
        ['Australia/Sydney', '2023-01-01T13:00Z', '2023-12-31T13:00Z', [23, 24, 25]],
        ['UTC', '2023-01-01T00:00Z', '2023-12-31T00:00Z', [24]],
      ] as const) {
        const days = grouped(inWindow(prices(), from, to), (start) => wallClock(start, zone).slice(0, 10));
        expect([...new Set(days.map(({ length }) => length))].sort()).toEqual(lengths);
        expectClose(await readDays(sensor, zone, from, to), days.map(mean));
      }
      for (const [from, to] of [
        ['2023-03-25T00:00Z', '2023-03-28T00:00Z'],
        ['2023-10-28T00:00Z', '2023-10-31T00:00Z'],
      ] as const) {
        const window = { startMs: Date.parse(from), endMs: Date.parse(to) };
        const series = inWindow(prices(), from, to);
        const reader = cli.app.get(BeliefsService);
        const coarse = await reader.read(sensor, { ...window, resolution: { hours: 3 } });
        expectClose(coarse.values, grouped(series, (start) => Math.floor(start / (3 * HOUR_MS))).map(mean));
        const fine = await reader.read(sensor, { ...window, resolution: { minutes: 15 } });
        expectClose(
          fine.values,
          series.flatMap(([, price]) => [price, price, price, price]),
        );
      }
    });

    it('repeats the values for a sensor with a resolution of 15 minutes', async () => {
      const sensor = await sensorOf('EUR/kWh', QUARTER_MS, 'Europe/Brussels');
      expect(await add(sensor, `${PRICES} --unit EUR/MWh`)).toContain('values are repeated');
      const found = await stored(sensor);
      expect(found.map(([start]) => start)).toEqual(
        prices().flatMap(([start]) => [0, 1, 2, 3].map((quarter) => start + quarter * QUARTER_MS)),
      );
      expectClose(
        found.map(([, price]) => price),
        prices().flatMap(([, price]) => Array<number>(4).fill(price / 1000)),
      );
    });
  });

  describeWithData('of a real household', HOUSEHOLD, () => {
    const load = (): Series => rowsOf(HOUSEHOLD, 1);

    it('stores the values unchanged and returns them by local days', async () => {
      const sensor = await sensorOf('kW', QUARTER_MS, 'Europe/Berlin');
      expect(await add(sensor, `${HOUSEHOLD} --valuecol load_kW`)).toBe('');
      expect(load().length).toBeGreaterThan(35_000);
      expect(await stored(sensor)).toEqual(load());
      for (const [from, to] of [
        ['2014-03-28T23:00Z', '2014-04-01T22:00Z'],
        ['2014-10-24T22:00Z', '2014-10-28T23:00Z'],
      ] as const) {
        const days = grouped(inWindow(load(), from, to), (start) =>
          wallClock(start, 'Europe/Berlin').slice(0, 10),
        );
        expect(days).toHaveLength(4);
        expectClose(await readDays(sensor, 'Europe/Berlin', from, to), days.map(mean));
      }
    });

    it('aggregates the values to hourly means of power and sums of energy', async () => {
      const hours = grouped(load(), (start) => Math.floor(start / HOUR_MS));
      const power = await sensorOf('MW', HOUR_MS, 'Europe/Berlin');
      expect(await add(power, `${HOUSEHOLD} --unit kW`)).toContain('values are averaged');
      expectClose(
        (await stored(power)).map(([, value]) => 1000 * value),
        hours.map(mean),
      );
      const energy = await sensorOf('kWh', HOUR_MS, 'Europe/Berlin');
      expect(await add(energy, `${HOUSEHOLD} --unit kW`)).toContain('amounts are summed');
      expectClose(
        (await stored(energy)).map(([, value]) => value),
        hours.map((quarters) => sum(quarters) / 4),
      );
    });
  });
});

/** A long series of repeated values. */
function* minutes(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield ((i * 37) % 1009) / 8;
}

/** `describe` for tests on real data outside the repository; skipped with a message if the file is missing. */
function describeWithData(name: string, file: string, tests: () => void): void {
  if (existsSync(file)) {
    describe(name, tests);
    return;
  }
  process.stderr.write(`\n*** SKIPPED: a year ${name}, because there is no file ${file}. ***\n\n`);
  describe.skip(name, tests);
}
