import { Client } from 'pg';
import { createTestDatabase, type Template } from '../databases/database';
import { TWO_ACCOUNTS, withClient } from '../databases/templates';
import { addUser, emailOf, PASSWORD } from '../databases/users';
import { startApiHere, type Api, type ApiAnswer, type StartApi } from '../servers/api';
import { holdForecasts } from './hold-forecasts';

/** The users: three of account 1, and three of account 2. */
export const LEGACY_PEOPLE = {
  /** Member without a role; a gateway acts as this user. */
  member: { accountId: 1, roles: [] },
  /** Another member of the same account. */
  colleague: { accountId: 1, roles: [] },
  accountAdmin: { accountId: 1, roles: ['account-admin'] },
  stranger: { accountId: 2, roles: ['account-admin'] },
  reader: { accountId: 2, roles: ['admin-reader'] },
  admin: { accountId: 2, roles: ['admin'] },
} as const;

export type LegacyPerson = keyof typeof LEGACY_PEOPLE;

/** Sensors with the ids of the documentation. Those without an account belong to account 1. */
const SENSORS: {
  id: number;
  name: string;
  type: string;
  unit: string;
  minutes: number;
  place?: [number, number];
  accountId?: number | null;
  attributes?: object;
}[] = [
  ...[1, 2, 3, 4, 5].map((id) => ({ id, name: `CS ${id}`, type: 'one-way_evse', unit: 'MW', minutes: 15 })),
  {
    ...{ id: 10, name: 'Battery', type: 'battery', unit: 'MW', minutes: 15 },
    attributes: { capacity_in_mw: 0.1, min_soc_in_mwh: 0, max_soc_in_mwh: 0.05, market_id: 11 },
  },
  { id: 11, name: 'epex_da', type: 'market', unit: 'EUR/MWh', minutes: 60 },
  { id: 12, name: 'EPEX SPOT day-ahead', type: 'market', unit: 'EUR/MWh', minutes: 60 },
  { id: 13, name: 'public_da', type: 'market', unit: 'EUR/MWh', minutes: 60, accountId: null },
  { id: 14, name: 'Solar', type: 'solar', unit: 'kW', minutes: 15, attributes: { is_producer: true } },
  {
    id: 15,
    name: 'Meter',
    type: 'building',
    unit: 'MW',
    minutes: 15,
    attributes: { is_consumer: true, consumption_is_positive: true },
  },
  { id: 16, name: 'Hidden', type: 'battery', unit: 'MW', minutes: 15, accountId: 2 },
  {
    id: 17,
    name: 'Charger',
    type: 'two-way_evse',
    unit: 'MW',
    minutes: 15,
    attributes: { capacity_in_mw: 0.1, max_soc_in_mwh: 0.05, market_id: 11 },
  },
  { id: 18, name: 'Hourly', type: 'building', unit: 'MW', minutes: 60 },
  { id: 19, name: 'hidden_da', type: 'market', unit: 'EUR/MWh', minutes: 60, accountId: 2 },
  { id: 20, name: 'daily_da', type: 'market', unit: 'EUR/MWh', minutes: 24 * 60 },
  {
    id: 21,
    name: 'Battery without prices',
    type: 'battery',
    unit: 'MW',
    minutes: 15,
    attributes: { capacity_in_mw: 0.1, max_soc_in_mwh: 0.05 },
  },
  { id: 30, name: 'Gateway', type: 'building', unit: 'MW', minutes: 5 },
  {
    id: 601,
    name: 'temperature',
    type: 'weather station',
    unit: '°C',
    minutes: 15,
    place: [33.4843866, 126.477859],
  },
  { id: 602, name: 'temperature', type: 'weather station', unit: '°C', minutes: 15, place: [52, 5] },
  // As an old database has it: the type of the asset says what is measured.
  { id: 603, name: 'Weather sensor', type: 'irradiance', unit: 'kW/m²', minutes: 15, place: [52, 5] },
  { id: 604, name: 'wind_speed', type: 'weather station', unit: 'm/s', minutes: 15, place: [52, 5] },
];

