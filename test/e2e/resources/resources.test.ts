import { itemsOf } from '../../harness/contract/answers';
import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils, write } from '@e965/xlsx';
import { startApi, type ApiServer } from '../../harness/servers/api';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { xlsxOf } from '../../harness/attacks/spreadsheets';
import { command, TOY_ACCOUNT, TOY_USER, withClient } from '../../harness/databases/templates';
import { addUser, emailOf, PASSWORD } from '../../harness/databases/users';

const unprocessable = (place: string, reasons: object) => ({
  status: 422,
  body: { message: { [place]: reasons }, result: 'Rejected', status: 'UNPROCESSABLE_ENTITY' },
});

describe('Resources of the API', () => {
  let database: TestDatabase;
  let api: ApiServer;
  const tokens: Record<string, string> = {};
  const temporary = mkdtempSync(join(tmpdir(), 'flexmeasures-test-'));

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    await command(database.uri, 'add', 'account-role', '--name', 'Prosumer');
    await command(database.uri, 'add', 'account', '--name', 'Other', '--roles', 'Prosumer');
    await withClient(database.uri, async (sql) => {
      await addUser(sql, { username: 'member', accountId: 1 });
      await addUser(sql, { username: 'other', accountId: 2, roles: ['account-admin'] });
      await addUser(sql, { username: 'admin', accountId: 2, roles: ['admin'] });
      await addUser(sql, { username: 'reader', accountId: 2, roles: ['admin-reader'] });
    });
    api = await startApi(database.uri, {
      FLEXMEASURES_HOSTS_AND_AUTH_START: '{"localhost": "2021-03"}',
      FLEXMEASURES_MAX_UPLOAD_BYTES: '150000',
      TMPDIR: temporary,
    });
    for (const name of ['member', 'other', 'admin', 'reader']) {
      tokens[name] = await api.logIn(emailOf(name), PASSWORD);
    }
    tokens['toy'] = await api.logIn(TOY_USER.email, TOY_USER.password);
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(temporary, { recursive: true });
  });

  const get = (path: string, who = 'toy') => api.request('GET', `/api/v3_0${path}`, { token: tokens[who] });
  const send = (method: string, path: string, json: unknown, who = 'toy') =>
    api.request(method, `/api/v3_0${path}`, { token: tokens[who], json });
  const names = (body: unknown) => itemsOf(body as { name: string }[]).map(({ name }) => name);
  const idOf = ({ status, body }: { status: number; body: unknown }): number => {
    expect(status).toBe(201);
    return (body as { id: number }).id;
  };

  /** The items of a list or of a page. */
  const itemsIn = (body: unknown): unknown => (Array.isArray(body) ? body : (body as { data: unknown }).data);

  const battery = { name: 'second-battery', generic_asset_type_id: 5, account_id: 1 };

  describe('accounts', () => {
    const rest = {
      ...{ attributes: {}, consultancy_account_id: null, plan_id: null },
      ...{ logo_url: null, primary_color: null, secondary_color: null, two_factor: 'optional' },
    };
    const toy = { account_roles: [], id: 1, name: 'Toy Account', ...rest };
    const other = { account_roles: [1], id: 2, name: 'Other', ...rest };

    it('are returned to users who may read them', async () => {
      expect((await get('/accounts')).body).toEqual([toy]);
      expect((await get('/accounts', 'other')).body).toEqual([other]);
      expect((await get('/accounts', 'reader')).body).toEqual([toy, other]);
      expect((await get('/accounts/2', 'admin')).body).toEqual({ ...other, status: 200 });
    });

    it('must be referred to by an integer id', async () => {
      expect(await get('/accounts/99', 'admin')).toMatchObject({
        status: 404,
        body: { status: 'NOT_FOUND' },
      });
      expect((await get('/accounts/99999999999', 'admin')).status).toBe(404);
      expect(await get('/accounts/x')).toMatchObject(unprocessable('path', { id: ['Not a valid integer.'] }));
    });
  });

  describe('lists', () => {
    it('are complete, ordered by id and without paging headers by default', async () => {
      const { headers, body } = await get('/assets');
      expect(names(body)).toEqual(['toy-solar', 'toy-building', 'toy-battery']);
      expect([headers.get('X-Total-Count'), headers.get('Link')]).toEqual([null, null]);
    });

    it.each(['/assets', '/assets/types', '/accounts'])('are paginated: %s', async (path) => {
      const all = names((await get(path, 'admin')).body);
      const seen: string[] = [];
      for (let page = 1; page <= all.length; page++) {
        const { headers, body } = await get(`${path}?per_page=1&page=${page}`, 'admin');
        seen.push(...names(itemsIn(body)));
        expect(headers.get('X-Total-Count')).toBe(String(all.length));
        expect(/[?&]page=(\d+)[^>]*>; rel="next"/.exec(headers.get('Link') ?? '')?.[1]).toBe(
          page < all.length ? String(page + 1) : undefined,
        );
      }
      expect(seen).toEqual(all);
      expect(itemsIn((await get(`${path}?page=2147483647&per_page=1000`, 'admin')).body)).toEqual([]);
    });

    it('have links to the neighbouring pages', async () => {
      const { headers } = await get('/assets?filter=toy&page=2&per_page=1');
      const address = `${api.url}/api/v3_0/assets?filter=toy`;
      expect(headers.get('Link')).toBe(
        `<${address}&page=1&per_page=1>; rel="prev", <${address}&page=3&per_page=1>; rel="next"`,
      );
    });

    it('link to the address of the server, whatever host the request names', async () => {
      const { hostname, port } = new URL(api.url);
      const headers = {
        Host: 'evil.example',
        'X-Forwarded-Host': 'evil.example',
        Authorization: tokens['toy'],
      };
      const path = '/api/v3_0/assets?page=1&per_page=1';
      const [response] = (await once(httpGet({ hostname, port, path, headers }), 'response')) as [
        IncomingMessage,
      ];
      response.resume();
      expect(response.headers.link).toBe(`<${api.url}/api/v3_0/assets?page=2&per_page=1>; rel="next"`);
    });

    it('are filtered by name, case-insensitively', async () => {
      expect(names((await get('/assets?filter=TOY-b')).body)).toEqual(['toy-building', 'toy-battery']);
      expect(names((await get('/assets/types?filter=way_')).body)).toEqual(['one-way_evse', 'two-way_evse']);
      for (const wildcard of ['%25', '_oy', '%5C']) {
        expect((await get(`/assets?filter=${wildcard}`)).body).toEqual([]);
      }
      expect(names((await get('/accounts?filter=oth', 'admin')).body)).toEqual(['Other']);
      expect((await get('/accounts?filter=oth')).body).toEqual([]);
    });

    it.each([
      ['page=0', { page: ['Must be greater than or equal to 1.'] }],
      ['page=x', { page: ['Not a valid integer.'] }],
      ['per_page=1001', { per_page: ['Must be less than or equal to 1000.'] }],
      ['page=1&page=2', { page: ['Not a valid integer.'] }],
      [`filter=${'x'.repeat(256)}`, { filter: ['Longer than maximum length 255.'] }],
      ['filter=a%00', { filter: ['Null characters are not allowed.'] }],
    ])('reject the query %s', async (query, reasons) => {
      for (const path of ['/assets', '/assets/public', '/assets/types', '/sensors', '/accounts']) {
        expect(await get(`${path}?${query}`)).toMatchObject(unprocessable('query', reasons));
      }
    });

    it('reject invalid account ids', async () => {
      for (const path of ['/assets', '/sensors']) {
        expect(await get(`${path}?account_id=x`)).toMatchObject(
          unprocessable('query', { account_id: ['Not a valid integer.'] }),
        );
        expect((await get(`${path}?account_id=99`)).status).toBe(404);
        expect((await get(`${path}?account_id=99999999999`)).status).toBe(404);
      }
    });
  });

  describe('assets', () => {
    it('are created, updated by field, and deleted with their sensors', async () => {
      const location = { latitude: 52.1234568, longitude: 4.9 };
      const created = await send('POST', '/assets', {
        ...battery,
        ...location,
        attributes: '{"a": [1, "é"]}',
      });
      const id = idOf(created);
      expect(created.body).toEqual({
        ...battery,
        id,
        latitude: 52.1234568,
        longitude: 4.9,
        attributes: '{"a":[1,"é"]}',
        child_assets: [],
        description: null,
        external_id: null,
        flex_context: '{}',
        flex_model: '{}',
        generic_asset_type: { id: 5, name: 'battery' },
        owner: { id: 1, name: 'Toy Account' },
        parent_asset_id: null,
        sensors: [],
        sensors_to_show: '[]',
        sensors_to_show_as_kpis: '[]',
      });
      const changed = { ...(created.body as object), name: 'renamed', status: 200 };
      expect((await send('PATCH', `/assets/${id}`, { name: 'renamed' })).body).toEqual(changed);
      expect((await send('PATCH', `/assets/${id}`, {})).body).toEqual(changed);
      expect((await get(`/assets/${id}`)).body).toEqual(changed);
      const sensorId = idOf(
        await send('POST', '/sensors', { name: 'x', unit: 'kW', event_resolution: 60, generic_asset_id: id }),
      );
      expect((await send('DELETE', `/assets/${id}`, undefined)).status).toBe(204);
      expect((await get(`/assets/${id}`)).status).toBe(404);
      expect((await get(`/sensors/${sensorId}`)).status).toBe(422);
      expect((await send('DELETE', `/assets/${id}`, undefined)).status).toBe(404);
    });

    it('are public without an account', async () => {
      const { body } = await send('POST', '/assets', { name: 'zone', generic_asset_type_id: 8 }, 'admin');
      expect(body).toMatchObject({ account_id: null, latitude: null, attributes: '{}' });
      expect(names((await get('/assets/public', 'member')).body)).toContain('zone');
    });

    it('have a unique name in their account', async () => {
      const taken = unprocessable('json', {
        name: ['An asset with the name toy-battery already exists in this account.'],
      });
      expect(await send('POST', '/assets', { ...battery, name: 'toy-battery' })).toMatchObject(taken);
      expect(await send('PATCH', '/assets/2', { name: 'toy-battery' })).toMatchObject(taken);
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => send('POST', '/assets', { ...battery, name: 'contended' })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422]);
      const elsewhere = await send(
        'POST',
        '/assets',
        { ...battery, name: 'toy-solar', account_id: 2 },
        'other',
      );
      expect(elsewhere.status).toBe(201);
    });

    const NOT_JSON = { attributes: ['Not a valid JSON string.'] };
    it.each([
      [{ name: undefined }, { name: ['Missing data for required field.'] }],
      [{ name: null }, { name: ['Field may not be null.'] }],
      [{ name: 'x'.repeat(81) }, { name: ['Longer than maximum length 80.'] }],
      [
        { generic_asset_type_id: 999 },
        { generic_asset_type_id: ["GenericAssetType with id 999 doesn't exist."] },
      ],
      [{ generic_asset_type_id: 1e20 }, { generic_asset_type_id: ['Number too large.'] }],
      [
        { latitude: 91, longitude: 1 },
        { latitude: ['Latitude 91 exceeds the maximum latitude of 90 degrees.'] },
      ],
      [{ latitude: '1e999', longitude: 1 }, { latitude: ['Not a valid number.'] }],
      [{ attributes: '{bad' }, NOT_JSON],
      [{ attributes: '[1]' }, NOT_JSON],
      [{ attributes: '{"a": "\\u0000"}' }, NOT_JSON],
      [{ attributes: '{"\\ud800": 1}' }, NOT_JSON],
      [{ attributes: `{"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}` }, NOT_JSON],
      [{ foo: 1 }, { foo: ['Unknown field.'] }],
    ])('reject %j', async (change, reasons) => {
      expect(await send('POST', '/assets', { ...battery, ...change })).toMatchObject(
        unprocessable('json', reasons),
      );
    });

    it('cannot be created for unknown accounts, and keep their account', async () => {
      expect(await send('POST', '/assets', { ...battery, account_id: 99 }, 'admin')).toMatchObject(
        unprocessable('json', { account_id: ["Account with id 99 doesn't exist."] }),
      );
      for (const field of ['id', 'account_id']) {
        expect(await send('PATCH', '/assets/3', { [field]: 1 })).toMatchObject(
          unprocessable('json', { [field]: ['Unknown field.'] }),
        );
      }
    });

    it.each(['[]', '[{}]', '"text"', '7', 'null', '{', ''])('reject the body %s', async (text) => {
      for (const [method, path] of [
        ['POST', '/assets'],
        ['PATCH', '/assets/3'],
        ['POST', '/sensors'],
      ]) {
        const { status } = await api.request(method!, `/api/v3_0${path}`, { token: tokens['toy'], text });
        if (method === 'POST') expect([400, 422]).toContain(status);
        else expect([200, 400, 422]).toContain(status);
      }
    });
  });

  describe('sensors', () => {
    const soc = { name: 'state of charge', unit: 'MWh', event_resolution: 'PT0M', generic_asset_id: 3 };
    const details = {
      attributes: '{}',
      event_resolution: 'PT0H',
      generic_asset_id: 3,
      knowledge_horizon_fnc: 'ex_post',
      knowledge_horizon_par: { ex_post_horizon: 'PT0H' },
      name: 'state of charge',
      timezone: 'UTC',
      unit: 'MWh',
    };

    it('are created, updated and deleted with their beliefs', async () => {
      const { body, status } = await send('POST', '/sensors', soc);
      const id = (body as { id: number }).id;
      const address = `ea1.2021-03.localhost:fm1.${id}`;
      expect([status, body]).toEqual([201, { ...details, id, entity_address: address }]);
      const data = {
        sensor: address,
        values: [1],
        start: '2026-01-01T00:00Z',
        duration: 'PT1H',
        unit: 'MWh',
      };
      expect((await send('POST', '/sensors/data', data)).status).toBe(200);
      const patch = { timezone: 'Europe/Amsterdam', attributes: '{"a": 1}' };
      const changed = {
        ...details,
        ...patch,
        attributes: '{"a":1}',
        id,
        entity_address: address,
        status: 200,
      };
      expect((await send('PATCH', `/sensors/${id}`, patch)).body).toEqual(changed);
      expect((await get(`/sensors/${id}`)).body).toEqual(changed);
      const deleted = await send('DELETE', `/sensors/${id}`, undefined);
      expect([deleted.status, deleted.headers.get('content-type')]).toEqual([204, 'application/json']);
      const notFound = unprocessable('path', { id: [`No sensor found with id ${id}.`] });
      expect(await get(`/sensors/${id}`)).toMatchObject(notFound);
      expect(await send('DELETE', `/sensors/${id}`, undefined)).toMatchObject(notFound);
    });

    it('have an entity address with the host of the request', async () => {
      const { body } = await get('/sensors');
      expect(body).toContainEqual(
        expect.objectContaining({ id: 2, entity_address: 'ea1.2021-03.localhost:fm1.2' }),
      );
    });

    it.each([
      [15, 'PT15M'],
      ['15', 'PT15M'],
      [0.5, 'PT30S'],
      ['PT15M', 'PT15M'],
      ['PT1H', 'PT1H'],
      ['P1D', 'PT24H'],
    ])('accept the event resolution %j', async (resolution, duration) => {
      const sensor = {
        ...soc,
        name: `resolution ${JSON.stringify(resolution)}`,
        event_resolution: resolution,
      };
      expect((await send('POST', '/sensors', sensor)).body).toMatchObject({ event_resolution: duration });
    });

    it.each([
      ['ex_ante', { ex_ante_horizon: 'PT1H' }, { ex_ante_horizon: 'PT1H' }],
      [
        'at_date',
        { knowledge_time: '2026-01-01T01:00+01:00' },
        { knowledge_time: '2026-01-01T00:00:00+00:00' },
      ],
      ['x_days_ago_at_y_oclock', { x: 1, y: 12, z: 'Europe/Paris' }, { x: 1, y: 12, z: 'Europe/Paris' }],
      ['ex_post', {}, { ex_post_horizon: 'PT0H' }],
      ['ex_post', { ex_post_horizon: '-PT5M' }, { ex_post_horizon: '-PT5M' }],
      ['ex_ante', { ex_ante_horizon: '-PT1H' }, { ex_ante_horizon: '-PT1H' }],
      ['x_days_ago_at_y_oclock', { x: -1, y: 0.5, z: 'UTC' }, { x: -1, y: 0.5, z: 'UTC' }],
    ])('accept the knowledge horizon %s with %j', async (fnc, par, stored) => {
      const rule = { knowledge_horizon_fnc: fnc, knowledge_horizon_par: par };
      const { body } = await send('POST', '/sensors', {
        ...soc,
        ...rule,
        name: `known ${fnc} ${JSON.stringify(par)}`,
      });
      expect(body).toMatchObject({ knowledge_horizon_fnc: fnc, knowledge_horizon_par: stored });
    });

    it.each([
      [{ name: undefined }, { name: ['Missing data for required field.'] }],
      [{ name: '' }, { name: ['The name of a sensor must have 1 to 120 characters.'] }],
      [{ name: 'discharging' }, { name: ["Asset 3 has a sensor named 'discharging' already."] }],
      [{ unit: 'bananas' }, { unit: ['Not a valid unit.'] }],
      [{ unit: 3 }, { unit: ['Not a valid string.'] }],
      [{ timezone: 'Europe/Atlantis' }, { timezone: ['Not a valid IANA timezone name.'] }],
      [{ generic_asset_id: 999 }, { generic_asset_id: ["GenericAsset with id 999 doesn't exist."] }],
      [{ event_resolution: -1 }, { event_resolution: ['Must be greater than or equal to 0.'] }],
      [{ event_resolution: null }, { event_resolution: ['Field may not be null.'] }],
      [{ attributes: '7' }, { attributes: ['Not a valid JSON string.'] }],
      [{ knowledge_horizon_par: 'x' }, { knowledge_horizon_par: ['Not a valid mapping.'] }],
      [{ knowledge_horizon_par: { w: 1 } }, { 'knowledge_horizon_par.w': ['Unknown field.'] }],
      [{ id: 7 }, { id: ['Unknown field.'] }],
    ])('reject %j', async (change, reasons) => {
      expect(await send('POST', '/sensors', { ...soc, name: 'new', ...change })).toMatchObject(
        unprocessable('json', reasons),
      );
    });

    it.each([
      [{ event_resolution: 'P1M' }, 'event_resolution'],
      [{ event_resolution: '15 minutes' }, 'event_resolution'],
      [{ event_resolution: '-PT15M' }, 'event_resolution'],
      [{ event_resolution: 1e9 }, 'event_resolution'],
      [{ event_resolution: 1 / 7 }, 'event_resolution'],
      [{ knowledge_horizon_fnc: 'soon' }, 'knowledge_horizon_fnc'],
      [{ knowledge_horizon_fnc: 'ex_ante' }, 'knowledge_horizon_par.ex_ante_horizon'],
      [
        { knowledge_horizon_fnc: 'ex_ante', knowledge_horizon_par: { ex_ante_horizon: 'P1M' } },
        'knowledge_horizon_par.ex_ante_horizon',
      ],
      [
        {
          knowledge_horizon_fnc: 'x_days_ago_at_y_oclock',
          knowledge_horizon_par: { x: 99_999_999, y: 1, z: 'UTC' },
        },
        'knowledge_horizon_par.x',
      ],
    ])('reject %j with an error for the field %s', async (change, field) => {
      expect(await send('POST', '/sensors', { ...soc, name: 'new', ...change })).toMatchObject(
        unprocessable('json', { [field]: [expect.any(String)] }),
      );
    });

    it('cannot change asset, id and knowledge horizon', async () => {
      for (const field of ['generic_asset_id', 'id', 'knowledge_horizon_fnc']) {
        expect(await send('PATCH', '/sensors/2', { [field]: 1 })).toMatchObject(
          unprocessable('json', { [field]: ['Unknown field.'] }),
        );
      }
      expect(await send('PATCH', '/sensors/2', { name: 'known ex_post {}' })).toMatchObject(
        unprocessable('json', { name: ["Asset 3 has a sensor named 'known ex_post {}' already."] }),
      );
    });

    it.each(['0', '99', '2147483648', '999999999999999'])(
      'answer an error for the unknown id %s',
      async (id) => {
        const unknown = unprocessable('path', { id: [`No sensor found with id ${id}.`] });
        expect(await get(`/sensors/${id}`)).toMatchObject(unknown);
      },
    );

    it.each(['x', '-1', '1.5', '1e3', '%00'])('answer an error for the invalid id %s', async (id) => {
      const invalid = unprocessable('path', { id: ['Not a valid integer.'] });
      expect(await get(`/sensors/${id}`)).toMatchObject(invalid);
      expect(await get(`/assets/${id}`)).toMatchObject(invalid);
    });

    it('are listed by asset and unit, and those of a public asset if it is named', async () => {
      const id = idOf(await send('POST', '/assets', { ...battery, name: 'listed' }));
      for (const unit of ['MW', 'kW']) {
        idOf(await send('POST', '/sensors', { ...soc, generic_asset_id: id, unit, name: unit }));
      }
      expect(names((await get(`/sensors?asset_id=${id}`)).body)).toEqual(['MW', 'kW']);
      expect(names((await get(`/sensors?asset_id=${id}&unit=kW`)).body)).toEqual(['kW']);
      expect(names((await get(`/sensors?asset_id=${id}&filter=mw`)).body)).toEqual(['MW']);
      expect((await get(`/sensors?asset_id=${id}`, 'other')).status).toBe(403);
      expect(names((await get('/sensors?asset_id=4', 'other')).body)).toEqual(['Day ahead prices']);
      expect(names((await get('/sensors')).body)).not.toContain('Day ahead prices');
      expect(await get('/sensors?asset_id=x')).toMatchObject(
        unprocessable('query', { asset_id: ['Not a valid integer.'] }),
      );
    });
  });

  describe('data of a sensor', () => {
    const start = '2026-03-01T00:00:00+01:00';
    const data = { values: [1, null, -2.5], start, duration: 'PT45M', unit: 'MW', prior: start };

    it('is posted and read under the path of the sensor', async () => {
      expect(await send('POST', '/sensors/2/data', data)).toMatchObject({
        status: 200,
        body: { status: 'PROCESSED' },
      });
      expect(await send('POST', '/sensors/2/data', data)).toMatchObject({
        status: 200,
        body: { status: 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED' },
      });
      expect(await send('POST', '/sensors/2/data', { ...data, values: [9, 9, 9] })).toMatchObject({
        status: 403,
        body: { status: 'INVALID_REPLACEMENT' },
      });
      const query = `start=${encodeURIComponent(start)}&duration=PT45M`;
      const { body } = await get(`/sensors/2/data?${query}`);
      expect(body).toMatchObject({ values: [1, null, -2.5], start, resolution: 'PT15M', unit: 'MW' });
      expect((await get(`/sensors/2/data?${query}&unit=kW`)).body).toMatchObject({
        values: [1000, null, -2500],
      });
      expect(await get('/sensors/2/data')).toMatchObject(
        unprocessable('query', {
          start: ['Missing data for required field.'],
          duration: ['Missing data for required field.'],
        }),
      );
      expect(await send('POST', '/sensors/2/data', { ...data, sensor: 2 })).toMatchObject(
        unprocessable('json', { sensor: ['Unknown field.'] }),
      );
    });

    it('has statistics by source', async () => {
      await send('POST', '/sensors/2/data', { ...data, values: [3, 3, 3] }, 'member');
      const { body } = await get('/sensors/2/stats');
      expect(body).toMatchObject({
        sensor: 2,
        unit: 'MW',
        status: 200,
        sources: ['toy-user', 'member'].map((name, index) => ({
          source: { id: expect.any(Number) as number, name, type: 'user', model: null, version: null },
          count: [2, 3][index],
          first_event_start: start,
          last_event_end: '2026-03-01T00:45:00+01:00',
          last_belief_time: start,
          min: [-2.5, 3][index],
          max: [1, 3][index],
          mean: [-0.75, 3][index],
          sum: [-1.5, 9][index],
        })),
      });
    });

    it('has statistics for a time window', async () => {
      const window =
        'event_starts_after=2026-03-01T00:15:00%2B01:00&event_ends_before=2026-03-01T00:30:00%2B01:00';
      expect((await get(`/sensors/2/stats?${window}`)).body).toMatchObject({
        sources: [{ source: { name: 'member' }, count: 1 }],
      });
      expect((await get('/sensors/2/stats?event_starts_after=2027-01-01T00:00Z')).body).toMatchObject({
        sources: [],
      });
      expect(await get('/sensors/2/stats?event_starts_after=2026-03-01T00:00')).toMatchObject(
        unprocessable('query', { event_starts_after: ['Not a valid aware datetime.'] }),
      );
      expect(await get('/sensors/99/stats')).toMatchObject(
        unprocessable('path', { id: ['No sensor found with id 99.'] }),
      );
    });
  });

  describe('uploaded files', () => {
    const CSV = 'Time,Power\n2026-04-01T00:00:00Z,1\n2026-04-01T00:15:00Z,2\n';
    const window = 'start=2026-04-01T00:00Z&duration=PT1H';

    const form = (
      file: string | Uint8Array<ArrayBuffer> | undefined,
      fields: Record<string, string> = {},
      name = 'data.csv',
    ): FormData => {
      const data = new FormData();
      for (const [field, value] of Object.entries(fields)) data.append(field, value);
      if (file !== undefined) data.append('file', new Blob([file]), name);
      return data;
    };
    const post = async (body: FormData | Blob, sensorId: number, who = 'toy') => {
      const headers = { Authorization: tokens[who]! };
      const url = `${api.url}/api/v3_0/sensors/${sensorId}/data`;
      const response = await api.fetch(new Request(url, { method: 'POST', headers, body }));
      return { status: response.status, body: (await response.json()) as object };
    };
    const valuesOf = async (sensorId: number) =>
      ((await get(`/sensors/${sensorId}/data?${window}`)).body as { values: (number | null)[] }).values;
    const refusal = (reasons: object) => unprocessable('form', reasons);

    let sensorId: number;
    beforeEach(async () => {
      const sensor = {
        name: `sensor ${Math.random()}`,
        unit: 'MW',
        event_resolution: 15,
        generic_asset_id: 3,
      };
      sensorId = idOf(await send('POST', '/sensors', sensor));
    });

    afterEach(() => {
      const folders = readdirSync(temporary).filter((name) => name.startsWith('flexmeasures-uploads-'));
      expect(folders).toHaveLength(1);
      expect(readdirSync(join(temporary, folders[0]!))).toEqual([]);
    });

    it('are stored once', async () => {
      expect(await post(form(CSV, { prior: '2026-03-31T12:00Z' }), sensorId)).toEqual({
        status: 200,
        body: { message: 'Request has been processed.', status: 'PROCESSED' },
      });
      expect(await post(form(CSV, { prior: '2026-03-31T12:00Z' }), sensorId)).toMatchObject({
        status: 200,
        body: { status: 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED', results: 'PROCESSED' },
      });
      expect(await valuesOf(sensorId)).toEqual([1, 2, null, null]);
      expect(
        await post(form(CSV.replace(',2', ',3'), { prior: '2026-03-31T12:00Z' }), sensorId),
      ).toMatchObject({
        status: 403,
        body: { status: 'INVALID_REPLACEMENT' },
      });
      expect((await get(`/sensors/${sensorId}/stats`)).body).toMatchObject({
        sources: [{ count: 2, last_belief_time: '2026-03-31T12:00:00+00:00' }],
      });
    });

    it('are read with the options of the form', async () => {
      const text = 'Ort;Wert;Zeit;Bekannt\nx;1.000,5;2026-04-01 02:00;2026-03-31 01:00\n';
      const fields = {
        ...{ unit: 'kW', timezone: 'Europe/Amsterdam', datecol: 'Zeit', valuecol: '1', beliefcol: 'Bekannt' },
        ...{ skiprows: '1', delimiter: ';', decimal: ',', thousands: '.' },
      };
      expect(await post(form(text, fields), sensorId)).toMatchObject({ status: 200 });
      expect(await valuesOf(sensorId)).toEqual([1.0005, null, null, null]);
      expect((await get(`/sensors/${sensorId}/stats`)).body).toMatchObject({
        sources: [{ last_belief_time: '2026-03-30T23:00:00+00:00' }],
      });
    });

    it('are read as people export them, with repeated fields', async () => {
      const text = [
        'Meter 7',
        'Date;From;Register;kW',
        '01-04-2026;02:15;in;1,5',
        '01-04-2026;02:15;out;9',
        '01-04-2026;02:30;in;none',
        '01-04-2026;02:45;in;broken',
        '01-04-2026;03:00;in;4',
        'End of report',
      ].join('\n');
      const data = form(text, {
        ...{ timezone: 'Europe/Amsterdam', datecol: 'Date', valuecol: 'kW', delimiter: ';', decimal: ',' },
        ...{ day_first: 'true', stamps: 'end', filter_column: 'Register', filter_value: 'in', unit: 'kW' },
      });
      data.append('datecol', 'From');
      data.append('na_values', 'none');
      expect(await post(data, sensorId)).toMatchObject({ status: 422 });
      data.append('skip_bad_rows', 'yes');
      const { status, body } = await post(data, sensorId);
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { message: expect.stringMatching(/Bad rows skipped: [12]\.$/) as string },
      });
      expect(await valuesOf(sensorId)).toEqual([0.0015, null, null, 0.004]);
      data.append('filter_value', 'out');
      expect(await post(data, sensorId)).toMatchObject({
        status: 422,
        body: { message: expect.anything() as unknown },
      });
    });

    it.each(['xlsx', 'biff8', 'ods'] as const)('can be spreadsheets of type %s', async (bookType) => {
      const book = utils.book_new();
      for (const value of [1, 2]) {
        utils.book_append_sheet(
          book,
          utils.aoa_to_sheet([
            ['Time', 'Power'],
            ['2026-04-01T00:00:00Z', value],
          ]),
        );
      }
      const bytes = new Uint8Array(write(book, { type: 'buffer', bookType }) as Buffer);
      const name = `data.${bookType === 'biff8' ? 'xls' : bookType}`;
      expect(await post(form(bytes, { sheet_number: '1' }, name), sensorId)).toMatchObject({ status: 200 });
      expect(await valuesOf(sensorId)).toEqual([2, null, null, null]);
      expect(await post(form(bytes, { sheet_number: '2' }, name), sensorId)).toMatchObject(
        refusal({ file: ['There is no sheet 2 (the first one is 0).'] }),
      );
    });

    it('report skipped rows', async () => {
      const { body } = await post(form(`${CSV}2026-04-01T00:30:00Z,\n`), sensorId);
      expect(body).toMatchObject({ message: 'Request has been processed. 1 row without a value left out.' });
    });

    it.each([
      ['eleven', "Line 4, column Power: 'eleven' is not a number."],
      ['"1', expect.any(String) as string],
    ])('are stored completely or not at all: %s', async (value, reason) => {
      const text = `${CSV}2026-04-01T00:30:00Z,${value}\n`;
      expect(await post(form(text), sensorId)).toMatchObject(refusal({ file: [reason] }));
      expect(await valuesOf(sensorId)).toEqual([null, null, null, null]);
    });

    it.each<[string, FormData, object]>([
      ['no file', form(undefined), { file: ['Missing data for required field.'] }],
      [
        'a text in its place',
        form(undefined, { file: 'x' }),
        { file: ['Not a file. Send the content as a file of the form.'] },
      ],
      ['an unknown field', form(CSV, { sensor: '2' }), { sensor: ['Unknown field.'] }],
      [
        'a unit of something else',
        form(CSV, { unit: 'EUR' }),
        { unit: ["Unit 'EUR' does not convert into MW."] },
      ],
      ['no unit', form(CSV, { unit: 'bananas' }), { unit: [expect.any(String)] }],
      [
        'a zone that is none',
        form(CSV, { timezone: 'x' }),
        { timezone: ['Not a valid IANA timezone name.'] },
      ],
      [
        'a moment without zone',
        form(CSV, { prior: '2026-01-01T00:00' }),
        { prior: ['Not a valid aware datetime.'] },
      ],
      ['a horizon in months', form(CSV, { horizon: 'P1M' }), { horizon: [expect.any(String)] }],
      ['a number of rows that is none', form(CSV, { skiprows: 'x' }), { skiprows: ['Not a valid integer.'] }],
      [
        'a column that is not there',
        form(CSV, { valuecol: 'Price' }),
        { file: [expect.stringMatching(/Price/)] },
      ],
      [
        'a long delimiter',
        form(CSV, { delimiter: '--' }),
        { file: [expect.stringMatching(/^The delimiter/)] },
      ],
      [
        'a broken spreadsheet',
        form('PK\x03\x04', {}, 'a.xlsx'),
        { file: [expect.stringMatching(/cannot be read/)] },
      ],
      [
        'text in UTF-16',
        form(new Uint8Array([255, 254, 65, 0])),
        { file: [expect.stringMatching(/UTF-16/)] },
      ],
    ])('are rejected with %s', async (_what, body, reasons) => {
      expect(await post(body, sensorId)).toMatchObject(refusal(reasons));
    });

    it('are rejected if there are several, or in another field', async () => {
      const two = form(CSV);
      two.append('file', new Blob([CSV]), 'b.csv');
      expect(await post(two, sensorId)).toMatchObject(refusal({ file: ['Send only one file.'] }));
      const other = new FormData();
      other.append('data', new Blob([CSV]), 'b.csv');
      expect(await post(other, sensorId)).toMatchObject(refusal({ data: ['Unknown field.'] }));
    });

    it('are rejected if they are too large, also after decompression', async () => {
      expect(await post(form(CSV.repeat(3000)), sensorId)).toMatchObject({
        status: 413,
        body: { status: 'REQUEST_TOO_LARGE' },
      });
      const bomb = xlsxOf('', { 'xl/worksheets/sheet1.xml': '\0'.repeat(64_000_000) });
      expect(await post(form(new Uint8Array(bomb), {}, 'bomb.xlsx'), sensorId)).toMatchObject(
        refusal({ file: ['The spreadsheet is too large; send it as CSV.'] }),
      );
    });

    it('are rejected in invalid forms, and without authentication', async () => {
      const broken = new Blob(['--x\r\nnonsense'], { type: 'multipart/form-data; boundary=x' });
      expect((await post(broken, sensorId)).status).toBe(400);
      expect((await post(new Blob(['x'], { type: 'multipart/form-data' }), sensorId)).status).toBe(400);
      expect((await post(new Blob([CSV], { type: 'text/csv' }), sensorId)).status).toBe(415);
      expect((await post(form(CSV), sensorId, 'other')).status).toBe(403);
      expect((await post(form(CSV), sensorId, 'member')).status).toBe(200);
    });
  });

  describe('jobs', () => {
    const trigger = {
      start: '2026-03-04T07:00:00+01:00',
      duration: 'PT1H',
      'flex-model': { 'soc-at-start': 225, 'soc-unit': 'kWh' },
      'flex-context': { 'consumption-price-sensor': 3 },
    };

    const ended = async (sensorId: number): Promise<unknown> => {
      const { body } = await send('POST', `/sensors/${sensorId}/schedules/trigger`, trigger);
      for (;;) {
        const job = await get(`/jobs/${(body as { schedule: string }).schedule}`);
        if (!/queued|started/.test((job.body as { state: string }).state)) return job.body;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    it('return their failure reason or result', async () => {
      const moment = expect.stringMatching(/^20\d\d-.*Z$/) as string;
      const times = { created_at: moment, started_at: moment, ended_at: moment };
      expect(await ended(2)).toMatchObject({
        ...times,
        queue: 'scheduling',
        state: 'failed',
        result: null,
        failure_reason: expect.stringMatching(/rices/) as string,
        status: 'FAILED',
      });
      const prices = { values: [1, 2], start: trigger.start, duration: 'PT2H', unit: 'EUR/MWh' };
      await send('POST', '/sensors/3/data', { ...prices, prior: '2026-03-01T00:00Z' }, 'admin');
      expect(await ended(2)).toMatchObject({
        ...times,
        state: 'finished',
        failure_reason: null,
        result: {
          sensor: 2,
          start: '2026-03-04T06:00:00.000Z',
          steps: 4,
          resolution: 'PT15M',
          belief_time: moment,
          source: expect.any(Number) as number,
          currency: 'EUR',
          fallback_reason: null,
          conflicts: [],
          kpis: { peak_production_in_mw: 0.5, self_consumption: null, storages: [{ sensor: 2 }] },
        },
      });
    });

    it('are not found after their sensor is deleted', async () => {
      const id = idOf(
        await send('POST', '/assets', {
          ...battery,
          name: 'short-lived',
          attributes: '{"capacity_in_mw": 1, "max_soc_in_mwh": 1}',
        }),
      );
      const power = { name: 'power', unit: 'MW', event_resolution: 15, generic_asset_id: id };
      const sensorId = idOf(await send('POST', '/sensors', power));
      const { id: uuid } = (await ended(sensorId)) as { id: string };
      expect((await send('DELETE', `/assets/${id}`, undefined)).status).toBe(204);
      expect((await get(`/jobs/${uuid}`)).status).toBe(404);
    });

    it.each(['364bfd06-c1fa-430b-8d25-8f5a547651fb', 'x', '%00', '1'])(
      'answers 404 for the unknown job id %s',
      async (uuid) => {
        expect(await get(`/jobs/${uuid}`)).toMatchObject({ status: 404, body: { status: 'NOT_FOUND' } });
      },
    );
  });
});
