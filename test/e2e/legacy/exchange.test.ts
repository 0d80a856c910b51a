import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../harness/eventually';
import { startLegacyScene, type LegacyPerson, type LegacyScene } from '../../harness/scenes/legacy-scene';
import { tableSums } from '../../harness/fuzz/table-sums';
import { wire } from '../../harness/fuzz/wire';
import { flexmeasures } from '../../harness/servers/cli';
import * as seed from './seed-messages';

const { HOST } = seed;

/** Days of Amsterdam on which the clocks change, with their number of hours. */
const CLOCK_CHANGES = [
  ['2015-03-29T00:00:00+01:00', 23],
  ['2015-10-25T00:00:00+02:00', 25],
] as const;

const range = (count: number, first = 1): number[] => Array.from({ length: count }, (_, i) => first + i);

let scene: LegacyScene;

beforeAll(async () => {
  scene = await startLegacyScene();
});
afterAll(() => scene.stop());
afterEach(() => scene.sql.query('DELETE FROM timed_belief'));

const old = async (method: string, path: string, message: object, person?: LegacyPerson) => {
  const { status, body } = await scene.send(method, path, message, person);
  expect([status, body]).toMatchObject([200, {}]);
  return body as { values: unknown[]; status: string };
};
const readNew = async (sensor: number, query: Record<string, string>) => {
  const search = new URLSearchParams(query).toString();
  const path = `/api/v3_0/sensors/${sensor}/data?${search}`;
  const { status, body } = await scene.api.request('GET', path, { token: scene.tokenOf('member') });
  expect([status, body]).toMatchObject([200, {}]);
  return (body as { values: unknown[] }).values;
};
const postNew = async (sensor: number, json: object, person: LegacyPerson = 'member') => {
  const path = `/api/v3_0/sensors/${sensor}/data`;
  const { status, body } = await scene.api.request('POST', path, { token: scene.tokenOf(person), json });
  expect([status, body]).toMatchObject([200, {}]);
};
const negated = (values: number[]): number[] => values.map((value) => -value);

describe('Power across changes of the clocks', () => {
  const POSTS: [string, string, object][] = [
    ['v1', 'postMeterData', {}],
    ['v1_3', 'postPrognosis', { horizon: 'R/PT24H' }],
    ['v2_0', 'postMeterData', {}],
    ['v2_0', 'postPrognosis', { horizon: 'PT24H' }],
  ];
  const day = POSTS.flatMap((post) => CLOCK_CHANGES.map((change) => [...post, ...change] as const));

  it.each(day)(
    '%s/%s with %j is read by version 3 (%s, %d hours)',
    async (version, post, fields, start, hours) => {
      const values = range(hours * 4);
      const type = `${post.charAt(0).toUpperCase()}${post.slice(1)}Request`;
      const message = {
        type,
        connection: 'CS 1',
        values,
        start,
        duration: `PT${hours}H`,
        unit: 'MW',
        ...fields,
      };
      await old('POST', `${version}/${post}`, message);
      expect(await readNew(1, { start, duration: 'P1D' })).toEqual(negated(values));
    },
  );

  it.each(CLOCK_CHANGES)(
    'what version 3 posts is read by all versions (%s, %d hours)',
    async (start, hours) => {
      const values = range(hours * 4);
      const horizon = '-PT5M';
      await postNew(1, { values: negated(values), start, duration: 'P1D', unit: 'MW', horizon });
      for (const version of ['v1', 'v1_1', 'v1_2', 'v1_3', 'v2_0']) {
        const message = { ...seed.GET_METER_DATA, start, duration: `PT${hours}H` };
        const { values: read } = await old('GET', `${version}/getMeterData`, message);
        expect([version, read]).toEqual([version, values]);
      }
      await postNew(2, { values: negated(values), start, duration: 'P1D', unit: 'MW', horizon: 'PT12H' });
      for (const version of ['v1_1', 'v1_2', 'v1_3', 'v2_0']) {
        const window = { start, duration: `PT${hours}H`, unit: 'MW', connection: 'CS 2', horizon: 'PT6H' };
        const { values: read } = await old('GET', `${version}/getPrognosis`, {
          type: 'GetPrognosisRequest',
          ...window,
        });
        expect([version, read]).toEqual([version, values]);
        const late = { type: 'GetPrognosisRequest', ...window, horizon: 'PT13H' };
        expect((await old('GET', `${version}/getPrognosis`, late)).values).toEqual(values.map(() => null));
      }
    },
  );

  it.each(CLOCK_CHANGES)('prices and weather (%s, %d hours)', async (start, hours) => {
    const values = range(hours);
    const prices = {
      type: 'PostPriceDataRequest',
      market: `${HOST}:epex_da`,
      unit: 'EUR/MWh',
      horizon: 'PT12H',
    };
    await old('POST', 'v1_1/postPriceData', { ...prices, values, start, duration: `PT${hours}H` });
    expect(await readNew(11, { start, duration: 'P1D' })).toEqual(values);
    const weather = { type: 'PostWeatherDataRequest', sensor: `${HOST}:wind speed:52:5`, unit: 'm/s' };
    await old('POST', 'v1_3/postWeatherData', { ...weather, values, start, duration: `PT${hours}H` });
    const perQuarter = values.flatMap((value) => [value, value, value, value]);
    expect(await readNew(604, { start, duration: 'P1D' })).toEqual(perQuarter);
    const week = { ...prices, market: `${HOST}:daily_da`, values: range(7), start, duration: 'P7D' };
    await old('POST', 'v1_1/postPriceData', week);
    expect(await readNew(20, { start, duration: 'P7D' })).toEqual(range(7));
  });
});

