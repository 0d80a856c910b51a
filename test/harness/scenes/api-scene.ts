import { Secret, TOTP } from 'otpauth';
import { Client } from 'pg';
import { deriveKey } from '#lib/accounts';
import { readSettings } from '#lib/config';
import { encrypt } from '../../../libs/accounts/two-factor/encryption';
import type { FlexMeasuresClient, Schemas } from '../../../openapi/client';
import { startApiHere, type Api, type ApiAnswer, type StartApi } from '../servers/api';
import { createTestDatabase, type Template } from '../databases/database';
import { holdForecasts } from './hold-forecasts';
import { command, TOY_ACCOUNT, withClient } from '../databases/templates';
import { addUser, emailOf, PASSWORD } from '../databases/users';
import { TEST_SECRET_KEY } from '../servers/secret-key';

const TEST_SETTINGS = readSettings({ SECRET_KEY: TEST_SECRET_KEY });

/** The users: two of the toy account, and three of other accounts. */
export const PEOPLE = {
  /** Member of the toy account without a role. */
  member: { accountId: 1, roles: [] },
  accountAdmin: { accountId: 1, roles: ['account-admin'] },
  /** Account-admin of another account. */
  stranger: { accountId: 2, roles: ['account-admin'] },
  reader: { accountId: 3, roles: ['admin-reader'] },
  admin: { accountId: 3, roles: ['admin'] },
} as const;

export type Person = keyof typeof PEOPLE;

export { emailOf, PASSWORD } from '../databases/users';

/** First day with prices; its schedules start at seven. */
export const DAY = '2026-03-04';
export const PRICES = [
  10, 11, 12, 15, 18, 17, 10.5, 9, 9.5, 9, 8.5, 10, 8, 5, 4, 4, 5.5, 8, 12, 13, 14, 12.5, 10, 7,
];

/**
 * The toy account (id 1) with its battery (asset 3, power sensor 2), the public market (asset 4, prices sensor 3), two
 * more accounts, users with every kind of permission, prices of a day, and a finished schedule for the battery. Forecast
 * jobs stay in the queue.
 */
export interface Scene<Server extends Api = Api> {
  api: Server;
  databaseUri: string;
  sql: Client;
  /** API client of the user; not authenticated without one. */
  as: (person?: Person) => FlexMeasuresClient;
  tokenOf: (person: Person) => string;
  /** Sends a request below /api/v3_0 that the client cannot send; as the toy account's admin unless a person is given. */
  send: (method: string, path: string, json?: unknown, person?: Person) => Promise<ApiAnswer>;
  schedule: string;
  /** Job of the schedule of the battery as a site. */
  siteSchedule: string;
  /** Job for forecasts of the battery's power, which waits. */
  forecast: string;
  stop: () => Promise<void>;
}

/** @param start with which the server is started; `startApi` if it has to run in a process of its own */
export async function startScene(env?: NodeJS.ProcessEnv): Promise<Scene>;
export async function startScene<Server extends Api>(
  env: NodeJS.ProcessEnv,
  start: StartApi<Server>,
): Promise<Scene<Server>>;
export async function startScene(
  env: NodeJS.ProcessEnv = {},
  start: StartApi = startApiHere,
): Promise<Scene> {
  const database = await createTestDatabase({ template: SCENE });
  const sql = new Client(database.uri);
  await sql.connect();
  const api = await start(database.uri, env);
  const tokens = await tokensOfPeople(api);
  const tokenOf = (person: Person): string => tokens.get(person)!;
  return {
    api,
    databaseUri: database.uri,
    sql,
    as: (person) => api.client(person && tokenOf(person)),
    tokenOf,
    send: (method, path, json, person = 'accountAdmin') =>
      api.request(method, `/api/v3_0${path}`, { token: tokenOf(person), json }),
    ...(await finishedSchedules(sql)),
    forecast: await waitingForecast(sql),
    stop: async () => {
      await sql.end();
      await api.stop();
      await database.drop();
    },
  };
}

