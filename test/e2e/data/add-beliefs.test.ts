import { join } from 'node:path';
import { utils, write } from '@e965/xlsx';
import { AccountsService, UsersService } from '#lib/accounts';
import type { Sensor } from '#lib/sensors';
import { anAsset, aSensor } from '../../harness/databases/factories';
import { BeliefsCli, regularRows } from './add-beliefs-setup';

const HOUR_MS = 3_600_000;
const START = '2026-03-04T00:00:00Z';
const startMs = Date.parse(START);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('flexmeasures add beliefs', () => {
  let cli: BeliefsCli;

  beforeAll(async () => {
    cli = await BeliefsCli.start();
    writeFiles(cli);
  });
  afterAll(() => cli.stop());

  const hourly = (unit = 'MW', rest: Parameters<typeof aSensor>[1] = {}): Promise<Sensor> =>
    aSensor(cli.app, { unit, eventResolutionMs: HOUR_MS, ...rest });
  const valuesOf = async (sensor: Sensor): Promise<number[]> =>
    (await cli.beliefs(sensor)).map(({ value }) => value);

  /** Adds beliefs. @returns the stored values by event */
  const added = async (sensor: Sensor, line: string | string[]): Promise<number[]> => {
    const args = typeof line === 'string' ? line.split(' ') : line;
    const { code, stdout, stderr } = await cli.add(sensor, ['--source', 'meter', ...args]);
    expect({ code, stderr: stderr.replace(/^Warning: .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Successfully created beliefs/);
    return valuesOf(sensor);
  };

  /** Runs a command that rejects beliefs. @returns its error line, after checking that it stored no belief and no source */
  const refused = async (sensor: Pick<Sensor, 'id'>, line: string | string[]): Promise<string> => {
    const args = typeof line === 'string' ? line.split(' ') : line;
    const { code, stdout, stderr } = await cli.add(sensor, ['--source', 'a stranger', ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Error: [^\n]+\n$/);
    expect(await cli.totals(sensor)).toEqual({ count: 0, sum: 0 });
    expect(await cli.sources()).not.toContain('a stranger');
    return stderr.slice('Error: '.length, -1);
  };

  describe('file, sensor and source options', () => {
    it('imports the example of the documentation', async () => {
      const sensor = await hourly();
      const rows = regularRows(START, HOUR_MS, [1.5, 2.5]).replaceAll(',', ';');
      cli.write('my-data.csv', `Export of the legacy system\nDatum;Leistung\n${rows}`);
      const line = '--file my-data.csv --skiprows 2 --delimiter ; --source OurLegacyDatabase';
      expect((await cli.add(sensor, line.split(' '))).stdout).toBe('Successfully created beliefs\n');
      expect(await cli.beliefs(sensor)).toEqual([
        expect.objectContaining({ start: startMs, value: 1.5, cp: 0.5, source: 'OurLegacyDatabase' }),
        expect.objectContaining({ start: startMs + HOUR_MS, value: 2.5, source: 'OurLegacyDatabase' }),
      ]);
    });

    it('accepts a user id as the source', async () => {
      const sensor = await hourly();
      const { id: accountId } = await cli.app.get(AccountsService).create('Company', []);
      const user = await cli.app.get(UsersService).create({
        username: 'anna',
        email: 'anna@example.com',
        password: 'secret-word',
        accountId,
        roles: [],
      });
      const { code } = await cli.add(sensor, ['--source', String(user.id), 'hours.csv']);
      expect(code).toBe(0);
      expect((await cli.beliefs(sensor))[0]?.source).toBe('anna');
      expect(await refused(await hourly(), ['hours.csv', '--source', '4711'])).toBe(
        'There is no user with id 4711.',
      );
    });

    it('trims the name of a source and accepts names of the maximum length', async () => {
      const sensor = await hourly();
      await added(sensor, ['hours.csv', '--source', `  ${'é'.repeat(120)} `]);
      expect((await cli.beliefs(sensor))[0]?.source).toBe('é'.repeat(120));
      expect(await refused(await hourly(), ['hours.csv', '--source', 'x'.repeat(121)])).toBe(
        'The name of a source must have at most 120 characters.',
      );
    });

    it('reports a missing file, sensor or source', async () => {
      const sensor = await hourly();
      expect(await refused(sensor, [])).toBe('file: missing. Give the path of the file to load.');
      expect(await refused(sensor, 'nowhere.csv')).toBe('The file nowhere.csv does not exist.');
      expect(await refused(sensor, [cli.folder])).toMatch(/: this is a folder, not a file$/);
      expect(await refused(sensor, 'hours.csv --file quarters.csv')).toBe(
        'file: given twice, as hours.csv and as --file quarters.csv. Give one path.',
      );
      expect(await refused({ id: 99_999 }, 'hours.csv')).toBe('There is no sensor with id 99999.');
      const { code, stderr } = await cli.add(sensor, ['hours.csv']);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining("required option '--source <source>' not specified") as string,
      });
    });
  });

  describe('unit conversion', () => {
    it('converts units of the same dimension, also with inverted sign', async () => {
      expect(await added(await hourly(), 'hours.csv --unit kW')).toEqual([0.001, 0.002, 0.003, 0.004]);
      expect(await added(await hourly('kW'), 'hours.csv --unit -kW')).toEqual([-1, -2, -3, -4]);
    });

    it('converts energy by the distance of the rows', async () => {
      cli.write('half-hours.csv', regularRows(START, HOUR_MS / 2, [100, 50]));
      const sensor = await aSensor(cli.app, { unit: 'MW' });
      expect(await added(sensor, 'half-hours.csv --unit kWh')).toEqual([0.2, 0.2, 0.1, 0.1]);
    });

    it('converts shares by an attribute of the sensor or asset', async () => {
      const battery = await anAsset(cli.app, { attributes: { capacity_in_mw: 0.5, max_soc_in_mwh: 2 } });
      expect(await added(await hourly('MW', { asset: battery }), 'hours.csv --unit %')).toEqual([
        0.005, 0.01, 0.015, 0.02,
      ]);
      const [energy] = await added(await hourly('kWh', { asset: battery }), 'hours.csv --unit %');
      expect(energy).toBe(20);
      const own = await hourly('kW', { asset: battery, attributes: { capacity_in_mw: '2000 kW' } });
      expect((await added(own, 'hours.csv --unit %'))[3]).toBe(80);
    });

    it('converts datetimes and timedeltas', async () => {
      cli.write('doors.csv', '2026-03-04,1970-01-02 12:00,01:30:00\n2026-03-05,1970-01-03,P1D\n');
      const daily = (): Promise<Sensor> => hourly('h', { eventResolutionMs: 24 * HOUR_MS, timezone: 'UTC' });
      expect(await added(await daily(), 'doors.csv --unit datetime --timezone UTC')).toEqual([36, 48]);
      expect(await added(await daily(), 'doors.csv --unit timedelta --valuecol 2 --timezone UTC')).toEqual([
        1.5, 24,
      ]);
      expect(await refused(await daily(), 'doors.csv --unit timedelta --timezone UTC')).toBe(
        "doors.csv, line 1, column 2: '1970-01-02 12:00' is not a length of time; line 2, column 2: '1970-01-03' is " +
          'not a length of time: correct these rows, or skip bad rows',
      );
    });

    it.each([
      ['EUR', "Unit 'EUR' does not convert into MW."],
      ['kwh', '"kwh" is not a valid unit.'],
      ['PW', 'huge.csv, line 2, column 2 (what): the value is too large for a number in MW'],
      ['datetime', "Unit 'datetime' does not convert into MW."],
      [
        '%',
        '"%" cannot be converted to "MW" without a capacity. Set attribute capacity_in_mw ' +
          '(or max_soc_in_mwh for energy) on the sensor or its asset.',
      ],
    ])('rejects the unit %s for a sensor in MW', async (unit, message) => {
      const file = unit === 'PW' ? 'huge.csv' : 'hours.csv';
      expect(await refused(await hourly(), [file, '--unit', unit])).toContain(message);
    });
  });

  describe('belief times', () => {
    const dayAhead = { knowledgeHorizonFnc: 'ex_ante', knowledgeHorizonPar: { ex_ante_horizon: 'PT2H' } };
    const horizonsOf = async (line: string): Promise<number[]> => {
      const sensor = await hourly('EUR/MWh', dayAhead);
      await added(sensor, line);
      return (await cli.beliefs(sensor)).map(({ horizon }) => horizon / HOUR_MS);
    };

    it.each([
      ['minutes before', '--horizon 90', [1.5, 1.5, 1.5, 1.5]],
      ['minutes after', '--horizon -30', [-0.5, -0.5, -0.5, -0.5]],
      ['a duration before', '--horizon PT6H', [6, 6, 6, 6]],
      ['one moment', '--prior 2026-03-03T18:00+01:00', [5, 6, 7, 8]],
      ['the earlier of both', '--prior 2026-03-03T18:00+01:00 --horizon PT7H', [7, 7, 7, 8]],
    ])('sets belief times by %s', async (_name, options, expected) => {
      expect(await horizonsOf(`hours.csv ${options}`)).toEqual(expected);
    });

    it.each(['99999999999999', '-999999999999999999', 'P36601D', '9'.repeat(30)])(
      'rejects the horizon %s',
      async (horizon) => {
        expect(await refused(await hourly(), ['hours.csv', '--horizon', horizon])).toBe(
          '--horizon: must not exceed 100 years.',
        );
      },
    );

    it('takes belief times from a column, or the current time by default', async () => {
      const lines = ['10:00Z,1', '11:00Z,2', '11:00Z,3', '12:00Z,4'];
      const times = ['09:00Z', '09:00Z', '09:30Z', ''];
      const rows = lines.map((line, i) => `2026-03-04T${line},${times[i] && `2026-03-04T${times[i]}`}`);
      cli.write('forecasts.csv', rows.join('\n'));
      const before = Date.now();
      const [first, second, update, now] = await horizonsOf('forecasts.csv --beliefcol 2');
      expect([first, second, update]).toEqual([-1, 0, -0.5]);
      const knowledgeMs = Date.parse('2026-03-04T10:00Z');
      expect(knowledgeMs - now! * HOUR_MS).toBeGreaterThanOrEqual(before);
      expect(knowledgeMs - now! * HOUR_MS).toBeLessThanOrEqual(Date.now());
      expect((await horizonsOf('hours.csv'))[0]).toBeCloseTo(
        (startMs - 2 * HOUR_MS - Date.now()) / HOUR_MS,
        1,
      );
    });

    it('warns about an option that is not used', async () => {
      const { stderr } = await cli.add(
        await hourly(),
        '--source meter forecasts.csv --beliefcol 2 --horizon 0 --keep first'.split(' '),
      );
      expect(stderr).toBe(
        'Warning: The column of belief times was not used, because prior or horizon was given.\n' +
          'Warning: 1 row repeating an earlier event start left out.\n',
      );
    });

    it.each([
      ['--horizon soon', "--horizon: 'soon' is neither minutes nor an ISO 8601 duration."],
      ['--prior 2026-03-03T18:00', '--prior: The datetime "2026-03-03T18:00" has no time zone.'],
      ['--prior yesterday', '--prior: "yesterday" is not a valid ISO 8601 datetime.'],
      ['--beliefcol 1', "hours.csv, line 2, column 2 (what): '1' is not a datetime"],
      ['--beliefcol known', "hours.csv, line 1: there is no column 'known': the columns are when, what"],
    ])('rejects %s', async (options, message) => {
      expect(await refused(await hourly(), `hours.csv ${options}`)).toContain(message);
    });
  });

  it('accepts a cumulative probability', async () => {
    const sensor = await hourly();
    await added(sensor, 'hours.csv --prior 2026-03-03T18:00+01:00 --cp 0.2');
    await added(sensor, 'hours.csv --prior 2026-03-03T18:00+01:00 --cp 0.8');
    expect((await cli.beliefs(sensor)).map(({ cp }) => cp)).toEqual([0.2, 0.8, 0.2, 0.8, 0.2, 0.8, 0.2, 0.8]);
    expect(await refused(await hourly(), 'hours.csv --cp 1.2')).toBe('--cp: must be between 0 and 1.');
  });

  describe('resampling', () => {
    it('divides longer events: repeats flows and splits amounts', async () => {
      const args = ['--source', 'meter', 'hours.csv'];
      const [power, energy] = [await aSensor(cli.app), await aSensor(cli.app, { unit: 'kWh' })];
      expect((await cli.add(power, args)).stderr).toBe(
        "Warning: Events of PT1H are resampled to the sensor's PT15M: values are repeated.\n",
      );
      expect(await valuesOf(power)).toEqual([1, 2, 3, 4].flatMap((value) => Array<number>(4).fill(value)));
      expect((await cli.add(energy, args)).stderr).toContain('amounts are split');
      expect(await valuesOf(energy)).toEqual(
        [1, 2, 3, 4].flatMap((value) => Array<number>(4).fill(value / 4)),
      );
    });

    it('aggregates shorter events: averages flows and sums amounts', async () => {
      expect(await added(await hourly(), 'quarters.csv')).toEqual([2.5, 6.5]);
      expect(await added(await hourly('kWh'), 'quarters.csv --resample')).toEqual([10, 26]);
    });

    it('does not resample with --do-not-resample', async () => {
      expect(await added(await aSensor(cli.app), 'hours.csv --do-not-resample')).toEqual([1, 2, 3, 4]);
      expect(await refused(await hourly(), 'quarters.csv --do-not-resample')).toBe(
        'quarters.csv, line 2, column 1: no event of the sensor starts at 2026-03-04T01:15:00+01:00: ' +
          'they start every PT1H on the clocks of Europe/Amsterdam',
      );
      expect(await added(await hourly(), 'quarters.csv --do-not-resample --resample')).toEqual([2.5, 6.5]);
    });

    it('rejects irregular rows, unless the sensor is instantaneous', async () => {
      const rows = ['00:00', '00:15', '00:31', '00:45'].map((time, i) => `2026-03-04T${time}Z,${i}`);
      cli.write('irregular.csv', `time,load\n${rows.join('\n')}`);
      expect(await refused(await aSensor(cli.app), 'irregular.csv')).toBe(
        'irregular.csv, line 4, column 1 (time): the event at 2026-03-04T01:31:00+01:00 is out of step: ' +
          'events are PT15M apart (for readings at irregular times, ask for time-weighted means)',
      );
      expect(await added(await hourly('MW', { eventResolutionMs: 0 }), 'irregular.csv')).toEqual([
        0, 1, 2, 3,
      ]);
    });

    it('rejects a file whose events change their duration', async () => {
      const finer = regularRows('2026-03-05T00:00:00Z', HOUR_MS / 4, upTo(8));
      const coarser = regularRows('2026-03-05T00:00:00Z', HOUR_MS, upTo(8));
      cli.write('finer.csv', regularRows(START, HOUR_MS, upTo(24)) + finer);
      cli.write('coarser.csv', regularRows(START, HOUR_MS / 4, upTo(96)) + coarser);
      expect(await refused(await hourly(), 'finer.csv')).toBe(
        'finer.csv, line 26, column 1: the event at 2026-03-05T01:15:00+01:00 is out of step: events are PT1H apart ' +
          '(for readings at irregular times, ask for time-weighted means)',
      );
      expect(await refused(await hourly(), 'coarser.csv')).toBe(
        'coarser.csv, line 98, column 1: from the event at 2026-03-05T02:00:00+01:00 on, events are PT1H apart ' +
          'instead of PT15M: import the parts as separate files',
      );
    });
  });

  it('case 16: scales energy of which the file has only a part with --partial scale, and leaves it unknown without', async () => {
    cli.write('quarters.csv', regularRows(START, HOUR_MS / 4, [1, 2, 3, 4, 5, 6]));
    const [unknown, scaled] = [await hourly('kWh'), await hourly('kWh')];
    const { stdout, stderr } = await cli.add(unknown, ['--source', 'meter', 'quarters.csv']);
    expect(stdout).toMatch(/^Successfully created beliefs/);
    expect(stderr).toContain('The file has only a part of 1 event of PT1H, which stay unknown');
    expect(await valuesOf(unknown)).toEqual([10]);
    expect(await added(scaled, 'quarters.csv --partial scale')).toEqual([10, 22]);
  });

  it('replaces beliefs only with --allow-overwrite', async () => {
    const sensor = await hourly();
    cli.write('others.csv', regularRows(START, HOUR_MS, [1, 2, 7, 8]));
    const prior = '--prior 2026-03-03T18:00+01:00';
    await added(sensor, `hours.csv ${prior}`);
    for (const option of ['', ' --do-not-allow-overwrite', ' --allow-overwrite --do-not-allow-overwrite']) {
      const { code, stderr } = await cli.add(
        sensor,
        `--source meter others.csv ${prior}${option}`.split(' '),
      );
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^Error: 2 belief\(s\) would replace .* the first about 2026-03-04T03:00:00\+01:00.* --allow-overwrite\.\n$/,
      );
      expect(await valuesOf(sensor)).toEqual([1, 2, 3, 4]);
    }
    expect(await added(sensor, `others.csv ${prior} --allow-overwrite`)).toEqual([1, 2, 7, 8]);
  });

  describe('file format options', () => {
    it.each([
      ['some rows', 'hours.csv --skiprows 2 --nrows 2', [2, 3]],
      ['rows but those of missing values', 'gaps.csv --na-values -999 --na-values none', [1, 4]],
      [
        'usual missing values, too',
        'gaps.csv --na-values -999 --na-values none --keep-default-na --valuecol 2',
        [2],
      ],
      ['usual missing values as asked', 'gaps.csv --keep-default-na true --valuecol 3', [3, 4]],
      ['columns by number', 'wide.csv --datecol 1 --valuecol 3', [5, 6]],
      ['columns by name', 'wide.csv --datecol when --valuecol price', [1, 2]],
      ['rows with a value', 'kinds.csv --filter-column kind --filter-value load', [1, 2]],
      [
        'rows with both values',
        'kinds.csv --filter-column 2 --filter-value load --filter-column 3 --filter-value b',
        [2],
      ],
      ['other separators', 'german.csv --delimiter ; --decimal , --thousands .', [1234.5, 0.25]],
      ['tabs', String.raw`tabs.csv --delimiter \t`, [1, 2]],
      ['the first sheet', 'book.xlsx --timezone UTC', [1, 2]],
      ['another sheet', 'book.xlsx --sheet-number 1 --timezone UTC', [3, 4]],
      ['another sheet as the Python program calls it', 'book.xlsx --sheet_number 1 --timezone UTC', [3, 4]],
    ])('reads the file with %s', async (_name, line, expected) => {
      expect(await added(await hourly(), line)).toEqual(expected);
    });

    it.each([
      ['gaps.csv', /^gaps.csv, line 4, column 2 \(a\): 'none' is not a number$/],
      [
        'gaps.csv --na-values x --valuecol 2',
        /^gaps.csv, line 2, column 3 \(b\): 'NaN' is not a number; line 4, column 3 \(b\): 'none' is not a number: correct these rows, or skip bad rows$/,
      ],
      [
        'gaps.csv --keep-default-na false --valuecol 3',
        /^gaps.csv, line 2, column 4 \(c\): the value is missing; line 3, column 4 \(c\): the value is missing: correct/,
      ],
      [
        'wide.csv --datecol when --valuecol wind',
        /^wide.csv, line 1: there is no column 'wind': the columns are/,
      ],
      [
        'wide.csv --datecol 1 --valuecol 9',
        /^wide.csv, line 1: there is no column 10: the line has 4 columns/,
      ],
      ['kinds.csv --filter-column kind', /^Give one --filter-value for each --filter-column\.$/],
      ['kinds.csv --filter-column sort --filter-value load', /^kinds.csv, line 1: there is no column 'sort'/],
      [
        'german.csv --decimal ,',
        /^german.csv, line 1, column 1: '2026-03-04T00:00Z;1.234' is not a datetime; line 2, column 1: '2026-03-04T01:00Z;0' is not a datetime: correct/,
      ],
      ['german.csv --delimiter |', /^german.csv, line 1: there is no column 2: .* check the delimiter/],
      [
        'german.csv --delimiter ;',
        /^german.csv, line 1, column 2: '1.234,5' is not a number; line 2, column 2: '0,25' is not a number: correct/,
      ],
      [
        'german.csv --delimiter ; --decimal , --thousands ,',
        /decimal point and thousands separator must differ$/,
      ],
      ['german.csv --delimiter ;; --decimal ,', /^german.csv: the delimiter must be one ASCII character/],
      ['book.xlsx --sheet-number 7', /^book.xlsx: there is no sheet 7 \(the first one is 0\)$/],
    ])('rejects %s', async (line, message) => {
      expect(await refused(await hourly(), line)).toMatch(message);
    });

    it.each(['--nrows few', '--skiprows -1', '--sheet-number first', '--cp half', '--keep-default-na maybe'])(
      'rejects the invalid option %s',
      async (option) => {
        const sensor = await hourly();
        const { code, stderr } = await cli.add(sensor, [
          '--source',
          'meter',
          'hours.csv',
          ...option.split(' '),
        ]);
        expect(code).toBe(1);
        expect(stderr).toMatch(/^error: option '--[^']+' argument '[^']+' is invalid\. /);
        expect(await cli.totals(sensor)).toEqual({ count: 0, sum: 0 });
      },
    );
  });

  describe('reads files as people export them', () => {
    const fixture = (name: string): string => join(__dirname, '../../fixtures/exports', name);
    const stamped = async (sensor: Sensor): Promise<(string | number)[][]> =>
      (await cli.beliefs(sensor)).map(({ start, value }) => [new Date(start).toISOString(), value]);

    it('with the datetime in two columns, registers in rows and the doubled hour', async () => {
      const sensor = await aSensor(cli.app, { unit: 'kWh', eventResolutionMs: HOUR_MS / 4 });
      const args = ['--datecol', 'Van (datum)', '--datecol', 'Van (tijdstip)', '--valuecol', 'Volume'];
      const filter = ['--filter-column', 'Register', '--filter-value', 'Afname Dag'];
      const format = ['--delimiter', ';', '--decimal', ',', '--timezone', 'Europe/Brussels'];
      const values = await added(sensor, [fixture('fluvius.csv'), ...args, ...filter, ...format]);
      expect(values).toHaveLength(29);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0.425, 9);
    });

    it('case 18: with ranges in one column, and prices in pence', async () => {
      const prices = await hourly('EUR/MWh');
      const columns = ['--datecol', 'MTU (CET/CEST)', '--valuecol', 'Day-ahead Price [EUR/MWh]'];
      await added(prices, [fixture('entsoe_old.csv'), ...columns, '--timezone', 'Europe/Amsterdam']);
      expect((await stamped(prices)).slice(0, 4)).toEqual([
        ['2023-10-28T22:00:00.000Z', -20],
        ['2023-10-28T23:00:00.000Z', -10],
        ['2023-10-29T00:00:00.000Z', 0],
        ['2023-10-29T01:00:00.000Z', 10],
      ]);
      const agile = await aSensor(cli.app, { unit: 'GBP/kWh', eventResolutionMs: HOUR_MS / 2 });
      expect(await added(agile, [fixture('agile.csv'), '--valuecol', '4', '--unit', 'p/kWh'])).toHaveLength(
        50,
      );
    });

    it('cases 18 and 19: with a date format, stamps at the end, or irregular readings', async () => {
      const quarter = (): Promise<Sensor> => aSensor(cli.app, { unit: 'kW', eventResolutionMs: HOUR_MS / 4 });
      cli.write('ends.csv', '04|03|26 00.15,1\n04|03|26 00.30,2\n');
      const format = ['--date-format', '%d|%m|%y %H.%M', '--stamps', 'end', '--timezone', 'UTC'];
      const ends = await quarter();
      await added(ends, ['ends.csv', ...format]);
      expect(await stamped(ends)).toEqual([
        [START.replace('Z', '.000Z'), 1],
        ['2026-03-04T00:15:00.000Z', 2],
      ]);
      const columns = ['--datecol', 'last_changed', '--valuecol', 'state', '--unit', 'W'];
      const means = await added(await quarter(), [fixture('ha.csv'), ...columns, '--time-weighted']);
      expect(means).toHaveLength(8);
      expect(means[0]).toBeCloseTo(1.32982375, 6);
    });

    it('case 15: unless they have two values about one event, of which it is told which to keep', async () => {
      const args = [fixture('conflict.csv'), '--timezone', 'Europe/Amsterdam'];
      expect(await refused(await hourly(), args)).toMatch(
        /^conflict.csv, line 3, column 2 \(v\): the value 999 is about the same event as the value 1 of line 2/,
      );
      expect(await added(await hourly(), [...args, '--keep', 'mean'])).toEqual([500, 2]);
    });

    it('case 21: and counts the bad rows that it was told to skip', async () => {
      const sensor = await hourly();
      cli.write(
        'bad.csv',
        `time,load\n2026-03-04T00:00Z,1\nsensor off\n2026-03-04T01:00Z,x\n2026-03-04T02:00Z,3\n2026-03-04T03:00Z,4\n`,
      );
      expect(await refused(sensor, 'bad.csv')).toBe(
        "bad.csv, line 3, column 1 (time): 'sensor off' is not a datetime; line 4, column 2 (load): 'x' is not a number: " +
          'correct these rows, or skip bad rows',
      );
      const { code, stdout } = await cli.add(sensor, ['bad.csv', '--source', 'meter', '--skip-bad-rows']);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: 'Successfully created beliefs (2 bad rows skipped)\n',
      });
      expect(await valuesOf(sensor)).toEqual([1, 3, 4]);
    });
  });

  describe('local times', () => {
    it('are read in the zone of --timezone', async () => {
      const sensor = await hourly();
      cli.write('local.csv', '2026-07-01 00:00,1\n2026-07-01 01:00,2\n');
      await added(sensor, 'local.csv --timezone America/New_York');
      expect((await cli.beliefs(sensor))[0]?.start).toBe(Date.parse('2026-07-01T04:00Z'));
    });

    it('that occur twice are read in order, with a warning', async () => {
      const sensor = await hourly();
      cli.write(
        'autumn.csv',
        ['00', '01', '02', '02', '03'].map((h, i) => `2026-10-25 ${h}:00,${i}\n`).join(''),
      );
      const { code, stderr } = await cli.add(
        sensor,
        '--source meter autumn.csv --timezone Europe/Amsterdam'.split(' '),
      );
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringMatching(/^Warning: 2 rows in an hour that occurs twice .*\n$/) as string,
      });
      const first = Date.parse('2026-10-24T22:00Z');
      expect((await cli.beliefs(sensor)).map(({ start }) => (start - first) / HOUR_MS)).toEqual([
        0, 1, 2, 3, 4,
      ]);
    });

    it('are read with --day-first or --month-first', async () => {
      cli.write('slashes.csv', '03/04/2026 00:00,1\n03/04/2026 01:00,2\n');
      expect(await refused(await hourly(), 'slashes.csv --timezone UTC')).toBe(
        "slashes.csv, line 1, column 1: '03/04/2026 00:00' could have its day or its month first: write dates as " +
          'YYYY-MM-DD, or give --day-first or --month-first',
      );
      for (const [options, start] of [
        ['--day-first', '2026-04-03T00:00Z'],
        ['--month-first', '2026-03-04T00:00Z'],
        ['--day-first --month-first', '2026-03-04T00:00Z'],
        ['--month-first --day-first', '2026-04-03T00:00Z'],
      ] as const) {
        const sensor = await hourly();
        await added(sensor, `slashes.csv --timezone UTC ${options}`);
        expect((await cli.beliefs(sensor))[0]?.start).toBe(Date.parse(start));
      }
    });

    it.each([
      ['local.csv', /^local.csv, line 1, column 1: '2026-07-01 00:00' names no offset from UTC/],
      ['local.csv --timezone Mars/Olympus', /Mars\/Olympus/],
      [
        'spring.csv --timezone Europe/Amsterdam',
        /^spring.csv, line 2, column 1: '2026-03-29 02:00' does not exist there: the clocks skip it$/,
      ],
      [
        'bad.csv',
        /^bad.csv, line 3, column 1 \(when\): '2026-02-30T00:00Z' is not a date and time that exists$/,
      ],
    ])('rejects %s', async (line, message) => {
      cli.write('spring.csv', '2026-03-29 01:00,1\n2026-03-29 02:00,2\n');
      cli.write('bad.csv', 'when,what\n2026-02-28T00:00Z,1\n2026-02-30T00:00Z,2\n');
      expect(await refused(await hourly(), line)).toMatch(message);
    });
  });

  it('reports a file without rows, and a file without new beliefs', async () => {
    const sensor = await hourly();
    cli.write('empty.csv', 'when,what\n');
    const empty = await cli.add(sensor, ['--source', 'meter', 'empty.csv']);
    expect(empty).toEqual({ code: 0, stdout: 'Nothing new: the file has no rows to load.\n', stderr: '' });
    cli.write('nothing.csv', '');
    expect(await refused(sensor, 'nothing.csv')).toBe('nothing.csv: the file has no rows');
    await added(sensor, 'hours.csv');
    const again = await cli.add(sensor, ['--source', 'meter', 'hours.csv']);
    expect(again).toEqual({
      code: 0,
      stdout: 'Nothing new: all 4 beliefs exist already.\n',
      stderr: '',
    });
  });
});

