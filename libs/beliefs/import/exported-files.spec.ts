import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sensor } from '#lib/sensors';
import { parseDurationMs } from '#lib/time';
import { beliefFileWarnings, readBeliefFile, type BeliefFileOptions, type KeepRule } from '../files';
import { importedEvents, type EventRules } from './imported-events';
import { ValueConversion } from './value-conversion';

const FOLDER = join(__dirname, '../../../test/fixtures/exports');

type Pair = [string, number];

interface Expected {
  first: string;
  last: string;
  count: number;
  sum: number;
  values: Pair[];
  doubled_hour?: [string, string, number | null][];
  also_at?: Pair[];
  missing: number;
  missing_at?: string[];
}

interface Case {
  file: string;
  part?: string;
  sensor: { unit: string; resolution: string; zone: string };
  expected: Expected & { refused?: boolean };
  with_rule?: Record<string, Pair[]>;
  tolerance?: number;
}

const { cases } = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as { cases: Case[] };

type Options = BeliefFileOptions & Pick<EventRules, 'stamps' | 'timeWeighted'> & { unit?: string };

const ENTSOE: Options = { datecol: 'MTU (CET/CEST)' };
const SMARD: Options = { delimiter: ';', decimal: ',', thousands: '.', unit: '€/MWh' };
const PGE: Options = { datecol: ['DATE', 'START TIME'], valuecol: 'IMPORT (kWh)', unit: 'kWh' };
const NSRDB: Options = { datecol: ['Year', 'Month', 'Day', 'Hour', 'Minute'], valuecol: 'GHI' };
const DWD: Options = { delimiter: ';', datecol: 'MESS_DATUM', naValues: ['-999'], timezone: 'UTC' };
const INFLUX: Options = { datecol: '_time', valuecol: '_value' };
const HA: Options = { datecol: 'last_changed', valuecol: 'state', unit: 'W', timezone: 'UTC' };
const fluvius = (register: string): Options => ({
  delimiter: ';',
  decimal: ',',
  datecol: ['Van (datum)', 'Van (tijdstip)'],
  valuecol: 'Volume',
  unit: 'kWh',
  filters: [{ column: 'Register', value: register }],
});
const influx = (field: string): Options => ({ ...INFLUX, filters: [{ column: '_field', value: field }] });

/** What the importer is told about each file, by file and part. */
const CHOICES: Record<string, Options> = {
  'entsoe_old.csv': { ...ENTSOE, valuecol: 'Day-ahead Price [EUR/MWh]' },
  'entsoe_new.csv': { ...ENTSOE, valuecol: 'Day-ahead Price (EUR/MWh)' },
  'smard_price.csv': { ...SMARD, datecol: 'Datum von', valuecol: 2 },
  'agile.csv': { datecol: 0, valuecol: 4, unit: 'p/kWh' },
  'pge.csv': PGE,
  'fluvius.csv offtake': fluvius('Afname Dag'),
  'fluvius.csv injection': fluvius('Injectie Dag'),
  'nsrdb.csv': { ...NSRDB, timezone: 'Etc/GMT+7' },
  'pvgis.csv': { datecol: 'time', valuecol: 'P', unit: 'W', timezone: 'UTC' },
  'dwd_h.csv': { ...DWD, valuecol: 'TT_TU' },
  'dwd_10.csv': { ...DWD, valuecol: 'TT_10' },
  'mon.csv': {},
  'us.csv': {},
  'y2.csv': {},
  'influx.csv power': influx('power'),
  'influx.csv voltage': influx('voltage'),
  'ha.csv': { ...HA, timeWeighted: true },
};

/** The events of a file with a value, as [epoch ms, value], and the sentences about the import. */
async function importFile(name: string, sensor: Case['sensor'], options: Options) {
  const { unit, stamps, timeWeighted, ...reading } = options;
  const target = {
    unit: sensor.unit,
    eventResolutionMs: parseDurationMs(sensor.resolution),
    timezone: sensor.zone,
    attributes: {},
    asset: { attributes: {} },
  } as unknown as Sensor;
  const timezone = reading.timezone ?? sensor.zone;
  const file = readBeliefFile(join(FOLDER, name), { keepRowsWithoutValue: true, ...reading, timezone });
  const notes: string[] = [];
  const rules = {
    sensor: target,
    conversion: new ValueConversion(target, unit),
    resample: true,
    maxEvents: 10_000,
    zone: timezone,
    stamps,
    timeWeighted,
    note: (sentence: string) => notes.push(sentence),
  };
  const events: [number, number][] = [];
  for await (const { eventStarts, values } of importedEvents(file, rules)) {
    for (const [i, start] of eventStarts.entries()) events.push([start, values[i]!]);
  }
  return { events, sentences: [...notes, ...beliefFileWarnings(file.summary)], summary: file.summary };
}

const sumOf = (events: [number, number][]): number => events.reduce((sum, [, value]) => sum + value, 0);
const keyOf = ({ file, part }: Case): string => (part === undefined ? file : `${file} ${part}`);
const accepted = cases.filter(({ expected }) => !expected.refused);
const sensorOf = (key: string): Case['sensor'] => cases.find((one) => keyOf(one) === key)!.sensor;

