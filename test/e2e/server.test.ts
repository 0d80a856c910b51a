import { startApi, type ApiServer } from '../harness/api';
import { flexmeasures } from '../harness/cli';
import { createTestDatabase, type TestDatabase } from '../harness/database';

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
      '/sensors/data?sensor=2&start=2026-01-01T00:00:00Z&duration=PT1H',
      undefined,
      { toy: 200, member: 200, reader: 200, admin: 200, other: 403 },
    ],
    [
      'POST',
      '/sensors/data',
      { sensor: '2', values: [1], start: '2026-02-01T00:00:00Z', duration: 'PT15M', unit: 'MW' },
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
        `/sensors/data?${new URLSearchParams({ sensor: ADDRESS, start: START, duration: 'PT1H', ...query }).toString()}`,
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
        body: { status: 'INVALID_REPLACEMENT' },
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
      const { status, body } = await post({ values: [1, 1, 1, 1, 1, 1] });
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toContain("incompatible with the sensor's required resolution");
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
