import { startApi, type ApiServer } from '../harness/api';
import { flexmeasures } from '../harness/cli';
import { createTestDatabase, type TestDatabase } from '../harness/database';
import { holdForecasts } from '../harness/hold-forecasts';

jest.setTimeout(60_000);

const UNAUTHENTICATED = {
  message: 'You could not be properly authenticated for this content or functionality.',
  status: 'UNAUTHORIZED',
};
const UNAUTHORIZED = {
  message: 'You cannot be authorized for this content or functionality.',
  result: 'Rejected',
  status: 'INVALID_SENDER',
};
const PROCESSED = { message: 'Request has been processed.', status: 'PROCESSED' };

const unprocessable = (place: string, reasons: object) => ({
  status: 422,
  body: { message: { [place]: reasons }, result: 'Rejected', status: 'UNPROCESSABLE_ENTITY' },
});

describe('the HTTP server', () => {
  let database: TestDatabase;
  let api: ApiServer;
  const tokens: Record<string, string> = {};

  const addUser = (name: string, accountId: number, roles: string) =>
    flexmeasures(
      [
        'add',
        'user',
        '--username',
        name,
        '--email',
        `${name}@example.com`,
        '--account-id',
        String(accountId),
        '--roles',
        roles,
      ],
      { databaseUri: database.uri, input: 'secret-word\n' },
    );

  beforeAll(async () => {
    database = await createTestDatabase();
    await holdForecasts(database.uri);
    await flexmeasures(['add', 'toy-account'], { databaseUri: database.uri });
    await flexmeasures(['add', 'account', '--name', 'Other'], { databaseUri: database.uri });
    await addUser('member', 1, '');
    await addUser('other', 2, 'account-admin');
    await addUser('admin', 2, 'admin');
    await addUser('reader', 2, 'admin-reader');
    api = await startApi(database.uri);
    for (const name of ['member', 'other', 'admin', 'reader']) {
      tokens[name] = await api.logIn(`${name}@example.com`, 'secret-word');
    }
    tokens['toy'] = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const get = (path: string, who = 'toy') => api.request('GET', `/api/v3_0${path}`, { token: tokens[who] });
  const send = (method: string, path: string, json: unknown, who = 'toy') =>
    api.request(method, `/api/v3_0${path}`, { token: tokens[who], json });

  it('tells that it is ready, and which versions it serves', async () => {
    const ready = await api.request('GET', '/api/v3_0/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { database_sql: true, status: 200 } });
    expect(ready.headers.get('content-type')).toContain('application/json');
    expect((await api.request('GET', '/api/')).body).toMatchObject({ versions: ['v3_0'], status: 200 });
  });

  it('greets a person in a browser', async () => {
    const { headers, body } = await api.request('GET', '/');
    expect(headers.get('content-type')).toContain('text/html');
    expect(body).toContain('<h1>FlexMeasures</h1>');
  });

  describe('authentication', () => {
    const logIn = (json: unknown) => api.request('POST', '/api/requestAuthToken', { json });

    it('gives a token, and does not tell whether a user exists', async () => {
      expect(await logIn({ email: 'toy-user@flexmeasures.io', password: 'toy-password' })).toMatchObject({
        status: 200,
        body: { auth_token: expect.any(String) as string, user_id: 1, status: 200 },
      });
      for (const email of ['toy-user@flexmeasures.io', 'nobody@example.com']) {
        expect(await logIn({ email, password: 'wrong' })).toMatchObject({
          status: 401,
          body: UNAUTHENTICATED,
        });
      }
      expect(await logIn({ password: 'x' })).toMatchObject({ status: 400 });
      expect(await api.request('POST', '/api/requestAuthToken', { text: '{bad' })).toMatchObject({
        status: 400,
      });
    });

    it('takes the token bare, after Bearer, and from the query', async () => {
      const token = tokens['toy']!;
      expect((await get('/sensors')).status).toBe(200);
      expect((await api.request('GET', '/api/v3_0/sensors', { token: `Bearer ${token}` })).status).toBe(200);
      expect((await api.request('GET', `/api/v3_0/sensors?auth_token=${token}`)).status).toBe(200);
    });

    it('refuses requests without a good token', async () => {
      for (const token of [undefined, 'garbage', `${tokens['toy']!}x`]) {
        expect(await api.request('GET', '/api/v3_0/assets', { token })).toMatchObject({
          status: 401,
          body: UNAUTHENTICATED,
        });
        expect(await api.request('GET', '/api/v3_0/assets/public', { token })).toMatchObject({ status: 401 });
      }
    });
  });

  it.each([
    [
      'GET',
      '/assets?account_id=1',
      undefined,
      { toy: 200, member: 200, reader: 200, admin: 200, other: 403 },
    ],
    ['GET', '/assets/3', undefined, { toy: 200, member: 200, reader: 200, admin: 200, other: 403 }],
    ['GET', '/assets/public', undefined, { toy: 200, member: 200, reader: 200, admin: 200, other: 200 }],
    [
      'GET',
      '/sensors?account_id=1',
      undefined,
      { toy: 200, member: 200, reader: 200, admin: 200, other: 403 },
    ],
    ['GET', '/users?account_id=1', undefined, { toy: 200, member: 200, reader: 200, admin: 200, other: 403 }],
    ['GET', '/users/1', undefined, { toy: 200, member: 200, reader: 200, admin: 200, other: 403 }],
    [
      'PATCH',
      '/assets/3',
      { latitude: 52.374 },
      { toy: 200, member: 200, reader: 403, admin: 200, other: 403 },
    ],
    [
      'PATCH',
      '/assets/4',
      { latitude: 52, longitude: 5 },
      { toy: 403, member: 403, reader: 403, admin: 200, other: 403 },
    ],
    ['DELETE', '/assets/9999', undefined, { toy: 404, member: 404, reader: 404, admin: 404, other: 404 }],
    [
      'GET',
      '/sensors/data?sensor=2&start=2026-01-01T00:00:00Z&duration=PT1H&unit=MW',
      undefined,
      { toy: 200, member: 200, reader: 200, admin: 200, other: 403 },
    ],
    [
      'POST',
      '/sensors/data',
      { sensor: 2, values: [1], start: '2026-02-01T00:00:00Z', duration: 'PT15M', unit: 'MW' },
      { toy: 200, member: 200, reader: 403, admin: 200, other: 403 },
    ],
  ])('%s %s answers each role as its rights are', async (method, path, json, expected) => {
    const statuses: Record<string, number> = {};
    for (const who of Object.keys(expected)) {
      const { status, body } = await send(method, path, json, who);
      statuses[who] = status;
      if (status === 403) expect(body).toEqual(UNAUTHORIZED);
    }
    expect(statuses).toEqual(expected);
    expect((await api.request(method, `/api/v3_0${path}`, { json })).status).toBe(401);
  });

  describe('assets', () => {
    const asset = {
      name: 'new-solar',
      latitude: 40.5,
      longitude: 5.25,
      generic_asset_type_id: 1,
      account_id: 1,
    };

    it('are created, read, changed and deleted', async () => {
      const created = await send('POST', '/assets', { ...asset, attributes: '{"capacity_in_mw": 3}' });
      expect(created).toMatchObject({ status: 201, body: { ...asset, attributes: '{"capacity_in_mw":3}' } });
      const { id } = created.body as { id: number };
      expect(await send('PATCH', `/assets/${id}`, { name: 'renamed' })).toMatchObject({
        status: 200,
        body: { ...asset, id, name: 'renamed', status: 200 },
      });
      expect(await send('PATCH', `/assets/${id}`, { id: 77 })).toMatchObject(
        unprocessable('json', { id: ['Unknown field.'] }),
      );
      expect((await send('DELETE', `/assets/${id}`, undefined, 'member')).status).toBe(403);
      expect((await send('DELETE', `/assets/${id}`, undefined)).status).toBe(204);
      expect((await get(`/assets/${id}`)).status).toBe(404);
    });

    it.each([
      [{ name: undefined }, { name: ['Missing data for required field.'] }],
      [
        { latitude: 91.1, longitude: 180.5 },
        {
          latitude: ['Latitude 91.1 exceeds the maximum latitude of 90 degrees.'],
          longitude: ['Longitude 180.5 exceeds the maximum longitude of 180 degrees.'],
        },
      ],
      [{ latitude: 'abc' }, { latitude: ['Not a valid number.'] }],
      [
        { generic_asset_type_id: 999 },
        { generic_asset_type_id: ["GenericAssetType with id 999 doesn't exist."] },
      ],
      [{ account_id: 999 }, { account_id: ["Account with id 999 doesn't exist."] }],
      [{ foo: 1 }, { foo: ['Unknown field.'] }],
      [{ attributes: '{bad' }, { attributes: ['Not a valid JSON string.'] }],
      [{ name: 'toy-solar' }, { name: ['An asset with the name toy-solar already exists in this account.'] }],
    ])('are refused with %j', async (change, reasons) => {
      expect(await send('POST', '/assets', { ...asset, name: 'x', ...change })).toMatchObject(
        unprocessable('json', reasons),
      );
    });
  });

  describe('sensor data', () => {
    const ADDRESS = 'ea1.2021-01.io.flexmeasures:fm1.2';
    const START = '2026-11-20T00:00:00+01:00';
    const post = (change: object) =>
      send('POST', '/sensors/data', {
        sensor: ADDRESS,
        start: START,
        duration: 'PT1H',
        unit: 'MW',
        values: [1, 2, 3, 4],
        ...change,
      });
    const read = (query: Record<string, string>) =>
      get(
        `/sensors/data?${new URLSearchParams({ sensor: ADDRESS, start: START, duration: 'PT1H', unit: 'MW', ...query }).toString()}`,
      );

    it('comes back as it was posted, in any unit', async () => {
      expect(await post({ horizon: 'PT0H' })).toMatchObject({ status: 200, body: PROCESSED });
      expect(await read({ unit: 'kW' })).toMatchObject({
        status: 200,
        body: {
          ...PROCESSED,
          values: [1000, 2000, 3000, 4000],
          start: START,
          duration: 'PT1H',
          resolution: 'PT15M',
          unit: 'kW',
        },
      });
      expect((await read({ resolution: 'PT30M', unit: 'MW' })).body).toMatchObject({
        values: [1.5, 3.5],
        resolution: 'PT30M',
      });
      expect((await read({ unit: 'kWh' })).body).toMatchObject({ values: [250, 500, 750, 1000] });
    });

    it('is given as energy by days that last as long as the clock says', async () => {
      const week = { start: '2026-03-28T00:00:00+01:00', duration: 'P3D' };
      await post({ ...week, values: Array.from({ length: 71 }, () => 1), horizon: 'PT0H' });
      const { body } = await read({ ...week, resolution: 'P1D', unit: 'MWh' });
      expect(body).toMatchObject({ values: [24, 23, 24], duration: 'PT71H', resolution: 'PT24H' });
    });

    it('is told to be known already, or to replace what is known', async () => {
      expect(await post({ horizon: 'PT0H' })).toMatchObject({
        status: 200,
        body: {
          message: 'Some of the data has already been received and successfully processed.',
          results: 'PROCESSED',
          status: 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED',
        },
      });
      expect(await post({ horizon: 'PT0H', values: [100, 2, 3, 4] })).toMatchObject({
        status: 403,
        body: {
          message:
            'Some of the data represents a replacement, which is reserved for servers in play mode. ' +
            'Enable play mode or update the prior in your request.',
          results: 'Rejected',
          status: 'INVALID_REPLACEMENT',
        },
      });
    });

    it('takes coarser values, energy, nulls and a single number', async () => {
      const hour = (number: number) => ({ start: `2026-11-21T0${number}:00:00+01:00` });
      await post({ ...hour(1), values: [100, 200], unit: 'kWh' });
      expect((await read(hour(1))).body).toMatchObject({ values: [0.2, 0.2, 0.4, 0.4] });
      await post({ ...hour(2), values: [1, null, null, '4'] });
      expect((await read(hour(2))).body).toMatchObject({ values: [1, null, null, 4] });
      await post({ ...hour(3), values: 3.7 });
      expect((await read(hour(3))).body).toMatchObject({ values: [3.7, 3.7, 3.7, 3.7] });
    });

    it.each([
      [{ start: '2021-06-07T00:00:00' }, { start: ['Not a valid aware datetime.'] }],
      [{ start: 'yesterday' }, { start: ['Not a valid datetime.'] }],
      [{ start: undefined }, { start: ['Missing data for required field.'] }],
      [{ unit: undefined }, { unit: ['Missing data for required field.'] }],
      [{ unit: 'blorp' }, { _schema: ['Required unit for this sensor is MW, got incompatible unit: blorp'] }],
      [{ sensor: 'ea1.2021-01.io.flexmeasures:fm1.999' }, { sensor: ["Sensor with id 999 doesn't exist."] }],
      [{ values: [] }, { values: ['There are no values.'] }],
      [{ values: [1, 'x', 3, 4] }, { 'values.1': ['Not a valid number.'] }],
      [{ type: 'GetSensorDataRequest' }, { type: [expect.stringContaining('Must be one of') as string] }],
    ])('is refused with %j', async (change, reasons) => {
      expect(await post(change)).toMatchObject(unprocessable('json', reasons));
    });

    it('is refused in another resolution than the sensor can hold', async () => {
      const reason =
        "Resolution of 0:10:00 is incompatible with the sensor's required resolution of 0:15:00.";
      expect(await post({ values: [1, 1, 1, 1, 1, 1] })).toMatchObject(
        unprocessable('json', { _schema: [reason] }),
      );
    });

    it.each([
      [{ unit: 'm³/h' }, { _schema: [expect.stringContaining('incompatible unit: m³/h') as string] }],
      [{ source: '999' }, { source: ['No data source found with id 999.'] }],
      [{ duration: 'P1000Y' }, { duration: [expect.stringContaining('events') as string] }],
      [{ resolution: 'PT10M' }, { resolution: [expect.stringContaining('15 minutes') as string] }],
      [{ type: 'GetPriceDataRequest' }, { _schema: [expect.stringContaining('price') as string] }],
    ])('is not read with %j', async (change, reasons) => {
      expect(await read(change)).toMatchObject(unprocessable('query', reasons));
    });

    it('is read as meter data or as a prognosis, with the offset of the question', async () => {
      const times = { start: '2026-11-22T01:00:00+01:00', duration: 'PT15M' };
      await post({ ...times, value: 1, values: undefined, horizon: 'PT6H', type: 'PostSensorDataRequest' });
      await post({ ...times, value: 2, values: undefined, horizon: '-PT5M' });
      const readAs = async (type: string) =>
        (await read({ start: '2026-11-22T00:00:00Z', duration: 'PT15M', type })).body;
      expect(await readAs('GetMeterDataRequest')).toMatchObject({
        values: [2],
        start: '2026-11-22T00:00:00+00:00',
      });
      expect(await readAs('GetPrognosisRequest')).toMatchObject({ values: [1] });
    });
  });

  describe('schedules', () => {
    const START = '2026-03-04T07:00:00+01:00';
    const PRICES = [
      10, 11, 12, 15, 18, 17, 10.5, 9, 9.5, 9, 8.5, 10, 8, 5, 4, 4, 5.5, 8, 12, 13, 14, 12.5, 10, 7,
    ];
    const FLEX = {
      'flex-model': { 'soc-at-start': 225, 'soc-unit': 'kWh', 'roundtrip-efficiency': '90%' },
      'flex-context': { 'consumption-price-sensor': 3 },
    };
    const trigger = (change: object, who = 'toy') =>
      send(
        'POST',
        '/sensors/2/schedules/trigger',
        { start: START, duration: 'PT12H', ...FLEX, ...change },
        who,
      );
    const idOf = ({ body }: { body: unknown }) => (body as { schedule: string }).schedule;

    /** Asks until the job is done. */
    const done = async (id: string, query = '') => {
      for (let tries = 0; tries < 100; tries++) {
        const answer = await get(`/sensors/2/schedules/${id}${query}`);
        const { message } = answer.body as { message: string };
        if (!/waiting|in progress/.test(message)) return answer;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('The job is not done.');
    };

    beforeAll(async () => {
      const posted = {
        sensor: 3,
        values: PRICES,
        start: '2026-03-04T00:00:00Z',
        duration: 'P1D',
        unit: 'EUR/MWh',
      };
      expect(await send('POST', '/sensors/data', posted, 'admin')).toMatchObject({ status: 200 });
    });

    it('are triggered, computed and read, consumption positive', async () => {
      const triggered = await trigger({});
      expect(triggered).toMatchObject({ status: 200, body: PROCESSED });
      expect(triggered.headers.get('deprecation')).toBeNull();
      const id = idOf(triggered);
      const { status, body } = await done(id, '?duration=PT12H');
      expect(status).toBe(200);
      expect(body).toMatchObject({ ...PROCESSED, start: START, duration: 'PT12H', unit: 'MW' });
      const { values } = body as { values: number[] };
      const cost = values.reduce(
        (sum, power, step) => sum + (power / 4) * PRICES[6 + Math.floor(step / 4)]!,
        0,
      );
      expect(cost).toBeCloseTo(-3.3032625, 5);
      expect(values.some((value) => Object.is(value, -0))).toBe(false);
      expect((await done(id)).body).toMatchObject({ duration: 'PT6H', values: values.slice(0, 24) });
      expect((await done(id, '?duration=PT1000H')).body).toMatchObject({ duration: 'PT12H', values });
      expect(await get(`/jobs/${id}`)).toMatchObject({
        status: 200,
        body: { state: 'finished', failure_reason: null },
      });
      expect((await get(`/jobs/${id}`, 'other')).status).toBe(403);
    });

    it('stay what they were when a newer one overlaps, and belong to their sensor', async () => {
      const first = idOf(await trigger({}));
      const before = (await done(first)).body;
      await done(idOf(await trigger({ 'flex-model': { 'soc-at-start': 0.05, 'soc-unit': 'MWh' } })));
      expect((await done(first)).body).toEqual(before);
      expect(await get(`/sensors/3/schedules/${first}`)).toMatchObject({
        status: 400,
        body: { status: 'UNRECOGNIZED_UDI_EVENT' },
      });
    });

    it('tell why they failed', async () => {
      const { status, body } = await done(idOf(await trigger({ start: '2027-01-01T00:00:00Z' })));
      expect(status).toBe(400);
      expect(body).toMatchObject({ result: 'Rejected', status: 'UNKNOWN_SCHEDULE' });
      expect((body as { message: string }).message).toContain(
        'Scheduling job failed with UnknownPricesException: Prices unknown for planning window. (sensor 3)',
      );
    });

    it('take the deprecated flat fields, and say so', async () => {
      const flat = {
        start: START,
        duration: 'PT12H',
        'soc-at-start': 225,
        'soc-unit': 'kWh',
        'consumption-price-sensor': 3,
      };
      const answer = await send('POST', '/sensors/2/schedules/trigger', flat);
      expect(answer.headers.get('deprecation')).toBe('Tue, 13 Dec 2022 23:59:59 GMT');
      expect(answer.headers.get('sunset')).toBe('Tue, 31 Jan 2023 23:59:59 GMT');
      expect(answer.headers.get('link')).toContain('rel="sunset"');
      expect((answer.body as { message: string }).message).toContain(
        'soc-at-start (please pass as part of flex_model)',
      );
      expect((await done(idOf(answer))).status).toBe(200);
    });

    it('extend to the last target (the golden fact fm-api-target)', async () => {
      const flexModel = {
        'soc-at-start': 12.1,
        'soc-min': 0,
        'soc-max': 40,
        'soc-unit': 'kWh',
        'roundtrip-efficiency': '98%',
        'soc-targets': [{ value: 25, datetime: '2026-03-06T06:00:00+01:00' }],
      };
      const { body } = await done(
        idOf(await trigger({ duration: 'PT24H', 'flex-model': flexModel })),
        '?duration=PT1000H',
      );
      const { values } = body as { values: number[] };
      expect(values).toHaveLength(188);
      const efficiency = Math.sqrt(0.98);
      const soc = values.reduce(
        (stock, power) => stock + (power > 0 ? power * efficiency : power / efficiency) / 4,
        0.0121,
      );
      expect(soc).toBeCloseTo(0.025, 5);
    });

    it.each([
      [{ start: undefined }, { start: ['Missing data for required field.'] }],
      [{ 'flex-model': { 'soc-at-start': 'abc' } }, { 'soc-at-start': ['Not a valid number.'] }],
      [
        { 'flex-model': { 'roundtrip-efficiency': 0 } },
        { 'roundtrip-efficiency': ['Must be greater than 0 and less than or equal to 1.'] },
      ],
      [{ 'flex-model': { foo: 1 } }, { foo: ['Unknown field.'] }],
      [
        { 'flex-model': { 'soc-targets': [{ value: 1 }] } },
        { 'soc-targets.0.datetime': ['Missing data for required field.'] },
      ],
      [
        { duration: '12 hours' },
        {
          duration: ["Cannot parse 12 hours as ISO8601 duration: Unable to parse duration string '12 hours'"],
        },
      ],
      [{ duration: 'P30D' }, { duration: [expect.stringContaining('169 hours') as string] }],
      [{ prior: '2026-03-04' }, { prior: ['Not a valid aware datetime.'] }],
      [{ 'flex-model': { 'soc-min': -1 } }, { 'soc-min': ['Must be greater than or equal to 0.'] }],
      [
        { 'flex-model': { 'soc-target': { value: 1, datetime: START }, 'soc-targets': [] } },
        { 'soc-target': ['Send either soc-target or soc-targets, not both.'] },
      ],
      [{ 'flex-context': { bar: 1 } }, { bar: ['Unknown field.'] }],
      [
        { 'flex-context': { 'consumption-price-sensor': 999 } },
        { 'consumption-price-sensor': ['No sensor found with id 999.'] },
      ],
      [
        { 'flex-context': { 'consumption-price-sensor': 2 } },
        { 'consumption-price-sensor': ['Sensor 2 is in MW, which is not a price of energy.'] },
      ],
      [
        { 'flex-context': { 'inflexible-device-sensors': [2, 3] } },
        { 'inflexible-device-sensors.1': ['Sensor 3 is in EUR/MWh, which is not a power.'] },
      ],
      [{ 'flex-model': { 'soc-targets': ['x'] } }, { 'soc-targets.0': ['Not a valid mapping.'] }],
      [
        { 'flex-context': { 'inflexible-device-sensors': [3, '3'] } },
        {
          'inflexible-device-sensors.1': [
            "A valid type 1 USEF entity address starts with 'ea1', please review 3",
          ],
        },
      ],
    ])('are refused with %j', async (change, reasons) => {
      expect(await trigger(change)).toMatchObject(unprocessable('json', reasons));
    });

    it('take sensors by address, and single values under a name in singular', async () => {
      const soon = '2026-03-04T09:00:00+01:00';
      const answer = await trigger({
        start: '2026-03-04T07:05:00+01:00',
        'flex-model': {
          'soc-at-start': '50%',
          'soc-unit': 'MWh',
          'soc-target': { value: '400 kWh', datetime: soon },
        },
        'flex-context': {
          'consumption-price-sensor': 'ea1.2021-01.com.example:fm1.3',
          'inflexible-device-sensor': 'ea1.2021-01.com.example:fm1.2',
        },
      });
      expect(answer).toMatchObject({
        status: 200,
        body: { message: expect.stringContaining('start was moved to 2026-03-04T07:00:00+01:00') as string },
      });
      const { values } = (await done(idOf(answer))).body as { values: number[] };
      expect(values.slice(0, 8).reduce((sum, power) => sum + power / 4, 0.225)).toBeCloseTo(0.4, 5);
    });

    it('are refused where they cannot be read, or are not there', async () => {
      const path = '/sensors/2/schedules';
      const broken = await api.request('POST', `/api/v3_0${path}/trigger`, {
        token: tokens['toy'],
        text: '{',
      });
      expect(broken).toMatchObject({ status: 400, body: { status: 'INVALID_DATA', result: 'Rejected' } });
      expect(await send('PUT', `${path}/trigger`, {})).toMatchObject({
        status: 405,
        body: { status: 'INVALID_METHOD' },
      });
      expect(await get(`${path}/abc?duration=x`)).toMatchObject(
        unprocessable('args_and_json', {
          duration: ["Cannot parse x as ISO8601 duration: Unable to parse duration string 'x'"],
        }),
      );
      expect(await send('POST', '/sensors/3/schedules/trigger', { start: START }, 'admin')).toMatchObject({
        status: 422,
        body: { message: { json: expect.stringMatching(/not \(yet\) supported for asset type/) as string } },
      });
    });

    it('are for those who may read what they are made from', async () => {
      const other = await send(
        'POST',
        '/assets',
        { name: 'theirs', generic_asset_type_id: 1, account_id: 2 },
        'other',
      );
      const { id: assetId } = other.body as { id: number };
      await flexmeasures(
        [
          'add',
          'sensor',
          '--name',
          'secret',
          '--unit',
          'MW',
          '--event-resolution',
          '15',
          '--timezone',
          'UTC',
        ].concat(['--asset-id', String(assetId)]),
        { databaseUri: database.uri },
      );
      const sensors = (await get('/sensors', 'other')).body as { entity_address: string }[];
      const refused = await trigger({
        'flex-context': {
          'consumption-price-sensor': 3,
          'inflexible-device-sensors': [sensors[0]!.entity_address],
        },
      });
      expect(refused).toMatchObject({ status: 403, body: UNAUTHORIZED });
    });

    it('are for those who may post data to the sensor', async () => {
      const statuses = await Promise.all(
        ['member', 'other', 'reader', 'admin'].map(async (who) => (await trigger({}, who)).status),
      );
      expect(statuses).toEqual([200, 403, 403, 200]);
      expect(await send('POST', '/sensors/9999/schedules/trigger', { start: START })).toMatchObject(
        unprocessable('path', { id: ['No sensor found with id 9999.'] }),
      );
    });
  });

  it('answers what is not there, or not JSON, in its own form', async () => {
    expect(await get('/nothing')).toMatchObject({
      status: 404,
      body: { result: 'Rejected', status: 'NOT_FOUND' },
    });
    const broken = await api.request('POST', '/api/v3_0/sensors/data', {
      token: tokens['toy'],
      text: '{"sensor": ',
    });
    expect(broken).toMatchObject({ status: 400, body: { result: 'Rejected', status: 'INVALID_REQUEST' } });
    expect(JSON.stringify(broken.body)).not.toContain(' at ');
  });
});