describe('cases 15 and 18: importedEvents of files as people export them', () => {
  it.each(accepted.map((one) => [keyOf(one), one] as const))(
    'gives the right events of %s',
    async (key, { file, sensor, expected, tolerance = 1e-9 }) => {
      const { events, summary } = await importFile(file, sensor, CHOICES[key]!);
      const near = (value: number): number =>
        expect.closeTo(value, 1 - Math.log10(tolerance * Math.max(1, Math.abs(value)))) as number;
      const found = new Map(events);
      const at = (instant: string): number | undefined => found.get(Date.parse(instant));
      expect(new Date(events[0]![0])).toEqual(new Date(expected.first));
      expect(new Date(events.at(-1)![0])).toEqual(new Date(expected.last));
      expect([events.length, found.size]).toEqual([expected.count, expected.count]);
      expect(Math.abs(sumOf(events) - expected.sum)).toBeLessThan(
        tolerance * Math.max(1, Math.abs(expected.sum)) * 10,
      );
      const firstSix = events.slice(0, expected.values.length);
      expect(firstSix.map(([start]) => start)).toEqual(
        expected.values.map(([instant]) => Date.parse(instant)),
      );
      const wanted = [...expected.values, ...(expected.also_at ?? [])];
      for (const [instant, value] of wanted) expect([instant, at(instant)]).toEqual([instant, near(value)]);
      for (const [, instant, value] of expected.doubled_hour ?? []) {
        expect([instant, at(instant)]).toEqual([instant, value === null ? undefined : near(value)]);
      }
      for (const instant of expected.missing_at ?? []) expect(at(instant)).toBeUndefined();
      expect(summary.rowsWithoutValue).toBe(expected.missing);
    },
  );

  it('covers all cases', () => {
    expect(Object.keys(CHOICES)).toEqual(accepted.map(keyOf));
  });

  it.each([
    ['pge.csv', { unit: 'kW' }, PGE, 100, 238],
    ['pge.csv', {}, { ...PGE, valuecol: 'EXPORT (kWh)' }, 100, 0],
    ['fluvius.csv offtake', { unit: 'kW' }, fluvius('Afname Dag'), 29, 1.7],
    ['fluvius.csv injection', { unit: 'kW' }, fluvius('Injectie Dag'), 28, 0.112],
    ['agile.csv', { unit: 'GBP/MWh' }, CHOICES['agile.csv']!, 50, 18_500],
    ['influx.csv power', { unit: 'kW' }, { ...influx('power'), unit: 'W' }, 11, 1.163],
    ['dwd_10.csv', {}, { ...DWD, valuecol: 'PP_10' }, 0, 0],
    ['smard_price.csv', {}, { ...SMARD, valuecol: 3 }, 0, 0],
    ['ha.csv', { resolution: 'PT0H' }, HA, 8, 11.001],
  ] as const)('reads %s onto %j with other choices', async (key, sensor, options, count, sum) => {
    const { events } = await importFile(key.split(' ')[0]!, { ...sensorOf(key), ...sensor }, options);
    expect(events).toHaveLength(count);
    expect(sumOf(events)).toBeCloseTo(sum, 9);
  });

  const conflict = cases.find(({ expected }) => expected.refused)!;

  it('refuses another value about the same event, naming both lines and values', async () => {
    await expect(importFile(conflict.file, conflict.sensor, {})).rejects.toThrow(
      'conflict.csv, line 3, column 2 (v): the value 999 is about the same event as the value 1 of line 2',
    );
  });

  it.each(Object.entries(conflict.with_rule!))(
    'keeps the %s of several values about an event',
    async (keep, wanted) => {
      const { events } = await importFile(conflict.file, conflict.sensor, { keep: keep as KeepRule });
      expect(events).toEqual(wanted.map(([start, value]) => [Date.parse(start), value]));
    },
  );

  it.each([
    ['influx.csv power', INFLUX],
    ['fluvius.csv offtake', { ...fluvius(''), filters: [] }],
  ])('refuses %s if no table or register is chosen', async (key, options) => {
    await expect(importFile(key.split(' ')[0]!, sensorOf(key), options)).rejects.toThrow(
      'is about the same event as',
    );
  });

  it('case 19: moves events back by their length if the stamps are at the end', async () => {
    const options: Options = { ...DWD, valuecol: 'TT_10', stamps: 'end' };
    const { events } = await importFile('dwd_10.csv', sensorOf('dwd_10.csv'), options);
    expect(new Date(events[0]![0])).toEqual(new Date('2023-12-31T23:50Z'));
    expect(new Date(events.at(-1)![0])).toEqual(new Date('2024-01-01T04:40Z'));
    expect(sumOf(events)).toBe(157.5);
  });

  it.each([
    ['nsrdb.csv', "24 event starts were moved to the sensor's steps of PT1H"],
    ['pvgis.csv', '7 rows with text only (header, comment or text after the table) left out.'],
    ['y2.csv', "Years of two digits: '13.02.24 00:00' was read as 2024-02-13."],
    ['ha.csv', '2 of 8 events were known in part.'],
    ['influx.csv power', '3 rows above the column names left out.'],
  ])('tells what was done to %s', async (key, sentence) => {
    const { sentences } = await importFile(key.split(' ')[0]!, sensorOf(key), CHOICES[key]!);
    expect(sentences.join(' ')).toContain(sentence);
  });

  it('says how to import irregular readings', async () => {
    await expect(importFile('ha.csv', sensorOf('ha.csv'), HA)).rejects.toThrow(
      /^ha\.csv, line 2, column 3 \(last_changed\): .* ask for time-weighted means/,
    );
  });
});
