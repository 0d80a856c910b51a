import type { Schemas } from '../../../openapi/client';
import { itemsOf } from '../../harness/contract/answers';
import { operations } from '../../harness/contract/contract';
import { validRequests } from '../../harness/contract/valid-requests';
import { waitForEvents } from '../../harness/databases/wait-for-events';
import { isThorough } from '../../harness/effort';
import { eventually } from '../../harness/eventually';
import {
  DAY,
  Fresh,
  HALF_A_DAY,
  startScene,
  uniqueNumber,
  waitForSchedule,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';
import { startApiHere } from '../../harness/servers/api';
import { flexmeasures } from '../../harness/servers/cli';

type Scope = Schemas['DeviceTokenPost']['scopes'][number];
const ALL: Scope[] = ['read', 'post-data', 'trigger'];

/** Lists, which hide what a token may not read, and operations on public data. */
const WITHOUT_ASSET = ['listAssets', 'listSensors', 'listPublicAssets', 'listAssetTypes'];

describe('Device tokens', () => {
  let scene: Scene;
  let fresh: Fresh;

  beforeAll(async () => {
    scene = await startScene();
    fresh = new Fresh(scene.sql);
  });

  afterAll(() => scene.stop());

  const idOf = async (person: string): Promise<number> => {
    const { rows } = await scene.sql.query<{ id: number }>('SELECT id FROM fm_user WHERE username = $1', [
      person,
    ]);
    return rows[0]!.id;
  };
  const create = async (body: Partial<Schemas['DeviceTokenPost']> = {}, person: Person = 'member') => {
    const id = await idOf(person);
    const { data, error, response } = await scene.as(person).POST('/api/v3_0/users/{id}/tokens', {
      params: { path: { id } },
      body: { name: `gateway ${uniqueNumber()}`, scopes: ALL, ...body },
    });
    return { userId: id, data, error, status: response.status };
  };
  const tokenFor = async (body: Partial<Schemas['DeviceTokenPost']> = {}, person: Person = 'member') =>
    (await create(body, person)).data!.token;
  const deviceWith = async (body: Partial<Schemas['DeviceTokenPost']> = {}, person: Person = 'member') =>
    scene.api.client(await tokenFor(body, person));
  const eventsNamed = async (name: string, tokenId: number) => {
    const { rows } = await scene.sql.query<{ actor: unknown; payload: unknown }>(
      "SELECT actor, payload FROM event WHERE name = $1 AND payload->>'id' = $2",
      [name, String(tokenId)],
    );
    return rows;
  };

  it('are accepted with and without "Bearer", but not in the query', async () => {
    const token = await tokenFor();
    const statusWith = async (path: string, headers: Record<string, string>) =>
      (await scene.api.fetch(new Request(`${scene.api.url}/api/v3_0${path}`, { headers }))).status;
    expect(await statusWith('/sensors/2', { Authorization: token })).toBe(200);
    expect(await statusWith('/sensors/2', { Authorization: `Bearer ${token}` })).toBe(200);
    expect(await statusWith(`/sensors/2?auth_token=${token}`, {})).toBe(401);
    expect(await statusWith('/sensors/2', { Authorization: `${token}x` })).toBe(401);
  });

  it('are stored without their secret, which no later answer contains', async () => {
    const { data, userId } = await create();
    const listed = await scene
      .as('member')
      .GET('/api/v3_0/users/{id}/tokens', { params: { path: { id: userId } } });
    expect(JSON.stringify(listed.data)).not.toContain(data!.token);
    const { rows } = await scene.sql.query<{ text: string }>(
      'SELECT device_token::text AS text FROM device_token',
    );
    const stored = Buffer.from(data!.token).toString('hex');
    for (const { text } of rows) {
      expect(text).not.toContain(data!.token);
      expect(text).not.toContain(stored);
    }
  });

  // All scopes allow what each one allows.
  it.each([[[]], [['read']], [['post-data']], [['trigger']], ...(isThorough ? [[ALL]] : [])] as Scope[][][])(
    'with the scopes %j can be used for the operations with these scopes only',
    async (scopes) => {
      // A token needs a scope; without any, it is one that the database got otherwise.
      const { data } = await create({ scopes: scopes.length > 0 ? scopes : ['read'] });
      if (scopes.length === 0)
        await scene.sql.query("UPDATE device_token SET scopes = '{}' WHERE id = $1", [data!.id]);
      const client = scene.api.client(data!.token);
      const byScope: Record<string, boolean> = {};
      const expected: Record<string, boolean> = {};
      for (const { operationId, deviceScope, isPublic } of operations) {
        if (isPublic) continue;
        const { response, error } = await validRequests[operationId]!(client, { ...scene, fresh });
        byScope[operationId] = response.status < 300;
        if (response.status >= 300) {
          expect([operationId, response.status]).toEqual([operationId, 403]);
          expect((error as { message: string }).message).toMatch(
            /^The device token 'gateway \d+' does not allow this/,
          );
        }
        expected[operationId] = scopes.includes(deviceScope as Scope);
      }
      expect(byScope).toEqual(expected);
    },
  );

  it('limited to an asset can be used for no other asset or sensor', async () => {
    const asset = await fresh.asset();
    const client = await deviceWith({ assets: [asset] }, 'accountAdmin');
    for (const { operationId, deviceScope } of operations) {
      if (deviceScope === undefined || WITHOUT_ASSET.includes(operationId)) continue;
      const { response } = await validRequests[operationId]!(client, { ...scene, fresh });
      expect([operationId, response.status]).toEqual([operationId, 403]);
    }
  });

  it('limited to an asset list only what they may read, with child assets', async () => {
    const sensor = await fresh.sensor();
    const { rows } = await scene.sql.query<{ asset: number }>(
      'SELECT generic_asset_id AS asset FROM sensor WHERE id = $1',
      [sensor],
    );
    const { asset } = rows[0]!;
    const child = await fresh.asset();
    await scene.sql.query('UPDATE generic_asset SET parent_asset_id = $1 WHERE id = $2', [asset, child]);
    const client = await deviceWith({ assets: [asset] });
    const assets = await client.GET('/api/v3_0/assets', { params: { query: { page: 1, per_page: 100 } } });
    expect(itemsOf(assets.data).map(({ id }) => id)).toEqual([asset, child]);
    const sensors = await client.GET('/api/v3_0/sensors');
    expect(itemsOf(sensors.data).map(({ id }) => id)).toEqual([sensor]);
    const ofBattery = await client.GET('/api/v3_0/sensors', { params: { query: { asset_id: 3 } } });
    expect(itemsOf(ofBattery.data)).toEqual([]);
    const ofMarket = await client.GET('/api/v3_0/sensors', { params: { query: { asset_id: 4 } } });
    expect(itemsOf(ofMarket.data).map(({ id }) => id)).toEqual([3]);
    const status = async (id: number) =>
      (await client.GET('/api/v3_0/assets/{id}', { params: { path: { id } } })).response.status;
    expect([await status(asset), await status(child), await status(3), await status(4)]).toEqual([
      200, 200, 403, 200,
    ]);
    // Moved out of the tree, it can no longer be read.
    await scene.sql.query('UPDATE generic_asset SET parent_asset_id = NULL WHERE id = $1', [child]);
    expect(await status(child)).toBe(403);
  });

  it('limited to a battery cannot read other sensors through requests, attributes or jobs', async () => {
    const hidden = await fresh.sensor();
    const client = await deviceWith({ assets: [3] });
    const trigger = (context: Schemas['FlexContext'], model: object = {}) =>
      client.POST('/api/v3_0/sensors/{id}/schedules/trigger', {
        params: { path: { id: 2 } },
        body: {
          ...HALF_A_DAY,
          'flex-model': { ...HALF_A_DAY['flex-model'], ...model },
          'flex-context': { ...HALF_A_DAY['flex-context'], ...context },
        },
      });
    const own = await trigger({});
    expect(own.response.status).toBe(200);
    expect((await waitForSchedule(client, own.data!.schedule)).response.status).toBe(200);
    expect((await trigger({ 'inflexible-device-sensors': [hidden] })).response.status).toBe(403);
    expect((await trigger({ 'site-power-capacity': { sensor: hidden } })).response.status).toBe(403);
    expect((await trigger({}, { 'soc-usage': [{ sensor: hidden }] })).response.status).toBe(403);

    await scene.sql.query(
      `UPDATE generic_asset SET attributes = attributes || jsonb_build_object('consumption-capacity',
         jsonb_build_object('sensor', $1::int)) WHERE id = 3`,
      [hidden],
    );
    const byAttribute = await trigger({});
    await scene.sql.query(
      "UPDATE generic_asset SET attributes = attributes - 'consumption-capacity' WHERE id = 3",
    );
    expect(byAttribute.response.status).toBe(403);

    const ofUser = await scene.as('member').POST('/api/v3_0/sensors/{id}/schedules/trigger', {
      params: { path: { id: 2 } },
      body: {
        ...HALF_A_DAY,
        'flex-context': { ...HALF_A_DAY['flex-context'], 'inflexible-device-sensors': [hidden] },
      },
    });
    const job = await client.GET('/api/v3_0/jobs/{uuid}', {
      params: { path: { uuid: ofUser.data!.schedule } },
    });
    expect(job.response.status).toBe(403);
  });

  it('have none of the roles of their user', async () => {
    const client = await deviceWith({}, 'admin');
    const other = await client.GET('/api/v3_0/sensors/{id}', { params: { path: { id: 2 } } });
    expect(other.response.status).toBe(403);
  });

  it('are refused from the moment on that they are revoked, and each use after that is an event', async () => {
    const { data, userId } = await create();
    const client = scene.api.client(data!.token);
    const get = async () =>
      (await client.GET('/api/v3_0/sensors/{id}', { params: { path: { id: 2 } } })).response.status;
    expect(await get()).toBe(200);
    const revoked = await scene.as('member').DELETE('/api/v3_0/users/{id}/tokens/{token_id}', {
      params: { path: { id: userId, token_id: data!.id } },
    });
    expect(revoked.response.status).toBe(204);
    expect([await get(), await get()]).toEqual([401, 401]);
    const payload = { id: data!.id, userId, accountId: 1, name: data!.name };
    expect(await eventsNamed('device-token.created', data!.id)).toEqual([
      { actor: { user: userId }, payload },
    ]);
    expect(await eventsNamed('device-token.revoked', data!.id)).toEqual([
      { actor: { user: userId }, payload },
    ]);
    expect(await eventsNamed('device-token.refused', data!.id)).toEqual([
      { actor: { user: userId, token: data!.name }, payload: { ...payload, reason: 'revoked' } },
    ]);
    const again = await scene.as('member').DELETE('/api/v3_0/users/{id}/tokens/{token_id}', {
      params: { path: { id: userId, token_id: data!.id } },
    });
    expect(again.response.status).toBe(404);
  });

  it('that are revoked are refused at once for every operation, also by other servers', async () => {
    const other = await startApiHere(scene.databaseUri);
    try {
      const guarded = operations.filter(({ isPublic }) => !isPublic);
      // In thorough tests, each operation has a token of its own, which both servers have allowed it to use before.
      const groups = isThorough ? guarded.map((operation) => [operation]) : [guarded];
      for (const group of groups) {
        const { data, userId } = await create();
        const clients = [scene.api.client(data!.token), other.client(data!.token)];
        const statusesOf = async (operationId: string) => {
          const all: number[] = [];
          for (const client of clients)
            all.push((await validRequests[operationId]!(client, { ...scene, fresh })).response.status);
          return all;
        };
        const known = group.filter(({ operationId }) => isThorough || operationId === 'getSensor');
        expect(known).toHaveLength(1);
        for (const { operationId, deviceScope } of known) {
          const isAllowed = (await statusesOf(operationId)).map((status) => (status < 300 ? true : status));
          const before = deviceScope === undefined ? 403 : true;
          expect([operationId, isAllowed]).toEqual([operationId, [before, before]]);
        }
        const params = { path: { id: userId, token_id: data!.id } };
        await scene.as('member').DELETE('/api/v3_0/users/{id}/tokens/{token_id}', { params });
        for (const { operationId } of group)
          expect([operationId, await statusesOf(operationId)]).toEqual([operationId, [401, 401]]);
      }
    } finally {
      await other.stop();
    }
  });

  it('are refused after their expiry, and while their user is inactive', async () => {
    const { data } = await create({ expires_at: '2099-01-01T00:00:00Z' }, 'accountAdmin');
    const client = scene.api.client(data!.token);
    const get = async () =>
      (await client.GET('/api/v3_0/sensors/{id}', { params: { path: { id: 2 } } })).response.status;
    expect(await get()).toBe(200);
    await scene.sql.query("UPDATE fm_user SET active = false WHERE username = 'accountAdmin'");
    expect(await get()).toBe(401);
    await scene.sql.query("UPDATE fm_user SET active = true WHERE username = 'accountAdmin'");
    expect(await get()).toBe(200);
    await scene.sql.query("UPDATE device_token SET expires_at = now() - interval '1 second' WHERE id = $1", [
      data!.id,
    ]);
    expect(await get()).toBe(401);
  });

  it('are listed with their last use', async () => {
    const { data, userId } = await create({ name: 'meter', scopes: ['read'], assets: [3] });
    const listed = async () => {
      const answer = await scene
        .as('accountAdmin')
        .GET('/api/v3_0/users/{id}/tokens', { params: { path: { id: userId } } });
      return answer.data!.find(({ id }) => id === data!.id);
    };
    expect(await listed()).toMatchObject({
      name: 'meter',
      scopes: ['read'],
      assets: [3],
      last_used_at: null,
    });
    await scene.api.client(data!.token).GET('/api/v3_0/sensors/{id}', { params: { path: { id: 2 } } });
    const used = await eventually(listed, (token) => token?.last_used_at != null);
    expect(Math.abs(Date.parse(used!.last_used_at!) - Date.now())).toBeLessThan(60_000);
  });

  it('limit the forecasts that they ask for, also when the job runs', async () => {
    const { data, userId } = await create();
    const client = scene.api.client(data!.token);
    const { data: receipt } = await client.POST('/api/v3_0/sensors/{id}/forecasts/trigger', {
      params: { path: { id: 2 } },
      body: { start: `${DAY}T00:00:00Z`, duration: 'PT1H' },
    });
    const { rows } = await scene.sql.query<{ payload: object }>('SELECT payload FROM job WHERE id = $1', [
      receipt!.job,
    ]);
    expect(rows).toMatchObject([{ payload: { userId, deviceTokenId: data!.id } }]);
  });

  it('are the authors of what they change', async () => {
    const { data, userId } = await create({ name: 'author' });
    await scene.api.client(data!.token).POST('/api/v3_0/sensors/data', {
      body: {
        sensor: 2,
        start: `${DAY}T00:00:00Z`,
        duration: 'PT15M',
        values: [0.3],
        unit: 'MW',
        horizon: 'PT0H',
      },
    });
    const { rows } = await scene.sql.query<{ actor: unknown }>(
      "SELECT actor FROM event WHERE name = 'beliefs.saved' ORDER BY xid DESC, id DESC LIMIT 1",
    );
    expect(rows).toEqual([{ actor: { user: userId, token: 'author' } }]);
    await waitForEvents(scene.sql);
  });

  it.each<[Partial<Schemas['DeviceTokenPost']>, object]>([
    [{ name: ' ' }, { name: ['The name of a device token must have 1 to 80 characters.'] }],
    [{ assets: [3, 4] }, { assets: { '1': ['Account 1 has no asset with id 4.'] } }],
    [{ assets: [999] }, { assets: { '0': ['Account 1 has no asset with id 999.'] } }],
    [
      { expires_at: '2020-01-01T00:00:00Z' },
      { expires_at: ['The expiry of a device token must be in the future.'] },
    ],
    [
      { scopes: ['write' as 'read'] },
      { scopes: { '0': [expect.stringContaining('Must be one of') as string] } },
    ],
  ])('are not created with %j', async (body, reasons) => {
    const { error, status } = await create(body);
    expect(status).toBe(422);
    expect(error).toMatchObject({ message: { json: reasons } });
  });

  it('have names that are unique among the tokens of a user until they are revoked', async () => {
    const first = await create({ name: 'twice' });
    const second = await create({ name: 'twice' });
    expect(second.error).toMatchObject({
      message: { json: { name: ["The user has a device token named 'twice' already."] } },
    });
    await scene.as('member').DELETE('/api/v3_0/users/{id}/tokens/{token_id}', {
      params: { path: { id: first.userId, token_id: first.data!.id } },
    });
    expect((await create({ name: 'twice' })).status).toBe(201);
  });

  it('are created, listed and revoked by commands', async () => {
    const run = (...args: string[]) => flexmeasures(args, { databaseUri: scene.databaseUri });
    const email = ['--email', 'member@example.com'];
    const added = await run(
      'add',
      'device-token',
      ...email,
      '--name',
      'cli',
      '--scope',
      'read',
      '--asset-id',
      '3',
    );
    expect({ code: added.code, stderr: added.stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^Device token 'cli' \(ID: \d+\) was created/) as string,
    });
    const client = scene.api.client(added.stdout.trim());
    const get = async () =>
      (await client.GET('/api/v3_0/sensors/{id}', { params: { path: { id: 2 } } })).response.status;
    expect(await get()).toBe(200);
    expect((await run('show', 'device-tokens', ...email)).stdout).toMatch(/cli +read +3 +never/);
    const id = /ID: (\d+)/.exec(added.stderr)![1]!;
    expect((await run('delete', 'device-token', ...email, '--id', id, '--force')).stdout).toMatch(/revoked/);
    expect(await get()).toBe(401);
    expect((await run('delete', 'device-token', ...email, '--id', id, '--force')).code).toBe(1);
    expect((await run('add', 'device-token', ...email, '--name', 'cli', '--scope', 'all')).code).not.toBe(0);
  });
});
