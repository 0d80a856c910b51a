import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { isThorough } from '../../harness/effort';
import { flexmeasures, spawnFlexmeasures, type CliResult } from '../../harness/servers/cli';
import { installPlugin } from '../../harness/servers/plugins';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

/** Ids in a database with only the toy account. */
const BATTERY = 3;
const POWER = 2;
const PRICES = 3;
const USER = 1;

describe('The flexmeasures commands', () => {
  let database: TestDatabase;
  let folder: string;
  let sql: Client;

  const run = (...args: string[]): Promise<CliResult> =>
    flexmeasures(args, { databaseUri: database.uri, cwd: folder });
  const good = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  /** Expects one line on stderr, exit code 1, and no change in any table. */
  const bad = async (...args: string[]): Promise<string> => {
    const before = await contents();
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*\n$/i);
    expect(await contents()).toEqual(before);
    return stderr;
  };
  const rows = async <Row>(statement: string): Promise<Row[]> => (await sql.query(statement)).rows as Row[];
  const countOf = async (table: string): Promise<number> =>
    Number((await rows<{ count: string }>(`SELECT count(*) FROM ${table}`))[0]?.count);
  const contents = async (): Promise<string[]> => {
    const tables = await rows<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
    );
    const sums = tables.map(
      ({ name }) =>
        `SELECT '${name} ' || count(*) || ' ' || coalesce(sum(hashtext(t::text)::bigint), 0) AS sum FROM ${name} t`,
    );
    return (await rows<{ sum: string }>(sums.join(' UNION ALL '))).map(({ sum }) => sum);
  };

  /** Imports rows of a CSV file for a sensor, with extra options. */
  async function load(sensorId: number, lines: string[], ...options: string[]): Promise<void> {
    writeFileSync(join(folder, 'data.csv'), `${['time,value', ...lines].join('\n')}\n`);
    await good(
      'add',
      'beliefs',
      '--sensor-id',
      `${sensorId}`,
      '--source',
      'toy-user',
      'data.csv',
      ...options,
    );
  }

  const quarters = (values: number[], start = '2026-03-04T10:00Z'): string[] =>
    values.map((value, i) => `${new Date(Date.parse(start) + i * 900_000).toISOString()},${value}`);
  const hours = (values: number[], start = '2026-03-04T10:00Z'): string[] =>
    values.map((value, i) => `${new Date(Date.parse(start) + i * 3_600_000).toISOString()},${value}`);

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-commands-'));
    sql = new Client(database.uri);
    await sql.connect();
    await load(POWER, quarters([0.125, 0.25, 0.375, 0.75, 0.5, 0.5, 0.5, 0.5]), '--horizon', '0');
    await load(PRICES, hours([20, 30]), '--horizon', '60');
  });

  afterAll(async () => {
    await sql.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['add', ['account-role', 'annotation', 'asset-type', 'holidays']],
    ['show', ['accounts', 'asset-types', 'beliefs', 'data-sources', 'roles']],
    ['edit', ['attribute', 'resample-data']],
    [
      'delete',
      [
        ...['account', 'account-role', 'asset', 'measurements', 'nan-beliefs', 'prognoses', 'sensor'],
        ...['structure', 'unchanged-beliefs', 'user'],
      ],
    ],
  ])('`%s --help` lists all its commands', async (group, commands) => {
    const help = await good(group, '--help');
    for (const command of commands) expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  describe('flexmeasures add', () => {
    it('account-role creates a role once', async () => {
      expect(await good('add', 'account-role', '--name', 'Prosumer', '--description', 'makes power')).toBe(
        "Account role 'Prosumer' (ID: 1) successfully created.\n",
      );
      expect(await bad('add', 'account-role', '--name', 'Prosumer')).toContain(
        "named 'Prosumer' already exists",
      );
    });

    it('asset-type creates a type once', async () => {
      expect(await good('add', 'asset-type', '--name', 'heat pump', '--description', 'moves heat')).toMatch(
        /^Successfully created asset type with ID \d+\./,
      );
      expect(await bad('add', 'asset-type', '--name', 'battery')).toContain("named 'battery' already exists");
    });

    it('annotation annotates accounts, assets and sensors', async () => {
      const about = ['--user-id', `${USER}`, '--asset-id', `${BATTERY}`, '--sensor-id', `${POWER}`];
      const on = ['--at', '2026-03-29', '--timezone', 'Europe/Amsterdam'];
      expect(await good('add', 'annotation', '--content', 'Clocks go forward', ...on, ...about)).toBe(
        'Successfully added annotation.\n',
      );
      const [stored] = await rows(
        'SELECT content, start, "end", type FROM annotation JOIN annotations_assets ON id = annotation_id',
      );
      // A day with 23 hours.
      expect(stored).toEqual({
        content: 'Clocks go forward',
        start: new Date('2026-03-28T23:00Z'),
        end: new Date('2026-03-29T22:00Z'),
        type: 'label',
      });
      expect(await countOf('annotations_sensors')).toBe(1);
      expect(await bad('add', 'annotation', '--content', 'x', '--at', '2026-02-30', ...about)).toContain(
        '--at: "2026-02-30" is not a valid date; use YYYY-MM-DD.',
      );
      const nobody = ['--source', 'newcomer', '--sensor-id', '99'];
      expect(await bad('add', 'annotation', '--content', 'x', ...on, ...nobody)).toContain(
        'no sensor with id 99',
      );
      const backwards = ['--from', '2026-03-04T10:00Z', '--until', '2026-03-04T09:00Z'];
      expect(await bad('add', 'annotation', '--content', 'x', ...backwards, ...about)).toContain('--until');
    });

    it('holidays annotates accounts and assets', async () => {
      const line = ['add', 'holidays', '--year', '2026', '--country', 'NL', '--account-id', '1'];
      const others = ['--country', 'de-by', '--asset-id', `${BATTERY}`];
      expect(await good(...line, ...others)).toMatch(
        /^Successfully added holidays to 1 account and 1 asset:\nNL: \d+\nDE-BY: \d+\n$/,
      );
      const kingsDay = await rows(
        `SELECT start, "end", source.model FROM annotation JOIN data_source source ON source.id = source_id
         WHERE annotation.type = 'holiday' AND content LIKE 'King%'`,
      );
      expect(kingsDay).toEqual([
        { start: new Date('2026-04-26T22:00Z'), end: new Date('2026-04-27T22:00Z'), model: 'NL' },
      ]);
      const before = await countOf('annotation');
      await good(...line, ...others);
      expect(await countOf('annotation')).toBe(before);
      expect(
        await bad('add', 'holidays', '--year', '2026', '--country', 'ZZ', '--account-id', '1'),
      ).toContain("'ZZ' is not a known country or subdivision");
      expect(await bad('add', 'holidays', '--year', '26', '--country', 'NL', '--account-id', '1')).toContain(
        'Must be a year of four digits, such as 2023',
      );
    });
  });

  describe('flexmeasures show', () => {
    it('accounts lists all accounts', async () => {
      await good('add', 'account', '--name', 'Company', '--roles', 'Prosumer');
      const accounts = await good('show', 'accounts');
      expect(accounts).toMatch(/^ *1 +Toy Account +3$/m);
      expect(accounts).toMatch(/^ *2 +Company +0 +Prosumer$/m);
      await bad('show', 'accounts', 'Company');
    });

    it('roles lists account roles and user roles', async () => {
      const roles = await good('show', 'roles');
      expect(roles).toMatch(
        /Account roles:\n[^]*1 +Prosumer +makes power\n[^]*User roles:\n[^]*admin-reader/,
      );
      await bad('show', 'roles', '--id', '1');
    });

    it('asset-types lists all types', async () => {
      expect(await good('show', 'asset-types')).toMatch(/^ *\d+ +battery +/m);
      expect(await bad('show', 'asset-types', '--id', '3')).toContain("unknown option '--id'");
    });

    it('account and asset show their contents', async () => {
      expect(await good('show', 'account', '--id', '1')).toMatch(/toy-user[^]*toy-battery/);
      expect(await good('show', 'account', '--account-id', '1')).toBe(
        await good('show', 'account', '--id', '1'),
      );
      expect(await bad('show', 'account')).toContain('--id');
      expect(await bad('show', 'account', '--id', '1', '--account-id', '2')).toContain('cannot be used with');
      expect(await bad('show', 'account', '--id', '99')).toContain('no account with id 99');
      expect(await good('show', 'asset', '--id', `${BATTERY}`)).toContain('discharging');
      expect(await bad('show', 'asset', '--id', 'battery')).toContain('--id');
    });

    it('data-sources lists all sources', async () => {
      expect(await good('show', 'data-sources')).toMatch(/1 +user +toy-user +1/);
      const one = await good('show', 'data-sources', '--id', '1');
      expect(one).toContain('toy-user');
      expect(one).not.toContain('CLI script');
      expect(await bad('show', 'data-sources', '--id', '99')).toContain('No data source found with id 99');
    });

    const window = ['--start', '2026-03-04T10:00Z', '--duration', 'PT2H'];
    const both = ['--sensor-id', `${POWER}`, '--sensor-id', `${PRICES}`];

    it('beliefs shows several sensors in the finest resolution, and saves them to a file', async () => {
      const { code, stdout, stderr } = await run(
        'show',
        'beliefs',
        ...both,
        ...window,
        '--to-file',
        'out.csv',
      );
      expect(code).toBe(0);
      expect(stderr).toContain('do not share the same unit');
      expect(stdout).toContain("Beliefs for Sensors 'discharging' (Id 2) and 'Day ahead prices' (Id 3).");
      expect(stdout).toContain('The time resolution (x-axis) is 15 minutes.');
      expect(stdout).toMatch(
        /━━━ discharging in MW\n +═══ Day ahead prices in EUR\/MWh\nData saved to file.\n$/,
      );
      const lines = readFileSync(join(folder, 'out.csv'), 'utf8').trimEnd().split('\n');
      expect(lines).toHaveLength(9);
      expect(lines.slice(0, 2)).toEqual([
        'event_start,discharging [MW],Day ahead prices [EUR/MWh]',
        '2026-03-04T11:00:00+01:00,0.125,20',
      ]);
      expect(lines[8]).toBe('2026-03-04T12:45:00+01:00,0.5,30');
    });

    it('beliefs shows a given resolution and time zone in separate charts', async () => {
      const options = ['--resolution', 'PT1H', '--timezone', 'UTC', '--no-combine-legend'];
      const stdout = await good('show', 'beliefs', ...both, ...window, ...options, '--to-file', 'hourly.csv');
      expect(stdout).toContain('starts at 2026-03-04 10:00:00+00:00.');
      expect(stdout).toContain('The time resolution (x-axis) is an hour.');
      expect(stdout).toMatch(/\ndischarging\n {2}\[MW\]\n[^]*\nDay ahead prices\n {2}\[EUR\/MWh\]\n/);
      // The mean of 0.125, 0.25, 0.375 and 0.75 is 0.375.
      expect(readFileSync(join(folder, 'hourly.csv'), 'utf8')).toBe(
        'event_start,discharging [MW],Day ahead prices [EUR/MWh]\n' +
          '2026-03-04T10:00:00+00:00,0.375,20\n2026-03-04T11:00:00+00:00,0.5,30\n',
      );
    });

    it('beliefs shows only those of a source, or before a belief time', async () => {
      const line = ['show', 'beliefs', '--sensor-id', `${POWER}`, ...window];
      expect(await good(...line, '--source', '1')).toContain('Only beliefs of toy-user (Id 1).');
      const script = /(\d+) +CLI script/.exec(await good('show', 'data-sources'))![1]!;
      expect(await bad(...line, '--source', script)).toContain('No beliefs found');
      // Each quarter was measured at its end: at 10:30, two were known.
      const asOf = ['--belief-time-before', '2026-03-04T10:30Z', '--to-file', 'then.csv'];
      expect(await good(...line, ...asOf)).toContain('Only beliefs made before: 2026-03-04 11:30:00+01:00.');
      expect(readFileSync(join(folder, 'then.csv'), 'utf8').split('\n')).toHaveLength(4);
    });

    it('beliefs shows instantaneous values unchanged, or at the steps of a given resolution', async () => {
      const sensor = ['--name', 'level', '--unit', 'm', '--timezone', 'UTC', '--event-resolution', '0'];
      expect(await good('add', 'sensor', ...sensor, '--asset-id', '1')).toContain('sensor with ID 4');
      await load(4, ['2026-03-04T10:00Z,1', '2026-03-04T10:07Z,2', '2026-03-04T10:15Z,3']);
      await good('show', 'beliefs', '--sensor-id', '4', ...window, '--to-file', 'level.csv');
      expect(readFileSync(join(folder, 'level.csv'), 'utf8')).toBe(
        'event_start,level [m]\n2026-03-04T10:00:00+00:00,1\n' +
          '2026-03-04T10:07:00+00:00,2\n2026-03-04T10:15:00+00:00,3\n',
      );
      const mixed = ['show', 'beliefs', '--sensor-id', '4', '--sensor-id', `${POWER}`, ...window];
      const linesOf = () => readFileSync(join(folder, 'level.csv'), 'utf8').split('\n');
      const shown = await run(...mixed, '--to-file', 'level.csv');
      expect(shown.stdout).toContain('The time resolution (x-axis) is 15 minutes.');
      expect(shown.stderr).not.toContain('level');
      expect(linesOf().slice(1, 5)).toEqual([
        '2026-03-04T10:00:00+00:00,1,0.125',
        '2026-03-04T10:07:00+00:00,2,',
        '2026-03-04T10:15:00+00:00,3,0.25',
        '2026-03-04T10:30:00+00:00,,0.375',
      ]);
      const quarterly = await run(...mixed, '--resolution', 'PT15M', '--to-file', 'level.csv');
      expect(quarterly.stderr).toContain(
        'Warning: Sensor 4 (level): 1 instant between the steps of --resolution omitted.\n',
      );
      expect(linesOf().slice(1, 3)).toEqual([
        '2026-03-04T10:00:00+00:00,1,0.125',
        '2026-03-04T10:15:00+00:00,3,0.25',
      ]);
      const between = ['--start', '2026-03-04T10:05Z', '--duration', 'PT20M', '--resolution', 'PT4M'];
      expect(await bad('show', 'beliefs', '--sensor-id', '4', ...between)).toBe(
        'Error: Sensor 4 (level): 2 instants between the steps of --resolution omitted.\n',
      );
      const hourly = ['--event-resolution', '60', '--skip-integrity-check'];
      expect(await good('edit', 'resample-data', '--sensor-id', '4', ...hourly)).toBe(
        'Sensor 4 (level), instants to PT1H, which loses detail: 3 beliefs with mean 2 before, 1 belief with mean 2 after.\n' +
          'Successfully resampled sensor data.\n',
      );
      await good('delete', 'sensor', '--id', '4', '--force');
    });

    it('beliefs plots values of any size, except infinite ones', async () => {
      const sensor = ['--name', 'noise', '--unit', 'm', '--timezone', 'UTC', '--event-resolution', '15'];
      const sensorId = /ID (\d+)/.exec(await good('add', 'sensor', ...sensor, '--asset-id', '1'))![1]!;
      await load(Number(sensorId), quarters([1e308, -1e308, 5]));
      const line = ['show', 'beliefs', '--sensor-id', sensorId, ...window];
      expect(await good(...line)).toMatch(/^ *1e\+308┤[^]*^ *-1e\+308┤/m);
      await sql.query(
        `UPDATE timed_belief SET event_value = 'Infinity' WHERE sensor_id = ${sensorId} AND event_value <> 5`,
      );
      const { code, stdout, stderr } = await run(...line, '--to-file', 'noise.csv');
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: `Warning: 2 infinite values of sensor ${sensorId} (noise) cannot be plotted.\n`,
      });
      expect(stdout).toMatch(/^ *5┤━+$/m);
      expect(readFileSync(join(folder, 'noise.csv'), 'utf8').split('\n')[1]).toMatch(/,Infinity$/);
      await good('delete', 'sensor', '--id', sensorId, '--force');
    });

    it('beliefs reports what cannot be shown', async () => {
      const line = ['show', 'beliefs', '--sensor-id', `${POWER}`, ...window];
      expect(await bad(...line, '--resolution', 'PT0H')).toContain('--resolution');
      expect(await bad(...line, '--timezone', 'Mars/Base')).toContain('Mars/Base');
      expect(await bad(...line, '--source', '99')).toContain('No data source found with id 99');
      expect(await bad(...line, '--to-file', 'nowhere/out.csv')).toContain(
        '--to-file: cannot write nowhere/out.csv',
      );
      const early = ['--start', '2020-01-01T00:00Z', '--duration', 'PT1H'];
      expect(await bad('show', 'beliefs', ...both, ...early)).toBe(
        'Error: No beliefs found for sensors 2 (discharging) and 3 (Day ahead prices) in that period.\n',
      );
    });

    it('beliefs and resample-data take no part of an energy for the whole', async () => {
      const sensor = ['--name', 'energy', '--unit', 'kWh', '--timezone', 'UTC', '--event-resolution', '15'];
      const [, id = ''] = /sensor with ID (\d+)/.exec(
        await good('add', 'sensor', ...sensor, '--asset-id', '1'),
      )!;
      await load(
        Number(id),
        [1, 1, 1, 1, 2, 2, 2].map((value, i) => {
          const hour = 10 + Math.floor(i / 4);
          return `2026-03-04T${hour}:${String((i % 4) * 15).padStart(2, '0')}Z,${value}`;
        }),
      );
      const line = [
        'show',
        'beliefs',
        '--sensor-id',
        id,
        '--start',
        '2026-03-04T10:00Z',
        '--duration',
        'PT2H',
      ];
      const shown = await run(...line, '--resolution', 'PT1H', '--to-file', 'energy.csv');
      expect(readFileSync(join(folder, 'energy.csv'), 'utf8').split('\n').slice(1)).toEqual([
        '2026-03-04T10:00:00+00:00,4',
        '',
      ]);
      expect(shown.stderr).toContain('only a part of 1 step is known, so that the whole is not shown.');
      const hourly = ['--event-resolution', '60', '--skip-integrity-check', '--partial', 'scale'];
      expect(await good('edit', 'resample-data', '--sensor-id', id, ...hourly)).toContain(
        '2 beliefs with mean 6 after. Only a part of 1 event is known (--partial decides what becomes of them).',
      );
      await good('delete', 'sensor', '--id', id, '--force');
    });
  });

  it('create and show assets in a tree with flexibility', async () => {
    const asset = ['add', 'asset', '--asset-type-id', '5', '--account-id', '1', '--name'];
    const stored = [
      '--flex-model',
      '{"soc-max": "10 kWh"}',
      '--flex-context',
      '{"consumption-price": {"sensor": 3}}',
    ];
    const about = ['--description', 'In the basement', '--external-id', 'b-1'];
    const added = await good(...asset, 'cellar', '--parent-asset', String(BATTERY), ...stored, ...about);
    const id = /ID (\d+)/.exec(added)![1]!;
    const shown = await good('show', 'asset', '--id', id);
    for (const part of ['Parent asset', 'b-1', 'In the basement', 'soc-max: "10 kWh"', 'consumption-price'])
      expect(shown).toContain(part);
    expect(await good('show', 'asset', '--id', String(BATTERY))).toContain(`cellar (ID:${id})`);
    expect(await bad(...asset, 'other', '--flex-model', '{"soc-max": "10 kW"}')).toContain(
      'flex_model.soc-max',
    );
    expect(await bad(...asset, 'other', '--parent-asset-id', '99')).toContain("id 99 doesn't exist");
    await good('delete', 'asset', '--id', id, '--force');
  });

  describe('attributes that commands store', () => {
    const asset = ['add', 'asset', '--name', 'new', '--asset-type-id', '5', '--account-id', '1'];
    const sensor = ['add', 'sensor', '--name', 'new', '--unit', 'MW', '--event-resolution', '15'];
    const commands: [string, (name: string, value: object) => string[]][] = [
      ['add asset', (name, value) => [...asset, '--attributes', JSON.stringify({ [name]: value })]],
      [
        'add sensor',
        (name, value) => [
          ...[...sensor, '--timezone', 'UTC', '--asset-id', `${BATTERY}`],
          ...['--attributes', JSON.stringify({ [name]: value })],
        ],
      ],
      ...['--asset-id', '--sensor-id'].map((option): (typeof commands)[number] => [
        `edit attribute ${option}`,
        (name, value) => [
          ...['edit', 'attribute', option, option === '--asset-id' ? `${BATTERY}` : `${POWER}`],
          ...['--attribute', name, '--dict', JSON.stringify(value)],
        ],
      ]),
    ];

    it.each(commands)('must not be too large: %s', async (_what, command) => {
      const reason = /Must not have more than 65536 bytes as JSON; these have \d+\./;
      expect(await bad(...command('note', { text: 'é'.repeat(32_768) }))).toMatch(reason);
    });

    it.each(commands)('must name classes that a plugin exports: %s', async (_what, command) => {
      const plugin = installPlugin();
      const env = { FLEXMEASURES_PLUGINS: plugin.folder };
      const before = await contents();
      const classes = [
        ['custom-scheduler', 'NotExported'],
        ['custom-scheduler', 'Persistence'],
        ['custom-forecaster', 'DummyScheduler'],
      ] as const;
      // All commands ask the same function about a class; the first command shows what it says of each kind of class.
      const triesAll = isThorough || command === commands[0]![1];
      for (const [attribute, className] of triesAll ? classes : classes.slice(0, 1)) {
        const args = command(attribute, { module: 'our_client', class: className });
        const { code, stderr } = await spawnFlexmeasures(args, { databaseUri: database.uri, env });
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringMatching(`exports no class ${className} with a method compute`) as string,
        });
      }
      expect(await contents()).toEqual(before);
      expect(await bad(...command('custom-scheduler', { module: 'unknown', class: 'Any' }))).toMatch(
        /unknown/,
      );
      expect(await bad(...command('custom-scheduler', { module: 'our_client' }))).toMatch(
        /must have a module and a class/,
      );
      plugin.remove();
    });

    it('may be changed and removed beside a class that no plugin exports any more', async () => {
      await sql.query(
        `UPDATE sensor SET attributes = attributes || '{"custom-scheduler": {"module": "a", "class": "B"}}'
         WHERE id = ${POWER}`,
      );
      const edit = ['edit', 'attribute', '--sensor-id', `${POWER}`, '--attribute'];
      await good(...edit, 'note', '--str', 'new');
      await good(...edit, 'custom-scheduler', '--null');
      await good(...edit, 'note', '--null');
    });
  });

  describe('flexmeasures edit', () => {
    const attribute = ['edit', 'attribute', '--attribute', 'colour'];

    it.each([
      [['--str', 'red'], 'red'],
      [['--float', '-1.5'], -1.5],
      [['--int', '7'], 7],
      [['--bool', 'false'], false],
      [
        ['--list', '[1, "a"]'],
        [1, 'a'],
      ],
      [['--dict', '{"a": {"b": null}}'], { a: { b: null } }],
      [['--null'], null],
    ])('attribute with %j sets the value %j', async (options, value) => {
      const targets = ['--asset-id', `${BATTERY}`, '--sensor-id', `${POWER}`, '--sensor-id', `${PRICES}`];
      expect(await good(...attribute, ...targets, ...options)).toBe('Successfully edited/added attribute.\n');
      const stored = await rows<{ attributes: Record<string, unknown> }>(
        `SELECT attributes FROM generic_asset WHERE id = ${BATTERY} UNION ALL SELECT attributes FROM sensor`,
      );
      expect(stored.map(({ attributes }) => attributes['colour'])).toEqual([value, value, value]);
      expect(stored[0]?.attributes['capacity_in_mw']).toBe(0.5);
    });

    it('attribute rejects invalid options', async () => {
      const sensor = ['--sensor-id', `${POWER}`];
      expect(await bad(...attribute, '--int', '1')).toContain('--asset-id or --sensor-id');
      expect(await bad(...attribute, ...sensor)).toContain('exactly one of');
      expect(await bad(...attribute, ...sensor, '--int', '1', '--null')).toContain('exactly one of');
      expect(await bad(...attribute, ...sensor, '--int', '1.5')).toContain('Must be an integer.');
      expect(await bad(...attribute, ...sensor, '--list', '{}')).toContain('JSON list');
      expect(await bad(...attribute, ...sensor, '--sensor-id', '99', '--int', '1')).toContain(
        'sensor with id 99',
      );
    });

    it('resample-data resamples the beliefs of sensors', async () => {
      const line = ['edit', 'resample-data', '--sensor-id', `${POWER}`, '--event-resolution'];
      const asked = await run(...line, '60');
      expect(asked.code).toBe(1);
      expect(asked.stdout).toBe(
        'Sensor 2 (discharging), PT15M to PT1H, which loses detail: ' +
          '8 beliefs with mean 0.4375 before, 2 beliefs with mean 0.4375 after.\n',
      );
      expect(asked.stderr).toContain('add --skip-integrity-check');
      expect(await countOf(`timed_belief WHERE sensor_id = ${POWER}`)).toBe(8);
      const window = ['--from', '2026-03-04T11:00Z', '--skip-integrity-check'];
      expect(await bad(...line, '60', ...window)).toBe(
        'Error: Sensor 2: 4 of 8 stored beliefs are about events outside the window, and would be read as if each ' +
          'event lasted PT1H. Leave out --from and --until, or add --leave-outside if these events have that length already.\n',
      );
      expect(await bad(...line, '25', '--skip-integrity-check')).toContain('must be a multiple');
      expect(await bad(...line, '0', '--skip-integrity-check')).toContain('--event-resolution');
      expect(await good(...line, '60', '--skip-integrity-check')).toContain(
        'Successfully resampled sensor data.',
      );
      const stored = await rows<{ event_value: number; belief_horizon: string }>(
        `SELECT event_value, belief_horizon FROM timed_belief WHERE sensor_id = ${POWER} ORDER BY event_start`,
      );
      expect(stored.map(({ event_value }) => event_value)).toEqual([0.375, 0.5]);
      expect(stored.map(({ belief_horizon }) => belief_horizon)).toEqual(['0', '0']);
      expect((await rows(`SELECT event_resolution::text AS r FROM sensor WHERE id = ${POWER}`))[0]).toEqual({
        r: '01:00:00',
      });
      expect(await good(...line, '60')).toContain('already has this event resolution');
    });
  });

  describe('flexmeasures delete', () => {
    it('measurements deletes measurements only', async () => {
      const line = ['delete', 'measurements', '--sensor-id', `${POWER}`];
      expect(await bad(...line)).toBe(
        'Error: Confirmation required: Delete 2 measurements about sensor 2? Confirm in a terminal, or add --force.\n',
      );
      expect(await good(...line, '--force')).toBe('Deleted 2 measurements.\n');
      expect(await countOf('timed_belief')).toBe(2);
      expect(await good(...line)).toBe('There were no measurements.\n');
    });

    it('prognoses deletes forecasts only', async () => {
      expect(await bad('delete', 'prognoses', '--sensor-id', '99', '--force')).toContain(
        'no sensor with id 99',
      );
      expect(await good('delete', 'prognoses', '--sensor-id', `${PRICES}`, '--force')).toBe(
        'Deleted 2 forecasts.\n',
      );
      expect(await countOf('timed_belief')).toBe(0);
    });

    it('unchanged-beliefs deletes repeated beliefs', async () => {
      const belief = (horizon: number, value: number) =>
        `(${PRICES}, 1, '2026-03-04T10:00Z', ${horizon}, 0.5, ${value})`;
      const beliefs = [belief(30, 5), belief(20, 5), belief(10, 6), belief(0, 6), belief(-10, 6)];
      await sql.query(
        `INSERT INTO timed_belief
           (sensor_id, source_id, event_start, belief_horizon, cumulative_probability, event_value)
         VALUES ${beliefs.join(', ')}`,
      );
      const line = ['delete', 'unchanged-beliefs', '--sensor-id', `${PRICES}`];
      expect(await bad(...line)).toContain(
        '2 unchanged beliefs (1 measurement and 1 forecast) about sensor 3',
      );
      expect(await bad(...line, '--keep-forecasts', '--keep-measurements', '--force')).toContain(
        'nothing to delete',
      );
      expect(await bad(...line, '--keep-forecasts', '--delete-forecasts', '--force')).toContain(
        'cannot be used with',
      );
      expect(await good(...line, '--keep-forecasts', '--force')).toContain(
        '(1 measurement and no forecasts)',
      );
      expect(await good('delete', 'unchanged-beliefs', '--force')).toContain(
        '(no measurements and 1 forecast)',
      );
      expect(await countOf('timed_belief')).toBe(3);
    });

    it('nan-beliefs deletes NaN and infinite values', async () => {
      await sql.query(`UPDATE timed_belief SET event_value = 'NaN' WHERE belief_horizon = 10`);
      expect(await bad('delete', 'nan-beliefs')).toContain(
        'Delete 1 NaN or infinite belief about all sensors?',
      );
      expect(await good('delete', 'nan-beliefs', '--force')).toBe('Deleted 1 NaN or infinite belief.\n');
      expect(await countOf('timed_belief')).toBe(2);
    });

    it('sensor deletes sensors with their beliefs', async () => {
      expect(await bad('delete', 'sensor', '--id', `${PRICES}`)).toContain(
        "Delete sensor 'Day ahead prices' (Id 3) with 2 beliefs?",
      );
      expect(await bad('delete', 'sensor', '--id', `${PRICES}`, '--id', '99', '--force')).toContain(
        'sensor with id 99',
      );
      expect(await good('delete', 'sensor', '--id', `${PRICES}`, '--force')).toBe(
        "Sensor 'Day ahead prices' (Id 3) has been deleted, with 2 beliefs.\n",
      );
      expect(await countOf('timed_belief')).toBe(0);
    });

    it('asset deletes an asset with its sensors', async () => {
      await load(POWER, hours([0.1, 0.2]));
      expect(await bad('delete', 'asset', '--id', `${BATTERY}`)).toContain(
        "Delete asset 'toy-battery' (Id 3)",
      );
      expect(await good('delete', 'asset', '--id', `${BATTERY}`, '--force')).toBe(
        'Asset toy-battery has been deleted, with 2 beliefs.\n',
      );
      expect((await countOf('timed_belief')) + (await countOf('sensor'))).toBe(0);
      expect(await bad('delete', 'asset', '--id', `${BATTERY}`, '--force')).toContain('no asset with id 3');
    });

    it('account-role removes the role from its accounts', async () => {
      expect(await bad('delete', 'account-role', '--name', 'Prosumer')).toContain(
        'The following accounts will lose it: Company.',
      );
      expect(await good('delete', 'account-role', '--name', 'Prosumer', '--force')).toContain(
        "Account role 'Prosumer' has been deleted.",
      );
      expect(await bad('delete', 'account-role', '--name', 'Prosumer', '--force')).toContain(
        "no account role 'Prosumer'",
      );
    });

    it('user keeps the data source of the user', async () => {
      const email = 'toy-user@flexmeasures.io';
      expect(await bad('delete', 'user', '--email', email)).toContain("Delete user 'toy-user'");
      expect(await good('delete', 'user', '--email', email, '--force')).toBe(
        'User toy-user has been deleted.\n',
      );
      expect(await rows("SELECT user_id FROM data_source WHERE name = 'toy-user'")).toEqual([
        { user_id: null },
      ]);
      expect(await bad('delete', 'user', '--email', email, '--force')).toContain(`email address ${email}`);
    });

    it('account deletes its users, assets and sensors', async () => {
      expect(await bad('delete', 'account', '--id', '1')).toContain(
        "Delete account 'Toy Account' (Id 1) with no users and 2 assets (toy-building, toy-solar)",
      );
      expect(await good('delete', 'account', '--id', '1', '--force')).toBe(
        'Account Toy Account has been deleted, with no beliefs.\n',
      );
      expect(await bad('delete', 'account', '--id', '1', '--force')).toContain('no account with id 1');
    });

    it('structure deletes all structural data', async () => {
      expect(await bad('delete', 'structure')).toContain('1 account and no sensors');
      expect(await good('delete', 'structure', '--force')).toBe('All structural data has been deleted.\n');
      for (const table of [
        'account',
        'annotation',
        'data_source',
        'generic_asset',
        'generic_asset_type',
        'role',
      ])
        expect([table, await countOf(table)]).toEqual([table, 0]);
      expect(await good('show', 'accounts')).toBe('No accounts created yet.\n');
      expect(await good('show', 'data-sources')).toBe('No data sources created yet.\n');
    });
  });
});