describe('Signs, units and resolutions', () => {
  const WINDOW = { start: '2015-01-01T00:00:00Z', duration: 'PT1H', unit: 'MW' };
  const post = (connection: string, values: number[]) =>
    old('POST', 'v1/postMeterData', { type: 'PostMeterDataRequest', connection, values, ...WINDOW });
  const read = async (connection: string, more = {}) =>
    (await old('GET', 'v1/getMeterData', { ...seed.GET_METER_DATA, ...WINDOW, connection, ...more })).values;

  it('are those of the sensor: production in kW', async () => {
    await post('Solar', [-0.001, -0.002, 0, -0.003]);
    expect(await readNew(14, { start: WINDOW.start, duration: 'PT1H' })).toEqual([1, 2, 0, 3]);
    expect(await read('Solar')).toEqual([-0.001, -0.002, 0, -0.003]);
  });

  it('are those of the sensor: consumption is positive', async () => {
    await post('Meter', [1, 2, 3, 4]);
    expect(await readNew(15, { start: WINDOW.start, duration: 'PT1H' })).toEqual([1, 2, 3, 4]);
    expect(await read('Meter')).toEqual([1, 2, 3, 4]);
  });

  it('accept longer steps, and average on request', async () => {
    await post('CS 1', [10, 20]);
    expect(await read('CS 1')).toEqual([10, 10, 20, 20]);
    expect(await read('CS 1', { resolution: 'PT30M' })).toEqual([10, 20]);
    expect(await read('CS 1', { resolution: 'PT1H' })).toEqual([15]);
  });

  it('group connections with equal values', async () => {
    await post('CS 1', [1, 2, 3, 4]);
    await post('CS 2', [1, 2, 3, 4]);
    await post('CS 3', [5, 6, 7, 8]);
    const connections = ['CS 1', 'CS 2', 'CS 3'];
    const request = { type: 'GetMeterDataRequest', ...WINDOW, connections };
    const { body } = await scene.send('GET', 'v1/getMeterData', request);
    expect(body).toMatchObject({
      groups: [
        { connections: ['CS 1', 'CS 2'], values: [1, 2, 3, 4] },
        { connection: 'CS 3', values: [5, 6, 7, 8] },
      ],
    });
  });

  it('say that values are known already', async () => {
    await post('CS 1', [1, 2, 3, 4]);
    expect((await post('CS 1', [1, 2, 3, 4])).status).toBe('ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED');
  });

  it('do not replace values', async () => {
    await post('CS 1', [1, 2, 3, 4]);
    const message = { type: 'PostMeterDataRequest', connection: 'CS 1', values: [5, 6, 7, 8], ...WINDOW };
    expect(await scene.send('POST', 'v1/postMeterData', message)).toMatchObject({
      ...{
        status: 403,
        body: { status: 'INVALID_REPLACEMENT', results: 'Rejected', type: 'PostMeterDataResponse' },
      },
    });
  });

  it('can be asked for by the JSON body of a GET request', async () => {
    await post('CS 1', [1, 2, 3, 4]);
    const line = wire(scene.api.url);
    const headers = { Authorization: scene.tokenOf('member'), 'Content-Type': 'application/json' };
    const body = Buffer.from(
      JSON.stringify({ ...seed.GET_METER_DATA, ...WINDOW, connection: ['CS 1', 'CS 2'] }),
    );
    const { status, content } = await line.send({
      method: 'GET',
      path: '/api/v1/getMeterData',
      headers,
      body,
    });
    line.close();
    expect([status, JSON.parse(content)]).toMatchObject([
      200,
      { groups: [{ connection: 'CS 1', values: [1, 2, 3, 4] }, { connection: 'CS 2' }] },
    ]);
  });

  it.each(['text/plain', undefined])('are read from JSON with the media type %s', async (mediaType) => {
    const message = { type: 'PostMeterDataRequest', connection: 'CS 1', values: [1, 2, 3, 4], ...WINDOW };
    const line = wire(scene.api.url);
    const headers = {
      Authorization: scene.tokenOf('member'),
      ...(mediaType && { 'Content-Type': mediaType }),
    };
    const body = Buffer.from(JSON.stringify(message));
    const { status } = await line.send({ method: 'POST', path: '/api/v1/postMeterData', headers, body });
    line.close();
    expect(status).toBe(200);
    expect(await read('CS 1')).toEqual([1, 2, 3, 4]);
  });

  it('are limited to 500 sensors in a message', async () => {
    const connections = range(501).map((id) => `${HOST}:fm1.${id}`);
    const message = { type: 'PostMeterDataRequest', connections, values: [1], ...WINDOW };
    expect(await scene.send('POST', 'v1/postMeterData', message)).toMatchObject({ status: 413 });
  });

  it('save all values or none', async () => {
    const groups = [
      { connection: 'CS 1', values: [1, 2, 3, 4] },
      { connection: 'Meter', values: [-1, -2, -3, -4] },
    ];
    const message = { type: 'PostMeterDataRequest', groups, ...WINDOW };
    expect(await scene.send('POST', 'v1/postMeterData', message)).toMatchObject({ status: 400 });
    expect(await read('CS 1')).toEqual([null, null, null, null]);
  });
});

