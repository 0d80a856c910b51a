import type { FlexMeasuresClient } from '../../../openapi/client';
import {
  DAY,
  emailOf,
  Fresh,
  HALF_A_DAY,
  HALF_A_DAY_OF_SITE,
  PASSWORD,
  uniqueNumber,
  type Scene,
} from '../scenes/api-scene';

type Send = (
  client: FlexMeasuresClient,
  scene: Pick<Scene, 'schedule' | 'siteSchedule' | 'forecast'> & { fresh: Fresh },
) => Promise<{ response: Response; error?: unknown }>;

const WINDOW = { start: `${DAY}T00:00:00Z`, duration: 'PT4H' };
const CHARTED = { event_starts_after: `${DAY}T00:00:00Z`, event_ends_before: `${DAY}T12:00:00Z` };
const BATTERY = { path: { id: 3 } };
const POWER = { path: { id: 2 } };

/** Power of a quarter of an hour that was not posted before. */
const reading = () => {
  const start = new Date(Date.UTC(2026, 0, 1) + uniqueNumber() * 900_000).toISOString();
  return { start, duration: 'PT15M', values: [0.1], unit: 'MW' };
};

/** Forecasts with nearly all options. */
const FORECAST = {
  start: `${DAY}T00:00:00Z`,
  duration: 'PT4H',
  prior: `${DAY}T00:00:00Z`,
  'max-forecast-horizon': 'PT2H',
  'forecast-frequency': 'PT1H',
  probabilistic: false,
  config: {
    model: 'naive' as const,
    'past-regressors': [3],
    'future-regressors': [{ sensor: 3, sources: [1] }],
    'annotation-regressors': [{ account: 1 }],
    'train-period': 'P2D',
    'retrain-frequency': 'P1D',
    'missing-threshold': 1,
    lower: '0 kW',
    upper: 5,
    snap: { '0': [0, '4 kW'] as [number, string] },
  },
};

/** An annotation that was not posted before. */
const remark = () => ({
  content: `remark ${uniqueNumber()}`,
  start: `${DAY}T00:00:00Z`,
  end: `${DAY}T12:00:00Z`,
  type: 'holiday' as const,
  prior: `${DAY}T00:00:00Z`,
});

const upload = () => {
  const { start } = reading();
  return new File([`time,power\n${start},0.2\n`], 'power.csv', { type: 'text/csv' });
};

/**
 * One valid request for every operation of the contract, by operationId; it succeeds for users with permission. The
 * requests use the records of the toy account; records that they change or delete are created for each request.
 */