const SCENE: Template = {
  name: 'scene',
  from: TOY_ACCOUNT,
  build: async (uri) => {
    await holdForecasts(uri);
    for (const name of ['Other', 'Host']) await command(uri, 'add', 'account', '--name', name);
    await withClient(uri, async (sql) => {
      for (const [username, { accountId, roles }] of Object.entries(PEOPLE))
        await addUser(sql, { username, accountId, roles });
    });
    const api = await startApiHere(uri);
    try {
      const tokens = await tokensOfPeople(api);
      await postPrices(api.client(tokens.get('admin')));
      const accountAdmin = api.client(tokens.get('accountAdmin'));
      await finishSchedule(accountAdmin);
      await finishSiteSchedule(accountAdmin);
      await triggerForecast(accountAdmin);
    } finally {
      await api.stop();
    }
  },
};

async function tokensOfPeople(api: Api): Promise<Map<Person, string>> {
  const tokens = new Map<Person, string>();
  for (const person of Object.keys(PEOPLE) as Person[])
    tokens.set(person, await api.logIn(emailOf(person), PASSWORD));
  return tokens;
}

/** Ids of the jobs that were run when the template was built. */
async function finishedSchedules(sql: Client): Promise<Pick<Scene, 'schedule' | 'siteSchedule'>> {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT id FROM job WHERE queue = 'scheduling' AND state = 'finished' ORDER BY created_at",
  );
  const [schedule, siteSchedule] = rows;
  return { schedule: schedule!.id, siteSchedule: siteSchedule!.id };
}

/** Id of the forecast job that was requested when the template was built. */
async function waitingForecast(sql: Client): Promise<string> {
  const { rows } = await sql.query<{ id: string }>("SELECT id FROM job WHERE kind = 'requested-forecast'");
  return rows[0]!.id;
}

async function triggerForecast(client: FlexMeasuresClient): Promise<void> {
  const { error } = await client.POST('/api/v3_0/sensors/{id}/forecasts/trigger', {
    params: { path: { id: 2 } },
    body: { start: `${DAY}T00:00:00Z`, duration: 'PT1H' },
  });
  if (error) throw new Error(JSON.stringify(error));
}

async function postPrices(client: FlexMeasuresClient): Promise<void> {
  const { error } = await client.POST('/api/v3_0/sensors/data', {
    body: {
      sensor: 3,
      values: PRICES,
      start: `${DAY}T00:00:00Z`,
      duration: 'P1D',
      unit: 'EUR/MWh',
      prior: '2026-03-03T12:00:00+01:00',
    },
  });
  if (error) throw new Error(JSON.stringify(error));
}

/** Request for a schedule of half a day for the toy battery, which is half full at the start. */
export const HALF_A_DAY = {
  start: `${DAY}T07:00:00+01:00`,
  duration: 'PT12H',
  'flex-model': { 'soc-at-start': 225, 'soc-unit': 'kWh', 'roundtrip-efficiency': '90%' },
  'flex-context': { 'consumption-price-sensor': 3 },
} satisfies Schemas['SchedulePost'];

async function finishSchedule(client: FlexMeasuresClient): Promise<void> {
  const { data } = await client.POST('/api/v3_0/sensors/{id}/schedules/trigger', {
    params: { path: { id: 2 } },
    body: HALF_A_DAY,
  });
  await waitForSchedule(client, data!.schedule);
}

/** The same request, for the devices of a site. */
export const HALF_A_DAY_OF_SITE = {
  ...HALF_A_DAY,
  'flex-model': [{ sensor: 2, ...HALF_A_DAY['flex-model'] }],
} satisfies Schemas['SiteSchedulePost'];

async function finishSiteSchedule(client: FlexMeasuresClient): Promise<void> {
  const { data } = await client.POST('/api/v3_0/assets/{id}/schedules/trigger', {
    params: { path: { id: 3 } },
    body: HALF_A_DAY_OF_SITE,
  });
  await waitForSchedule(client, data!.schedule);
}