describe('Recording times', () => {
  const WINDOW = { start: '2015-01-01T00:00:00Z', duration: 'PT30M', unit: 'MW' };
  const post = (version: string, kind: 'MeterData' | 'Prognosis', fields: object) =>
    old('POST', `${version}/post${kind}`, {
      type: `Post${kind}Request`,
      connection: 'CS 1',
      values: [1, 2],
      ...WINDOW,
      ...fields,
    });
  /** Minutes between recording and the end of each event. */
  const horizons = async (): Promise<number[]> => {
    const { rows } = await scene.sql.query<{ minutes: number }>(
      'SELECT (belief_horizon / 60000)::int AS minutes FROM timed_belief WHERE sensor_id = 1 ORDER BY event_start',
    );
    return rows.map(({ minutes }) => minutes);
  };

  it.each([
    ['v1', 'MeterData', {}, [0, 0]],
    ['v1_3', 'MeterData', { horizon: '-PT10M' }, [-25, -10]],
    ['v1_3', 'MeterData', { horizon: 'R/-PT10M' }, [-10, -10]],
    ['v1_3', 'MeterData', { horizon: '-R/PT10M' }, [-10, -10]],
    ['v1_1', 'Prognosis', { horizon: 'PT6H' }, [345, 360]],
    ['v1_1', 'Prognosis', { horizon: 'R/PT6H' }, [360, 360]],
    ['v1_3', 'MeterData', { prior: '2015-01-02T00:00:00Z' }, [0, 0]],
    ['v2_0', 'MeterData', { horizon: '-PT10M' }, [-10, -10]],
    ['v2_0', 'MeterData', { prior: '2015-01-01T01:00:00Z' }, [-45, -30]],
    ['v2_0', 'Prognosis', { horizon: 'PT6H' }, [360, 360]],
    ['v2_0', 'Prognosis', { prior: '2014-12-31T18:00:00Z' }, [375, 390]],
    ['v2_0', 'Prognosis', { prior: '2014-12-31T18:00:00Z', horizon: 'PT6H20M' }, [380, 390]],
  ] as const)('of %s post%s with %j', async (version, kind, fields, expected) => {
    await post(version, kind, fields);
    expect(await horizons()).toEqual(expected);
  });

  it.each([
    ['v1_1', 'Prognosis', {}],
    ['v1', 'MeterData', { horizon: 'PT1H' }],
    ['v2_0', 'MeterData', { horizon: 'R/PT0H' }],
    ['v2_0', 'MeterData', { prior: '2015-01-01T00:10:00Z' }],
  ])('of %s post%s with %j are refused', async (version, kind, fields) => {
    const message = { type: `Post${kind}Request`, connection: 'CS 1', values: [1, 2], ...WINDOW, ...fields };
    expect(await scene.send('POST', `${version}/post${kind}`, message)).toMatchObject({
      ...{ status: 400, body: { status: 'INVALID_HORIZON' } },
    });
  });

  it('without any, of version 2.0, are those of the requests', async () => {
    const before = Date.now();
    await post('v2_0', 'MeterData', {});
    const [first = 0] = await horizons();
    const recordedAt = Date.parse('2015-01-01T00:15:00Z') - first * 60_000;
    expect(Math.abs(recordedAt - before)).toBeLessThan(600_000);
  });

  it('filter what is read, in all versions alike', async () => {
    await post('v2_0', 'MeterData', { prior: '2015-01-01T01:00:00Z' });
    await post('v2_0', 'MeterData', { prior: '2015-01-03T00:00:00Z', values: [7, 8] });
    const query = { start: WINDOW.start, duration: 'PT30M', prior: '2015-01-02T00:00:00Z' };
    expect(await readNew(1, query)).toEqual([-1, -2]);
    for (const version of ['v1', 'v1_3', 'v2_0']) {
      const read = async (more: object) =>
        (await old('GET', `${version}/getMeterData`, { ...seed.GET_METER_DATA, ...WINDOW, ...more })).values;
      expect(await read({ prior: '2015-01-02T00:00:00Z' })).toEqual([1, 2]);
      expect(await read({ horizon: '-PT1H' })).toEqual([1, 2]);
      expect(await read({})).toEqual([7, 8]);
    }
  });
});