export const validRequests: Record<string, Send> = {
  getVersions: (client) => client.GET('/api/'),
  listServices: (client) => client.GET('/api/v3_0'),
  getHealthReady: (client) => client.GET('/api/v3_0/health/ready'),
  ping: (client) => client.GET('/api/ops/ping'),
  getLatestTaskRun: (client) =>
    client.GET('/api/ops/getLatestTaskRun', { params: { query: { name: 'task' } } }),
  postLatestTaskRun: (client) =>
    client.POST('/api/ops/postLatestTaskRun', {
      body: { name: 'task', status: 'True' },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      bodySerializer: (fields) => new URLSearchParams(fields as Record<string, string>),
    }),
  requestAuthToken: (client) =>
    client.POST('/api/requestAuthToken', { body: { email: emailOf('member'), password: PASSWORD } }),

  listAssets: (client) => client.GET('/api/v3_0/assets', { params: { query: { account_id: 1 } } }),
  listPublicAssets: (client) => client.GET('/api/v3_0/assets/public'),
  listAssetTypes: (client) => client.GET('/api/v3_0/assets/types'),
  createAsset: (client) =>
    client.POST('/api/v3_0/assets', {
      body: {
        name: `new asset ${uniqueNumber()}`,
        generic_asset_type_id: 5,
        account_id: 1,
        latitude: 52.374,
        longitude: 4.88969,
        attributes: '{"capacity_in_mw": 0.25}',
        parent_asset_id: 3,
        description: 'A battery of a battery',
        flex_context: { 'consumption-price': { sensor: 3 }, 'site-power-capacity': '500 kW' },
        flex_model: { 'soc-max': '450 kWh' },
        sensors_to_show: [3, { title: 'Power', sensors: [2] }],
        sensors_to_show_as_kpis: [{ title: 'Power', sensor: 2, function: 'mean' }],
      },
    }),
  getAsset: (client) => client.GET('/api/v3_0/assets/{id}', { params: BATTERY }),
  updateAsset: (client) =>
    client.PATCH('/api/v3_0/assets/{id}', { params: BATTERY, body: { latitude: 52.375, longitude: 4.89 } }),
  deleteAsset: async (client, { fresh }) =>
    client.DELETE('/api/v3_0/assets/{id}', { params: { path: { id: await fresh.asset() } } }),
  getAssetChart: (client) =>
    client.GET('/api/v3_0/assets/{id}/chart/', { params: { ...BATTERY, query: CHARTED } }),
  getAssetChartData: (client) =>
    client.GET('/api/v3_0/assets/{id}/chart_data/', { params: { ...BATTERY, query: CHARTED } }),

  getAssetChartAnnotations: (client) =>
    client.GET('/api/v3_0/assets/{id}/chart_annotations', {
      params: { ...BATTERY, query: { start: `${DAY}T00:00:00Z`, duration: 'P1D', clip: false } },
    }),
  annotateSensor: async (client, { fresh }) =>
    client.POST('/api/v3_0/sensors/{id}/annotations', {
      params: { path: { id: await fresh.sensor() } },
      body: remark(),
    }),
  annotateAsset: (client) =>
    client.POST('/api/v3_0/assets/{id}/annotations', { params: BATTERY, body: remark() }),
  annotateAccount: (client) =>
    client.POST('/api/v3_0/accounts/{id}/annotations', { params: { path: { id: 1 } }, body: remark() }),
  listAnnotationsOfSensor: (client) =>
    client.GET('/api/v3_0/sensors/{id}/annotations', {
      params: { ...POWER, query: { start: `${DAY}T00:00:00Z` } },
    }),
  updateAnnotationOfSensor: async (client, { fresh }) =>
    client.PATCH('/api/v3_0/sensors/{id}/annotations/{annotation_id}', {
      params: { path: await fresh.annotation('sensors') },
      body: { content: `changed ${uniqueNumber()}`, prior: null },
    }),
  deleteAnnotationOfSensor: async (client, { fresh }) =>
    client.DELETE('/api/v3_0/sensors/{id}/annotations/{annotation_id}', {
      params: { path: await fresh.annotation('sensors') },
    }),
  listAnnotationsOfAsset: (client) =>
    client.GET('/api/v3_0/assets/{id}/annotations', {
      params: { ...BATTERY, query: { start: `${DAY}T00:00:00Z` } },
    }),
  updateAnnotationOfAsset: async (client, { fresh }) =>
    client.PATCH('/api/v3_0/assets/{id}/annotations/{annotation_id}', {
      params: { path: await fresh.annotation('assets') },
      body: { content: `changed ${uniqueNumber()}`, prior: null },
    }),
  deleteAnnotationOfAsset: async (client, { fresh }) =>
    client.DELETE('/api/v3_0/assets/{id}/annotations/{annotation_id}', {
      params: { path: await fresh.annotation('assets') },
    }),
  listAnnotationsOfAccount: (client) =>
    client.GET('/api/v3_0/accounts/{id}/annotations', {
      params: { ...{ path: { id: 1 } }, query: { start: `${DAY}T00:00:00Z` } },
    }),
  updateAnnotationOfAccount: async (client, { fresh }) =>
    client.PATCH('/api/v3_0/accounts/{id}/annotations/{annotation_id}', {
      params: { path: await fresh.annotation('accounts') },
      body: { content: `changed ${uniqueNumber()}`, prior: null },
    }),
  deleteAnnotationOfAccount: async (client, { fresh }) =>
    client.DELETE('/api/v3_0/accounts/{id}/annotations/{annotation_id}', {
      params: { path: await fresh.annotation('accounts') },
    }),
  listAssetSensors: (client) =>
    client.GET('/api/v3_0/assets/{id}/sensors', { params: { ...BATTERY, query: { page: 1 } } }),
  listAssetJobs: (client) => client.GET('/api/v3_0/assets/{id}/jobs', { params: BATTERY }),
  getAssetKpis: (client) =>
    client.GET('/api/v3_0/assets/{id}/kpis', {
      params: { ...BATTERY, query: { start: `${DAY}T00:00:00Z`, end: `${DAY}T12:00:00Z` } },
    }),
  getAssetEnergyBalance: (client) =>
    client.GET('/api/v3_0/assets/{id}/energy_balance', {
      params: { ...BATTERY, query: { start: `${DAY}T00:00:00Z`, end: `${DAY}T12:00:00Z` } },
    }),
  getAccountEnergyBalance: (client) =>
    client.GET('/api/v3_0/accounts/{id}/energy_balance', {
      params: { path: { id: 1 }, query: { start: `${DAY}T00:00:00Z`, end: `${DAY}T12:00:00Z` } },
    }),
  copyAsset: async (client, { fresh }) =>
    client.POST('/api/v3_0/assets/{id}/copy', { params: { path: { id: await fresh.asset() } } }),

  listSensors: (client) => client.GET('/api/v3_0/sensors', { params: { query: { account_id: 1 } } }),
  createSensor: (client) =>
    client.POST('/api/v3_0/sensors', {
      body: {
        name: `new sensor ${uniqueNumber()}`,
        unit: 'MW',
        event_resolution: 'PT15M',
        generic_asset_id: 3,
        timezone: 'Europe/Amsterdam',
        attributes: '{}',
        knowledge_horizon_fnc: 'ex_post',
        knowledge_horizon_par: { ex_post_horizon: 'PT0H' },
      },
    }),
  getSensor: (client) => client.GET('/api/v3_0/sensors/{id}', { params: POWER }),
  updateSensor: async (client, { fresh }) =>
    client.PATCH('/api/v3_0/sensors/{id}', {
      params: { path: { id: await fresh.sensor() } },
      body: { timezone: 'Europe/Berlin' },
    }),
  deleteSensor: async (client, { fresh }) =>
    client.DELETE('/api/v3_0/sensors/{id}', { params: { path: { id: await fresh.sensor() } } }),
  getSensorStats: (client) =>
    client.GET('/api/v3_0/sensors/{id}/stats', { params: { ...POWER, query: CHARTED } }),
  getSensorStatus: (client) => client.GET('/api/v3_0/sensors/{id}/status', { params: POWER }),
  getSensorAccuracy: (client) =>
    client.GET('/api/v3_0/sensors/{id}/accuracy', {
      params: { ...POWER, query: { ...CHARTED, horizon: 'PT6H', source: 1 } },
    }),
  getSensorData: (client) =>
    client.GET('/api/v3_0/sensors/data', { params: { query: { sensor: '2', unit: 'MW', ...WINDOW } } }),
  postSensorData: (client) =>
    client.POST('/api/v3_0/sensors/data', { body: { sensor: 2, ...reading(), horizon: 'PT0H' } }),
  getDataOfSensor: (client) =>
    client.GET('/api/v3_0/sensors/{id}/data', { params: { ...POWER, query: WINDOW } }),
  postDataOfSensor: (client) =>
    client.POST('/api/v3_0/sensors/{id}/data', { params: POWER, body: reading() }),
  deleteDataOfSensor: async (client, { fresh }) =>
    client.DELETE('/api/v3_0/sensors/{id}/data', {
      params: { path: { id: await fresh.sensor() } },
      body: { start: `${DAY}T00:00:00Z`, until: `${DAY}T12:00:00Z`, source: 1 },
    }),
  'postDataOfSensor (file)': (client) =>
    client.POST('/api/v3_0/sensors/{id}/data', { params: POWER, body: { file: upload(), unit: 'MW' } }),
  uploadDataOfSensor: (client) =>
    client.POST('/api/v3_0/sensors/{id}/data/upload', {
      params: POWER,
      body: { 'uploaded-files': [upload()], unit: 'MW', 'belief-time-measured-instantly': true },
    }),

  triggerForecast: (client) =>
    client.POST('/api/v3_0/sensors/{id}/forecasts/trigger', { params: POWER, body: FORECAST }),
  getForecast: (client, { forecast: uuid }) =>
    client.GET('/api/v3_0/sensors/{id}/forecasts/{uuid}', { params: { path: { id: 2, uuid } } }),
  triggerSchedule: (client) =>
    client.POST('/api/v3_0/sensors/{id}/schedules/trigger', { params: POWER, body: HALF_A_DAY }),
  getSchedule: (client, { schedule: uuid }) =>
    client.GET('/api/v3_0/sensors/{id}/schedules/{uuid}', { params: { path: { id: 2, uuid } } }),
  triggerSiteSchedule: (client) =>
    client.POST('/api/v3_0/assets/{id}/schedules/trigger', { params: BATTERY, body: HALF_A_DAY_OF_SITE }),
  previewSiteSchedule: (client) =>
    client.POST('/api/v3_0/assets/{id}/schedules/preview', {
      params: BATTERY,
      body: { ...HALF_A_DAY_OF_SITE, flexibility: { flex_model: { 'soc-max': '450 kWh' } } },
    }),
  getSiteSchedule: (client, { siteSchedule: uuid }) =>
    client.GET('/api/v3_0/assets/{id}/schedules/{uuid}', { params: { path: { id: 3, uuid } } }),
  getJob: (client, { schedule: uuid }) => client.GET('/api/v3_0/jobs/{uuid}', { params: { path: { uuid } } }),
  streamEvents: (client) =>
    client.GET('/api/v3_0/events', { params: { query: { sensor: '2', follow: false } }, parseAs: 'text' }),

  listSchedulers: (client) => client.GET('/api/v3_0/schedulers'),
  listForecasters: (client) => client.GET('/api/v3_0/forecasters'),
  listSources: (client) => client.GET('/api/v3_0/sources', { params: { query: { only_latest: false } } }),
  getSource: async (client, { fresh }) =>
    client.GET('/api/v3_0/sources/{id}', { params: { path: { id: await fresh.source() } } }),

  listUsers: (client) =>
    client.GET('/api/v3_0/users', { params: { query: { account_id: 1, include_inactive: true } } }),
  getUser: (client) => client.GET('/api/v3_0/users/{id}', { params: { path: { id: 1 } } }),
  updateUser: async (client, { fresh }) =>
    client.PATCH('/api/v3_0/users/{id}', {
      params: { path: { id: await fresh.user() } },
      body: { timezone: 'Europe/Berlin' },
    }),
  resetUserPassword: async (client, { fresh }) =>
    client.PATCH('/api/v3_0/users/{id}/password-reset', { params: { path: { id: await fresh.user() } } }),
  createUser: (client) => {
    const username = `guest${uniqueNumber()}`;
    return client.POST('/api/v3_0/users', {
      body: { email: `${username}@example.com`, username, account_id: 1, timezone: 'Europe/Berlin' },
    });
  },
  createAccount: (client) =>
    client.POST('/api/v3_0/accounts', {
      body: { name: `Customer ${uniqueNumber()}`, consultancy_account_id: 1 },
    }),
  updateAccount: (client) =>
    client.PATCH('/api/v3_0/accounts/{id}', {
      params: { path: { id: 1 } },
      body: {
        ...{ name: 'Toy Account', primary_color: '#1a3443', secondary_color: null },
        ...{ logo_url: 'https://example.com/logo.png', attributes: '{}', account_roles: [] },
      },
    }),
  getTwoFactor: (client) => client.GET('/api/v3_0/users/{id}/two-factor', { params: { path: { id: 1 } } }),
  beginTwoFactor: async (client, { fresh }) =>
    client.POST('/api/v3_0/users/{id}/two-factor', { params: { path: { id: await fresh.user() } } }),
  confirmTwoFactor: async (client, { fresh }) => {
    const { id, code } = await fresh.userWithApp();
    return client.POST('/api/v3_0/users/{id}/two-factor/confirm', {
      params: { path: { id } },
      body: { code },
    });
  },
  removeTwoFactor: async (client, { fresh }) =>
    client.POST('/api/v3_0/users/{id}/two-factor/remove', {
      params: { path: { id: await fresh.user() } },
      body: { code: '000000' },
    }),
  getAccountAuditLog: (client) =>
    client.GET('/api/v3_0/accounts/{id}/auditlog', {
      params: { path: { id: 1 }, query: { page: 1, 'per-page': 5 } },
    }),
  getUserAuditLog: (client) =>
    client.GET('/api/v3_0/users/{id}/auditlog', {
      params: { path: { id: 1 }, query: { filter: 'user', 'sort-by': 'event_datetime', 'sort-dir': 'asc' } },
    }),
  getAssetAuditLog: (client) => client.GET('/api/v3_0/assets/{id}/auditlog', { params: BATTERY }),
  listDeviceTokens: (client) => client.GET('/api/v3_0/users/{id}/tokens', { params: { path: { id: 1 } } }),
  createDeviceToken: async (client, { fresh }) =>
    client.POST('/api/v3_0/users/{id}/tokens', {
      params: { path: { id: await fresh.user() } },
      body: {
        name: `gateway ${uniqueNumber()}`,
        scopes: ['read', 'post-data', 'trigger'],
        assets: [3],
        expires_at: '2099-01-01T00:00:00Z',
      },
    }),
  revokeDeviceToken: async (client, { fresh }) => {
    const id = await fresh.user();
    const path = { id, token_id: await fresh.deviceToken(id) };
    return client.DELETE('/api/v3_0/users/{id}/tokens/{token_id}', { params: { path } });
  },
  listAccounts: (client) => client.GET('/api/v3_0/accounts'),
  getAccount: (client) => client.GET('/api/v3_0/accounts/{id}', { params: { path: { id: 1 } } }),

  getAssetForCharts: (client) => client.GET('/api/dev/asset/{id}/', { params: BATTERY }),
  getSensorForCharts: (client) => client.GET('/api/dev/sensor/{id}/', { params: POWER }),
  getSensorChart: (client) =>
    client.GET('/api/dev/sensor/{id}/chart/', { params: { ...POWER, query: CHARTED } }),
  getSensorChartData: (client) =>
    client.GET('/api/dev/sensor/{id}/chart_data/', { params: { ...POWER, query: CHARTED } }),
  getSensorChartAnnotations: (client) =>
    client.GET('/api/dev/sensor/{id}/chart_annotations/', { params: { ...POWER, query: CHARTED } }),
};
