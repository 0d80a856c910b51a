import { Client } from 'pg';
import { startApiHere, type Api } from '../../harness/servers/api';
import { PRICES } from '../../harness/scenes/api-scene';
import { createTestDatabase } from '../../harness/databases/database';
import { holdForecasts } from '../../harness/scenes/hold-forecasts';
import { command, TOY_ACCOUNT } from '../../harness/databases/templates';

/** A server with the initial state of the recordings, with their user names. */
export interface RecordedScene {
  api: Api;
  tokens: Map<string, string>;
  /** Ids of this run by the ids of the recordings. */
  sourceIds: Map<number, number>;
  roleIds: Map<number, number>;
  stop: () => Promise<void>;
}

const USERS = [
  { name: 'plain', accountId: 1, role: undefined },
  { name: 'other', accountId: 2, role: 'account-admin' },
  { name: 'admin', accountId: 2, role: 'admin' },
  { name: 'reader', accountId: 2, role: 'admin-reader' },
];

/** Assets 5 to 7; the toy account has the others. */
const ASSETS = [
  { name: 'their-solar', type: 'solar', accountId: 2, attributes: {} },
  {
    name: 'toy-charger',
    type: 'one-way_evse',
    accountId: 1,
    attributes: {
      capacity_in_mw: 0.1,
      is_consumer: true,
      is_producer: false,
      is_strictly_non_negative: true,
      max_soc_in_mwh: 0.2,
      soc_in_mwh: 0,
      soc_datetime: '2020-01-01T00:00:00+00:00',
      market_id: 3,
    },
  },
  {
    name: 'legacy-battery',
    type: 'battery',
    accountId: 1,
    attributes: {
      capacity_in_mw: 2,
      max_soc_in_mwh: 5,
      min_soc_in_mwh: 0,
      soc_in_mwh: 2.5,
      soc_datetime: '2026-11-23T00:00:00+01:00',
      roundtrip_efficiency: 0.9,
      market_id: 3,
    },
  },
];

/** Sensors 4 to 12: name, unit, minutes, asset. */
const SENSORS: [string, string, number, number][] = [
  ['their power', 'MW', 15, 5],
  ['charging', 'MW', 15, 6],
  ['pv power', 'MW', 15, 1],
  ['hourly demand', 'kW', 60, 2],
  ['temperature', '°C', 0, 2],
  ['meter energy', 'kWh', 15, 2],
  ['bulk power', 'MW', 15, 2],
  ['bulk power 2', 'MW', 15, 2],
  ['legacy power', 'kW', 15, 7],
];

/** @param atNow moves texts with times of the recording to the present */
export async function startRecordedScene(atNow: (text: string) => string): Promise<RecordedScene> {
  const database = await createTestDatabase({ template: TOY_ACCOUNT });
  // These jobs were never run where the recording was made.
  await holdForecasts(database.uri);
  await command(database.uri, 'add', 'account', '--name', 'Second');
  const sql = new Client(database.uri);
  await sql.connect();
  await addUsers(sql);
  await addAssets(sql, atNow);
  const api = await startApiHere(database.uri);
  const tokens = new Map([['garbage', 'garbage']]);
  for (const name of ['toy', ...USERS.map((user) => user.name)]) {
    const email = name === 'toy' ? 'toy-user@flexmeasures.io' : `${name}@example.com`;
    tokens.set(name, await api.logIn(email, 'toy-password'));
  }
  await postFirst(api, tokens, atNow);
  const scene = { api, tokens, sourceIds: await sourceIds(sql), roleIds: await roleIds(sql) };
  return {
    ...scene,
    stop: async () => {
      await sql.end();
      await api.stop();
      await database.drop();
    },
  };
}

async function addUsers(sql: Client): Promise<void> {
  for (const { name, accountId, role } of USERS) {
    await sql.query(
      `INSERT INTO fm_user (email, username, password, fs_uniquifier, account_id)
       SELECT $1, $2, password, $2, $3 FROM fm_user WHERE username = 'toy-user'`,
      [`${name}@example.com`, name, accountId],
    );
    await sql.query(
      `INSERT INTO roles_users (user_id, role_id)
       SELECT fm_user.id, role.id FROM fm_user, role WHERE username = $1 AND role.name = $2`,
      [name, role],
    );
  }
}

async function addAssets(sql: Client, atNow: (text: string) => string): Promise<void> {
  for (const { name, type, accountId, attributes } of ASSETS) {
    await sql.query(
      `INSERT INTO generic_asset (name, generic_asset_type_id, account_id, attributes, latitude, longitude)
       SELECT $1, id, $3, $4, 52, 4.9 FROM generic_asset_type WHERE name = $2`,
      [name, type, accountId, atNow(JSON.stringify(attributes))],
    );
  }
  for (const [name, unit, minutes, assetId] of SENSORS) {
    await sql.query(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
       VALUES ($1, $2, make_interval(mins => $3), 'Europe/Amsterdam', $4)`,
      [name, unit, minutes, assetId],
    );
  }
}

/** Data that was posted before the recording; the order determines the ids of data sources. */
async function postFirst(
  api: Api,
  tokens: Map<string, string>,
  atNow: (text: string) => string,
): Promise<void> {
  const power = { sensor: 10, values: [-11.28, -11.28, -11.28, -11.28], duration: 'PT1H', unit: 'MW' };
  const prices = { sensor: 3, values: PRICES, duration: 'PT24H', unit: 'EUR/MWh' };
  for (const [user, json] of [
    ['toy', { ...power, start: '2026-11-20T00:00:00+01:00' }],
    ['admin', { ...prices, start: '2026-11-23T01:00:00+01:00' }],
  ] as const) {
    const { status, body } = await api.request('POST', '/api/v3_0/sensors/data', {
      token: tokens.get(user),
      text: atNow(JSON.stringify(json)),
    });
    if (status !== 200) throw new Error(JSON.stringify(body));
  }
}

/** In the recordings, source 1 is that of toy-user, and source 5 has no beliefs about the requested sensor. */
async function sourceIds(sql: Client): Promise<Map<number, number>> {
  const { rows } = await sql.query<{ id: number; name: string }>('SELECT id, name FROM data_source');
  const idOf = (name: string) => rows.find((row) => row.name === name)!.id;
  return new Map([
    [1, idOf('toy-user')],
    [5, idOf('admin')],
  ]);
}

/** In the recordings, role 1 is account-admin. */
async function roleIds(sql: Client): Promise<Map<number, number>> {
  const { rows } = await sql.query<{ id: number }>("SELECT id FROM role WHERE name = 'account-admin'");
  return new Map([[1, rows[0]!.id]]);
}