describe('Sources', () => {
  const WINDOW = { start: '2015-01-01T00:00:00Z', duration: 'PT15M', unit: 'MW' };
  const read = (source: unknown, person?: LegacyPerson) =>
    scene.send('GET', 'v1_3/getMeterData', { ...seed.GET_METER_DATA, ...WINDOW, source }, person);

  it('are chosen by users and by roles of their accounts; the own one is always included', async () => {
    await scene.sql.query(
      `WITH role AS (INSERT INTO account_role (name, description) VALUES ('MDC', '') RETURNING id)
       INSERT INTO roles_accounts (account_id, role_id) SELECT 2, id FROM role`,
    );
    const post = (person: LegacyPerson, value: number, prior: string) =>
      postNew(1, { values: [-value], ...WINDOW, prior }, person);
    await post('member', 1, '2015-01-01T01:00:00Z');
    await post('colleague', 2, '2015-01-01T02:00:00Z');
    await post('admin', 3, '2015-01-01T03:00:00Z');
    const { ids } = scene;
    expect((await read(ids.colleague)).body).toMatchObject({ values: [2] });
    expect((await read(ids.member)).body).toMatchObject({ values: [1] });
    expect((await read(ids.member, 'colleague')).body).toMatchObject({ values: [2] });
    expect((await read('MDC')).body).toMatchObject({ values: [3] });
    expect((await read([ids.colleague, 'MDC'])).body).toMatchObject({ values: [3] });
    expect(await read('Gardener')).toMatchObject({ status: 400, body: { status: 'INVALID_SOURCE' } });
    expect(await read(99_999)).toMatchObject({ status: 400, body: { status: 'INVALID_SOURCE' } });
  });
});