/** Files in various formats. */
function writeFiles(cli: BeliefsCli): void {
  const rows = (...lines: string[]): string =>
    lines.map((cells, hour) => `2026-03-04T0${hour}:00Z,${cells}\n`).join('');
  cli.write('hours.csv', `when,what\n${regularRows(START, HOUR_MS, [1, 2, 3, 4])}`);
  cli.write('huge.csv', `when,what\n${regularRows(START, HOUR_MS, [1e308])}`);
  cli.write('quarters.csv', regularRows(START, HOUR_MS / 4, [1, 2, 3, 4, 5, 6, 7, 8]));
  cli.write('gaps.csv', `when,a,b,c\n${rows('1,NaN,', '-999,-999,', 'none,none,3', '4,2,4')}`);
  cli.write('kinds.csv', `when,what,kind,place\n${rows('1,load,a', '2,load,b', '3,sun,b')}`);
  cli.write('wide.csv', 'id,when,price,load\nx,2026-03-04T00:00Z,1,5\ny,2026-03-04T01:00Z,2,6\n');
  cli.write('german.csv', '2026-03-04T00:00Z;1.234,5\n2026-03-04T01:00Z;0,25\n');
  cli.write('tabs.csv', regularRows(START, HOUR_MS, [1, 2]).replaceAll(',', '\t'));
  const book = utils.book_new();
  for (const first of [1, 3]) {
    const cells = [
      ['when', 'what'],
      ['2026-03-04 00:00', first],
      ['2026-03-04 01:00', first + 1],
    ];
    utils.book_append_sheet(book, utils.aoa_to_sheet(cells));
  }
  cli.write('book.xlsx', write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
}