/** The schedule of a sensor, once its job has ended. */
export async function waitForSchedule(client: FlexMeasuresClient, uuid: string, duration?: string, id = 2) {
  for (let tries = 0; tries < 2400; tries++) {
    const answer = await client.GET('/api/v3_0/sensors/{id}/schedules/{uuid}', {
      params: { path: { id, uuid }, query: { duration } },
    });
    if (!/waiting|in progress/.test(JSON.stringify(answer.error ?? ''))) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The job does not end.');
}

let counter = 0;

/** A number that is unique within the test. */
export const uniqueNumber = (): number => ++counter;

/** Creates records for requests that change or delete them. They belong to the toy account, or to no account. */
export class Fresh {
  constructor(private readonly sql: Client) {}

  /** Creates a battery. @returns its id */
  asset(accountId: number | null = 1): Promise<number> {
    return this.insert(
      'INSERT INTO generic_asset (name, generic_asset_type_id, account_id) VALUES ($1, 5, $2) RETURNING id',
      [`asset ${uniqueNumber()}`, accountId],
    );
  }

  /** Creates a quarter-hourly power sensor on a new asset. @returns its id */
  async sensor(accountId: number | null = 1): Promise<number> {
    return this.insert(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
       VALUES ($1, 'MW', '15 minutes', 'Europe/Amsterdam', $2) RETURNING id`,
      [`sensor ${uniqueNumber()}`, await this.asset(accountId)],
    );
  }

  /** Creates a user without roles, whose password is PASSWORD. @returns its id */
  user(accountId = 1): Promise<number> {
    const name = `user${uniqueNumber()}`;
    return this.insert(
      `INSERT INTO fm_user (email, username, password, fs_uniquifier, account_id)
       SELECT $1, $2, password, $2, $3 FROM fm_user WHERE username = 'member' RETURNING id`,
      [`${name}@example.com`, name, accountId],
    );
  }

  /** Creates a user with a data source. @returns the id of the source */
  async source(accountId = 1): Promise<number> {
    return this.insert("INSERT INTO data_source (name, type, user_id) VALUES ($1, 'user', $2) RETURNING id", [
      `source ${uniqueNumber()}`,
      await this.user(accountId),
    ]);
  }

  /** Creates an annotation of the toy account, or of a new asset or sensor of it. @returns the ids in its path */
  async annotation(of: 'accounts' | 'assets' | 'sensors'): Promise<{ id: number; annotation_id: number }> {
    const ofThing = { accounts: () => 1, assets: () => this.asset(), sensors: () => this.sensor() };
    const id = await ofThing[of]();
    const annotationId = await this.insert(
      `INSERT INTO annotation (start, "end", type, content, source_id)
       SELECT '2026-12-25', '2026-12-26', 'label', $1, min(id) FROM data_source RETURNING id`,
      [`annotation ${uniqueNumber()}`],
    );
    await this.sql.query(`INSERT INTO annotations_${of} VALUES ($1, $2)`, [annotationId, id]);
    return { id, annotation_id: annotationId };
  }

  /** Creates a device token that nobody can use. @returns its id */
  deviceToken(userId: number): Promise<number> {
    return this.insert(
      `INSERT INTO device_token (user_id, name, secret_hash, scopes, created_at)
       VALUES ($1, 'gateway', sha256(gen_random_uuid()::text::bytea), '{read}', now()) RETURNING id`,
      [userId],
    );
  }

  /** Creates a user who is setting up an app. @returns the id, and the code that the app shows */
  async userWithApp(): Promise<{ id: number; code: string }> {
    const id = await this.user();
    const secret = new Secret({ size: 20 });
    const stored = encrypt(secret.base32, deriveKey('two-factor-secret', TEST_SETTINGS), `two_factor ${id}`);
    await this.sql.query('INSERT INTO two_factor (user_id, app_secret) VALUES ($1, $2)', [id, stored]);
    return { id, code: new TOTP({ secret }).generate() };
  }

  private async insert(statement: string, values: unknown[]): Promise<number> {
    const { rows } = await this.sql.query<{ id: number }>(statement, values);
    return rows[0]!.id;
  }
}