/** A server with the sensors of the documentation of the versions before 3, and users with every kind of permission. */
export interface LegacyScene<Server extends Api = Api> {
  api: Server;
  sql: Client;
  databaseUri: string;
  tokenOf: (person: LegacyPerson) => string;
  /** Ids of users by name. */
  ids: Record<LegacyPerson, number>;
  /** Sends a message below /api, as the member unless a person is given; null: nobody. A message of a GET request is its query. */
  send: (method: string, path: string, message?: object, person?: LegacyPerson | null) => Promise<ApiAnswer>;
  stop: () => Promise<void>;
}

/** @param start with which the server is started; `startApi` if it has to run in a process of its own */
export async function startLegacyScene(env?: NodeJS.ProcessEnv): Promise<LegacyScene>;
export async function startLegacyScene<Server extends Api>(
  env: NodeJS.ProcessEnv,
  start: StartApi<Server>,
): Promise<LegacyScene<Server>>;
export async function startLegacyScene(
  env: NodeJS.ProcessEnv = {},
  start: StartApi = startApiHere,
): Promise<LegacyScene> {
  const database = await createTestDatabase({ template: LEGACY });
  const sql = new Client(database.uri);
  await sql.connect();
  const api = await start(database.uri, env);
  const tokens = new Map<string, string>();
  for (const person of Object.keys(LEGACY_PEOPLE))
    tokens.set(person, await api.logIn(emailOf(person), PASSWORD));
  const { rows } = await sql.query<{ id: number; username: string }>('SELECT id, username FROM fm_user');
  const tokenOf = (person: LegacyPerson): string => tokens.get(person)!;
  return {
    ...{ api, sql, databaseUri: database.uri, tokenOf },
    ids: Object.fromEntries(rows.map(({ id, username }) => [username, id])) as LegacyScene['ids'],
    send: (method, path, message, person = 'member') =>
      api.request(method, `/api/${path}${method === 'GET' && message ? `?${queryOf(message)}` : ''}`, {
        token: person === null ? undefined : tokenOf(person),
        json: method === 'GET' ? undefined : message,
      }),
    stop: async () => {
      await sql.end();
      await api.stop();
      await database.drop();
    },
  };
}

/** The message as a query; lists and groups are JSON. */
const queryOf = (message: object): string =>
  new URLSearchParams(
    Object.entries(message).map(([name, value]: [string, unknown]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();

const LEGACY: Template = {
  name: 'legacy',
  from: TWO_ACCOUNTS,
  build: async (uri) => {
    await holdForecasts(uri);
    await withClient(uri, async (sql) => {
      for (const [username, { accountId, roles }] of Object.entries(LEGACY_PEOPLE))
        await addUser(sql, { username, accountId, roles });
      for (const sensor of SENSORS) await addSensor(sql, sensor);
      await sql.query("SELECT setval(pg_get_serial_sequence('sensor', 'id'), 1000)");
    });
  },
};

async function addSensor(
  sql: Client,
  {
    id,
    name,
    type,
    unit,
    minutes,
    place = [52.37, 4.9],
    accountId = 1,
    attributes = {},
  }: (typeof SENSORS)[number],
): Promise<void> {
  await sql.query('INSERT INTO generic_asset_type (name) VALUES ($1) ON CONFLICT DO NOTHING', [type]);
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO generic_asset (name, generic_asset_type_id, account_id, latitude, longitude)
     SELECT $1, id, $2, $3, $4 FROM generic_asset_type WHERE name = $5 RETURNING id`,
    [`${name} ${id}`, accountId, ...place, type],
  );
  await sql.query(
    `INSERT INTO sensor (id, name, unit, event_resolution, timezone, generic_asset_id, attributes)
     VALUES ($1, $2, $3, make_interval(mins => $4), 'Europe/Amsterdam', $5, $6)`,
    [id, name, unit, minutes, rows[0]!.id, attributes],
  );
}