describe('UDI events', () => {
  it('trigger schedules that version 3 reads as well', async () => {
    await old('POST', 'v1_3/postPriceData', seed.PRICES_FOR_UDI_EVENTS);
    await old('POST', 'v2_0/postUdiEvent', seed.POST_UDI_EVENT);
    const ask = () => scene.send('GET', 'v1_3/getDeviceMessage', seed.GET_DEVICE_MESSAGE);
    const { body } = await eventually(ask, ({ status }) => status === 200);
    const { values } = body as { values: number[] };
    const stored = await readNew(10, { start: '2015-06-02T10:00:00Z', duration: 'PT6H' });
    expect(stored).toEqual(values.map((value) => -value + 0));
    const [job] = (await scene.sql.query<{ id: string }>('SELECT job_id AS id FROM udi_event')).rows;
    const path = `/api/v3_0/sensors/10/schedules/${job!.id}`;
    const schedule = await scene.api.request('GET', path, { token: scene.tokenOf('member') });
    expect(schedule.body).toMatchObject({ values, unit: 'MW', duration: 'PT6H' });
  });

  /** Six hours over each change of the clocks of Amsterdam, and the same six hours for version 3. */
  it.each([
    ['2015-03-28T22:00:00+01:00', '2015-03-29T05:00:00+02:00'],
    ['2015-10-24T22:00:00+02:00', '2015-10-25T03:00:00+01:00'],
  ])('across a change of the clocks (%s until %s)', async (datetime, end) => {
    await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
    const start = new Date(Date.parse(datetime) - 2 * 3_600_000).toISOString();
    await old('POST', 'v2_0/postPriceData', { ...seed.PRICES_FOR_UDI_EVENTS, start });
    const event = `${HOST}:7:10:1:soc-with-targets`;
    const targets = [{ value: 25, datetime: end }];
    await old('POST', 'v2_0/postUdiEvent', { ...seed.POST_UDI_EVENT_WITH_TARGETS, event, datetime, targets });
    const ask = () =>
      scene.send('GET', 'v1_3/getDeviceMessage', {
        type: 'GetDeviceMessageRequest',
        event,
        duration: 'PT6H',
      });
    const { body } = await eventually(ask, ({ status }) => status === 200);
    const { values, start: planned } = body as { values: number[]; start: string };
    expect(values).toHaveLength(24);
    expect(Date.parse(planned)).toBe(Date.parse(datetime));
    expect(Date.parse(end) - Date.parse(datetime)).toBe(6 * 3_600_000);
    const efficiency = Math.sqrt(0.98);
    const storedKwh = values.map((mw) => 250 * (mw > 0 ? mw * efficiency : mw / efficiency));
    expect(storedKwh.reduce((sum, kwh) => sum + kwh, 0)).toBeCloseTo(25 - 12.1, 2);
    expect(await readNew(10, { start: datetime, duration: 'PT6H' })).toEqual(
      values.map((value) => -value + 0),
    );
  });
});

