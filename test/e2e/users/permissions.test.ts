import type { FlexMeasuresClient, Schemas } from '../../../openapi/client';
import { itemsOf, UNAUTHENTICATED, UNAUTHORIZED } from '../../harness/contract/answers';
import {
  DAY,
  Fresh,
  HALF_A_DAY,
  uniqueNumber,
  startScene,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';
import { operations } from '../../harness/contract/contract';
import { validRequests } from '../../harness/contract/valid-requests';

const COLUMNS = [undefined, 'stranger', 'member', 'accountAdmin', 'reader', 'admin'] as const;

/** Statuses for: nobody, account-admin of another account, member, account-admin, admin-reader, admin. */
type Expected = readonly [number, number, number, number, number, number];

const OPEN: Expected = [200, 200, 200, 200, 200, 200];
const ANY_USER: Expected = [401, 200, 200, 200, 200, 200];
const READ: Expected = [401, 403, 200, 200, 200, 200];
const MEMBERS_WRITE: Expected = [401, 403, 200, 200, 403, 200];

/** Requests about the toy account, its users, assets and sensors; one row for each operation of the contract. */
const MATRIX: Record<string, Expected> = {
  getVersions: OPEN,
  listServices: OPEN,
  getHealthReady: OPEN,
  ping: OPEN,
  // It has a token of its own.
  getLatestTaskRun: [401, 403, 403, 403, 403, 403],
  postLatestTaskRun: [401, 403, 403, 403, 403, 200],
  requestAuthToken: OPEN,

  listAssets: READ,
  listPublicAssets: ANY_USER,
  listAssetTypes: ANY_USER,
  createAsset: [401, 403, 403, 201, 403, 201],
  getAsset: READ,
  updateAsset: MEMBERS_WRITE,
  deleteAsset: [401, 403, 403, 204, 403, 204],
  getAssetChart: READ,
  getAssetChartData: READ,
  getAssetChartAnnotations: READ,
  annotateSensor: [401, 403, 201, 201, 403, 201],
  annotateAsset: [401, 403, 403, 201, 403, 201],
  annotateAccount: [401, 403, 403, 201, 403, 201],
  listAnnotationsOfSensor: READ,
  listAnnotationsOfAsset: READ,
  listAnnotationsOfAccount: READ,
  updateAnnotationOfSensor: MEMBERS_WRITE,
  updateAnnotationOfAsset: [401, 403, 403, 200, 403, 200],
  updateAnnotationOfAccount: [401, 403, 403, 200, 403, 200],
  deleteAnnotationOfSensor: [401, 403, 204, 204, 403, 204],
  deleteAnnotationOfAsset: [401, 403, 403, 204, 403, 204],
  deleteAnnotationOfAccount: [401, 403, 403, 204, 403, 204],
  listAssetSensors: READ,
  listAssetJobs: READ,
  getAssetKpis: READ,
  getAssetEnergyBalance: READ,
  getAccountEnergyBalance: READ,
  copyAsset: [401, 403, 403, 201, 403, 201],

  listSensors: READ,
  createSensor: [401, 403, 403, 201, 403, 201],
  getSensor: READ,
  updateSensor: [401, 403, 403, 200, 403, 200],
  deleteSensor: [401, 403, 403, 204, 403, 204],
  getSensorStats: READ,
  getSensorStatus: READ,
  getSensorAccuracy: READ,
  getSensorData: READ,
  postSensorData: MEMBERS_WRITE,
  getDataOfSensor: READ,
  postDataOfSensor: MEMBERS_WRITE,
  'postDataOfSensor (file)': MEMBERS_WRITE,
  uploadDataOfSensor: MEMBERS_WRITE,
  deleteDataOfSensor: [401, 403, 403, 204, 403, 204],

  triggerForecast: [401, 403, 202, 202, 403, 202],
  // The job waits.
  getForecast: [401, 403, 202, 202, 202, 202],
  triggerSchedule: MEMBERS_WRITE,
  getSchedule: READ,
  triggerSiteSchedule: MEMBERS_WRITE,
  previewSiteSchedule: MEMBERS_WRITE,
  getSiteSchedule: READ,
  getJob: READ,
  streamEvents: READ,

  listSchedulers: ANY_USER,
  listForecasters: ANY_USER,
  listSources: ANY_USER,
  getSource: READ,

  listUsers: READ,
  getUser: READ,
  updateUser: [401, 403, 403, 200, 403, 200],
  resetUserPassword: [401, 403, 403, 403, 403, 200],
  createUser: [401, 403, 403, 201, 403, 201],
  createAccount: [401, 403, 403, 403, 403, 201],
  updateAccount: [401, 403, 403, 200, 403, 200],
  getTwoFactor: [401, 403, 403, 200, 200, 200],
  beginTwoFactor: [401, 403, 403, 403, 403, 201],
  confirmTwoFactor: [401, 403, 403, 403, 403, 200],
  removeTwoFactor: [401, 403, 403, 204, 403, 204],
  getAccountAuditLog: [401, 403, 403, 200, 200, 200],
  getUserAuditLog: [401, 403, 403, 200, 200, 200],
  getAssetAuditLog: READ,
  listDeviceTokens: [401, 403, 403, 200, 200, 200],
  createDeviceToken: [401, 403, 403, 403, 403, 201],
  revokeDeviceToken: [401, 403, 403, 204, 403, 204],
  listAccounts: ANY_USER,
  getAccount: READ,

  getAssetForCharts: READ,
  getSensorForCharts: READ,
  getSensorChart: READ,
  getSensorChartData: READ,
  getSensorChartAnnotations: READ,
};

/** The general message, or the message about the field that the user may not use. */
const DENIED = expect.stringMatching(
  /^You cannot be authorized for this content|^You do not have permission to |^flex-model\.0\.sensor: user \d+ may not /,
) as string;

type Outcome = Awaited<ReturnType<(typeof validRequests)[string]>>;
type Send = (client: FlexMeasuresClient, fresh: Fresh) => Promise<Outcome>;

const ADMINS_ONLY: Expected = [401, 403, 403, 403, 403, 200];
const PUBLIC_ASSET = { path: { id: 4 } };
const PUBLIC_SENSOR = { path: { id: 3 } };

/** Operations on public data: the market, its prices, and assets without an account. */
const PUBLIC: [string, Send, Expected][] = [
  ['get an asset', (client) => client.GET('/api/v3_0/assets/{id}', { params: PUBLIC_ASSET }), ANY_USER],
  [
    'create an asset',
    (client) =>
      client.POST('/api/v3_0/assets', {
        body: { name: `public ${uniqueNumber()}`, generic_asset_type_id: 8, account_id: null },
      }),
    [401, 403, 403, 403, 403, 201],
  ],
  [
    'create an asset without saying whose',
    (client) =>
      client.POST('/api/v3_0/assets', {
        body: { name: `public ${uniqueNumber()}`, generic_asset_type_id: 8 },
      }),
    [401, 403, 403, 403, 403, 201],
  ],
  [
    'change an asset',
    (client) =>
      client.PATCH('/api/v3_0/assets/{id}', { params: PUBLIC_ASSET, body: { latitude: 52, longitude: 5 } }),
    ADMINS_ONLY,
  ],
  [
    'delete an asset',
    async (client, fresh) =>
      client.DELETE('/api/v3_0/assets/{id}', { params: { path: { id: await fresh.asset(null) } } }),
    [401, 403, 403, 403, 403, 204],
  ],
  [
    'get the chart of an asset',
    (client) => client.GET('/api/v3_0/assets/{id}/chart/', { params: PUBLIC_ASSET }),
    ANY_USER,
  ],
  ['get a sensor', (client) => client.GET('/api/v3_0/sensors/{id}', { params: PUBLIC_SENSOR }), ANY_USER],
  [
    'create a sensor',
    (client) =>
      client.POST('/api/v3_0/sensors', {
        body: {
          name: `public ${uniqueNumber()}`,
          unit: 'EUR/MWh',
          event_resolution: 60,
          generic_asset_id: 4,
        },
      }),
    [401, 403, 403, 403, 403, 201],
  ],
  [
    'change a sensor',
    async (client, fresh) =>
      client.PATCH('/api/v3_0/sensors/{id}', {
        params: { path: { id: await fresh.sensor(null) } },
        body: { timezone: 'UTC' },
      }),
    ADMINS_ONLY,
  ],
  [
    'delete a sensor',
    async (client, fresh) =>
      client.DELETE('/api/v3_0/sensors/{id}', { params: { path: { id: await fresh.sensor(null) } } }),
    [401, 403, 403, 403, 403, 204],
  ],
  [
    'get data',
    (client) =>
      client.GET('/api/v3_0/sensors/data', {
        params: { query: { sensor: '3', start: `${DAY}T00:00:00Z`, duration: 'PT1H', unit: 'EUR/MWh' } },
      }),
    ANY_USER,
  ],
  [
    'get the chart of a sensor',
    (client) => client.GET('/api/dev/sensor/{id}/chart/', { params: PUBLIC_SENSOR }),
    ANY_USER,
  ],
  [
    'post data',
    async (client, fresh) =>
      client.POST('/api/v3_0/sensors/data', {
        body: {
          sensor: await fresh.sensor(null),
          values: [1],
          start: `${DAY}T00:00:00Z`,
          duration: 'PT15M',
          unit: 'MW',
        },
      }),
    ADMINS_ONLY,
  ],
  [
    'upload data',
    async (client, fresh) =>
      client.POST('/api/v3_0/sensors/{id}/data', {
        params: { path: { id: await fresh.sensor(null) } },
        body: { file: new File([`time,power\n${DAY}T00:00:00Z,1\n`], 'power.csv'), unit: 'MW' },
      }),
    ADMINS_ONLY,
  ],
];

/** Lists, where the account may be named in the query. */
const LISTS: [string, Send, Expected][] = (['assets', 'sensors', 'users'] as const).flatMap((name) => [
  [`${name} of one's own account`, (client) => client.GET(`/api/v3_0/${name}`), ANY_USER],
  [
    `${name} of another account than that of the toy users`,
    (client) => client.GET(`/api/v3_0/${name}`, { params: { query: { account_id: 2 } } }),
    [401, 200, 403, 403, 200, 200],
  ],
]);

describe('Permissions', () => {
  let scene: Scene;
  let fresh: Fresh;

  beforeAll(async () => {
    scene = await startScene();
    fresh = new Fresh(scene.sql);
  });

  afterAll(() => scene.stop());

  const statusesOf = async (send: (client: FlexMeasuresClient) => Promise<Outcome>) => {
    const statuses: Record<string, number> = {};
    for (const person of COLUMNS) {
      const { response, error } = await send(scene.as(person));
      statuses[person ?? 'nobody'] = response.status;
      // The operation with a token of its own has its own error bodies; see ops.test.ts.
      if (response.url.includes('/api/ops/getLatestTaskRun')) continue;
      if (response.status === 401) expect(error).toEqual(UNAUTHENTICATED);
      if (response.status === 403) expect(error).toEqual({ ...UNAUTHORIZED, message: DENIED });
    }
    return statuses;
  };
  const asRow = (expected: Expected): Record<string, number> =>
    Object.fromEntries(expected.map((status, column) => [COLUMNS[column] ?? 'nobody', status]));

  it('are tested for every operation of the contract, and for no other', () => {
    const withRow = Object.keys(MATRIX).map((row) => row.split(' ')[0]!);
    expect([...new Set(withRow)].sort()).toEqual(operations.map(({ operationId }) => operationId).sort());
    expect(Object.keys(validRequests).sort()).toEqual(Object.keys(MATRIX).sort());
  });

  it.each(Object.entries(MATRIX))('answer %s according to the user', async (row, expected) => {
    const statuses = await statusesOf((client) => validRequests[row]!(client, { ...scene, fresh }));
    expect(statuses).toEqual(asRow(expected));
  });

  it.each(PUBLIC)('answer the public operation %s to everybody', async (_what, send, expected) => {
    expect(await statusesOf((client) => send(client, fresh))).toEqual(asRow(expected));
  });

  it.each(LISTS)('answer %s according to the user', async (_what, send, expected) => {
    expect(await statusesOf((client) => send(client, fresh))).toEqual(asRow(expected));
  });

  it('allow users to see the accounts that they may read', async () => {
    const visibleAccounts = async (person: Person) =>
      itemsOf((await scene.as(person).GET('/api/v3_0/accounts')).data).map(({ id }) => id);
    const { rows } = await scene.sql.query<{ id: number }>('SELECT id FROM account ORDER BY id');
    const all = rows.map(({ id }) => id);
    expect(await visibleAccounts('member')).toEqual([1]);
    expect(await visibleAccounts('stranger')).toEqual([2]);
    expect(await visibleAccounts('reader')).toEqual(all);
    expect(await visibleAccounts('admin')).toEqual(all);
  });

  it('allow users to change their own personal fields, but not their roles', async () => {
    const { data: members } = await scene.as('member').GET('/api/v3_0/users');
    const id = itemsOf(members).find(({ username }) => username === 'member')!.id;
    const change = async (body: object) =>
      (await scene.as('member').PATCH('/api/v3_0/users/{id}', { params: { path: { id } }, body })).response
        .status;
    expect(await change({ timezone: 'Europe/Paris' })).toBe(200);
    expect(await change({ flexmeasures_roles: [1] })).toBe(403);
    expect(await change({ active: false })).toBe(403);
  });

  it('do not allow account-admins to give roles above their own', async () => {
    const { rows } = await scene.sql.query<{ id: number; name: string }>('SELECT id, name FROM role');
    const id = await fresh.user();
    const give = async (name: string, person: Person) => {
      const roles = [rows.find((role) => role.name === name)!.id];
      const answer = await scene
        .as(person)
        .PATCH('/api/v3_0/users/{id}', { params: { path: { id } }, body: { flexmeasures_roles: roles } });
      return answer.response.status;
    };
    expect(await give('admin', 'accountAdmin')).toBe(403);
    expect(await give('admin-reader', 'accountAdmin')).toBe(403);
    expect(await give('account-admin', 'accountAdmin')).toBe(200);
    expect(await give('admin', 'admin')).toBe(200);
  });

  it('allow users to reset their own password, which ends their token', async () => {
    const id = await fresh.user();
    const { rows } = await scene.sql.query<{ email: string }>('SELECT email FROM fm_user WHERE id = $1', [
      id,
    ]);
    const token = await scene.api.logIn(rows[0]!.email, 'secret-word');
    const client = scene.api.client(token);
    const reset = () => client.PATCH('/api/v3_0/users/{id}/password-reset', { params: { path: { id } } });
    expect((await reset()).response.status).toBe(200);
    expect((await reset()).response.status).toBe(401);
  });

  it('do not allow a schedule from data that the user may not read', async () => {
    const hidden = await fresh.sensor(2);
    const trigger = (context: Schemas['FlexContext']) =>
      scene.as('member').POST('/api/v3_0/sensors/{id}/schedules/trigger', {
        params: { path: { id: 2 } },
        body: { ...HALF_A_DAY, 'flex-context': { 'consumption-price-sensor': 3, ...context } },
      });
    expect((await trigger({ 'inflexible-device-sensors': [hidden] })).response.status).toBe(403);
    expect((await trigger({ 'consumption-price-sensor': hidden })).response.status).toBe(403);
    expect((await trigger({ 'production-price-sensor': hidden })).response.status).toBe(403);
    expect((await trigger({ 'production-price': { sensor: hidden } })).response.status).toBe(403);
    expect((await trigger({ 'site-power-capacity': { sensor: hidden } })).response.status).toBe(403);
    const ofModel = { 'soc-at-start': 0.2, 'soc-usage': ['1 kW', { sensor: hidden }] };
    const byModel = await scene.as('member').POST('/api/v3_0/sensors/{id}/schedules/trigger', {
      params: { path: { id: 2 } },
      body: { ...HALF_A_DAY, 'flex-model': ofModel },
    });
    expect(byModel.response.status).toBe(403);
  });

  it('do not allow site schedules for, or from, sensors of other accounts', async () => {
    const hidden = await fresh.sensor(2);
    const trigger = (flexModel: Schemas['SiteFlexModel'][]) =>
      scene.as('member').POST('/api/v3_0/assets/{id}/schedules/trigger', {
        params: { path: { id: 3 } },
        body: { ...HALF_A_DAY, 'flex-model': flexModel },
      });
    const battery = { sensor: 2, 'soc-at-start': 0.2 };
    expect((await trigger([battery])).response.status).toBe(200);
    expect((await trigger([battery, { sensor: hidden }])).response.status).toBe(403);
    expect((await trigger([{ ...battery, 'soc-minima': { sensor: hidden } }])).response.status).toBe(403);
  });

  it('do not allow a chart to show data that the user may not read', async () => {
    const [hidden, asset] = [await fresh.sensor(2), await fresh.asset()];
    const posted = { values: [1], start: `${DAY}T00:00:00Z`, duration: 'PT15M', unit: 'MW' };
    await scene.as('stranger').POST('/api/v3_0/sensors/data', { body: { sensor: hidden, ...posted } });
    const member = scene.as('member');
    const params = { path: { id: asset } };
    const attributes = JSON.stringify({ sensors_to_show: [hidden] });
    await member.PATCH('/api/v3_0/assets/{id}', { params, body: { attributes } });
    const { data = [], response } = await member.GET('/api/v3_0/assets/{id}/chart_data/', { params });
    expect([200, 403]).toContain(response.status);
    expect(data).toEqual([]);
    const chart = await member.GET('/api/v3_0/assets/{id}/chart/', {
      params: { ...params, query: { include_data: true } },
    });
    expect([200, 403]).toContain(chart.response.status);
    expect(JSON.stringify(chart.data ?? null)).not.toContain('event_value":1');
  });
});