it('the examples of the page about moving to version 3 do the same in both versions', async () => {
  const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'moving-to-v3.md'), 'utf8');
  const [oldData, newData, oldEvent, newTrigger] = [...page.matchAll(/```json\n(.*?)```/gs)].map(
    ([, json]) => JSON.parse(json!) as object,
  );
  await old('POST', 'v1_3/postMeterData', oldData!);
  await postNew(2, newData!);
  const { rows } = await scene.sql.query(
    'SELECT sensor_id, event_value, belief_horizon FROM timed_belief ORDER BY sensor_id',
  );
  const stored = { event_value: -0.011, belief_horizon: '0' };
  expect(rows).toEqual([1, 2].map((id) => ({ sensor_id: id, ...stored })));
  await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
  await old('POST', 'v1_3/postUdiEvent', oldEvent!);
  const token = scene.tokenOf('member');
  const triggered = await scene.api.request('POST', '/api/v3_0/sensors/10/schedules/trigger', {
    token,
    json: newTrigger,
  });
  expect(triggered).toMatchObject({ status: 200 });
  const { schedule } = triggered.body as { schedule: string };
  // The second request gets the job of the first one, unless that has failed meanwhile for want of prices.
  const jobs = await scene.sql.query<{ model: object; start: string }>(
    `SELECT payload->'flexModel'->0 AS model, payload->>'start' AS start
     FROM (SELECT $1::uuid AS id UNION ALL SELECT job_id FROM udi_event WHERE event_id = 204) asked
     JOIN job USING (id)`,
    [schedule],
  );
  expect(jobs.rows).toHaveLength(2);
  expect(jobs.rows[0]).toEqual(jobs.rows[1]);
});

it('messages with an Idempotency-Key are carried out once', async () => {
  const post = async () => {
    const answer = await fetch(`${scene.api.url}/api/v2_0/postMeterData`, {
      method: 'POST',
      headers: {
        Authorization: scene.tokenOf('member'),
        'Content-Type': 'application/json',
        'Idempotency-Key': 'gateway-7',
      },
      body: JSON.stringify(seed.POST_METER_DATA),
    });
    return (await answer.json()) as { status: string };
  };
  const first = await post();
  expect(first).toMatchObject({ type: 'PostMeterDataResponse', status: 'PROCESSED' });
  // Without the key, the second answer would say that the data is known.
  expect(await post()).toEqual(first);
});

it('changes of an asset keep what others change at the same time', async () => {
  const changes = Promise.all(
    range(8).map((i) =>
      scene.send(
        'PATCH',
        'v2_0/asset/17',
        i % 2 ? { capacity_in_mw: i } : { soc_in_mwh: i / 1000 },
        'accountAdmin',
      ),
    ),
  );
  for (const i of range(8))
    await scene.sql.query(
      `UPDATE generic_asset SET attributes = attributes || $1::jsonb
       WHERE id = (SELECT generic_asset_id FROM sensor WHERE id = 17)`,
      [JSON.stringify({ [`other${i}`]: i })],
    );
  for (const { status } of await changes) expect(status).toBe(200);
  const { rows } = await scene.sql.query<{ attributes: object }>(
    'SELECT attributes FROM generic_asset WHERE id = (SELECT generic_asset_id FROM sensor WHERE id = 17)',
  );
  expect(rows[0]!.attributes).toMatchObject(Object.fromEntries(range(8).map((i) => [`other${i}`, i])));
});

describe('In play mode', () => {
  let play: LegacyScene;
  let backups: string;

  beforeAll(async () => {
    backups = mkdtempSync(join(tmpdir(), 'flexmeasures-backups-'));
    play = await startLegacyScene({ FLEXMEASURES_MODE: 'play', FLEXMEASURES_DB_BACKUP_PATH: backups });
  });
  afterAll(async () => {
    await play.stop();
    rmSync(backups, { recursive: true, force: true });
  });

  it('events need no order, and names are those of the sensors', async () => {
    const post = (id: number) =>
      play.send('POST', 'v1_3/postUdiEvent', { ...seed.POST_UDI_EVENT, event: `${HOST}:7:10:${id}:soc` });
    for (const id of [5, 4, 4]) expect(await post(id)).toMatchObject({ status: 200 });
    await play.sql.query(`UPDATE sensor SET attributes = '{"display_name": "Charger 1"}' WHERE id = 1`);
    const { body } = await play.send('GET', 'v1_3/getConnection');
    expect((body as { names: string[] }).names.at(-1)).toBe('CS 1');
  });

  it('unknown weather sensors are created', async () => {
    const sensor = `${HOST}:irradiance:1.5:2.5`;
    const message = {
      ...seed.POST_WEATHER_DATA,
      groups: [{ sensor, values: [1, 2, 3, 4, 5, 6] }],
      unit: 'kW/m2',
    };
    // Members may not create assets.
    expect(await play.send('POST', 'v1_1/postWeatherData', message, 'member')).toMatchObject({
      status: 400,
      body: { status: 'UNRECOGNIZED_SENSOR' },
    });
    expect(await play.send('POST', 'v1_1/postWeatherData', message, 'accountAdmin')).toMatchObject({
      status: 200,
    });
    const { rows } = await play.sql.query(
      `SELECT sensor.name, unit, account_id FROM sensor JOIN generic_asset ON generic_asset.id = generic_asset_id
       WHERE latitude = 1.5 AND longitude = 2.5`,
    );
    expect(rows).toEqual([{ name: 'irradiance', unit: 'kW/m²', account_id: 1 }]);
  });

  it('values without a recording time are recorded after each event, also of version 2.0', async () => {
    expect(await play.send('POST', 'v2_0/postMeterData', seed.POST_METER_DATA)).toMatchObject({
      status: 200,
    });
    const { rows } = await play.sql.query(
      'SELECT DISTINCT belief_horizon FROM timed_belief WHERE sensor_id = 1',
    );
    expect(rows).toEqual([{ belief_horizon: '0' }]);
  });

  describe('restoreData', () => {
    const restore = (json?: object, path = 'v1_1/restoreData') => play.send('PUT', path, json, 'admin');
    const save = (name: string) =>
      flexmeasures(['db-ops', 'save', '--name', name, '--dir', backups], { databaseUri: play.databaseUri });

    /** Servers go on with events, write the audit log from them, and record runs of jobs. */
    const dataSums = async () =>
      Object.entries(await tableSums(play.sql)).filter(
        ([name]) => !/^(event|audit_log|latest_task_runs)/.test(name),
      );

    it('restores a backup while the server runs, all or nothing', async () => {
      expect((await save('first')).code).toBe(0);
      const before = await dataSums();
      await play.send('POST', 'v2_0/postMeterData', {
        ...seed.POST_METER_DATA,
        start: '2016-01-01T00:00:00Z',
      });
      await play.sql.query("INSERT INTO account (name) VALUES ('Simulated')");
      expect(await restore({ backup: 'first' })).toMatchObject({
        status: 200,
        body: { message: 'Request has been processed. Database restored to first.', status: 'PROCESSED' },
      });
      expect(await dataSums()).toEqual(before);
      // The server goes on, with the users of the backup.
      expect((await play.send('GET', 'v2_0/getConnection')).status).toBe(200);
      const second = await fetch(`${play.api.url}/api/restoreData?backup=first`, {
        method: 'PUT',
        headers: { Authorization: play.tokenOf('admin') },
      });
      expect(second.status).toBe(200);
    });

    it('answers NO_BACKUP and UNRECOGNIZED_BACKUP', async () => {
      expect(await restore({})).toMatchObject({ status: 400, body: { status: 'NO_BACKUP' } });
      for (const backup of ['none', '../first', '', 7, 'first/../first'])
        expect(await restore({ backup })).toMatchObject({
          status: 400,
          body: { status: 'UNRECOGNIZED_BACKUP' },
        });
      await save('damaged');
      writeFileSync(join(backups, 'damaged', 'timed_belief.csv.gz'), 'no gzip');
      const before = await dataSums();
      expect(await restore({ backup: 'damaged' })).toMatchObject({
        status: 400,
        body: {
          status: 'UNRECOGNIZED_BACKUP',
          message: expect.stringMatching(/not as it was saved/) as string,
        },
      });
      expect(await dataSums()).toEqual(before);
    });
  });
});
