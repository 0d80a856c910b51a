import { startApiHere, type ApiAnswer, type StartApi } from '../servers/api';
import { DAY, uniqueNumber, startScene, type Person, type Scene } from './api-scene';

/** Owner of data: the account of the requester, or another account. */
export type Owner = 'own' | 'theirs';

/** Ids of the hourly sensors of one owner (that of states is instantaneous), by the quantity that they record. */
export type Sensors = Record<keyof typeof SENSORS, number>;

/** Unit and values of each kind of sensor. The digits of the other account's values occur nowhere else. */
const SENSORS = {
  power: { unit: 'kW', own: [3, 7, 1, 9], theirs: [351.732, 719.348, 139.127, 987.164] },
  produced: { unit: 'kW', own: [3, 7, 1, 9], theirs: [351.732, 719.348, 139.127, 987.164] },
  price: { unit: 'EUR/MWh', own: [30, 70, 10, 90], theirs: [35.1732, 71.9348, 13.9127, 98.7164] },
  energy: { unit: 'kWh', own: [30, 70, 10, 90], theirs: [35.1732, 71.9348, 13.9127, 98.7164] },
  'power price': { unit: 'EUR/MW', own: [30, 70, 10, 90], theirs: [35.1732, 71.9348, 13.9127, 98.7164] },
  state: { unit: 'kWh', own: [30, 70, 10, 90], theirs: [35.1732, 71.9348, 13.9127, 98.7164] },
  share: { unit: '%', own: [90, 91, 92, 93], theirs: [93.5173, 97.1934, 91.3912, 99.8716] },
} as const;

/** Digits, without the decimal point, that reveal data of the other account in an answer, whatever the unit. */
const SECRETS = ['35173', '71934', '13912', '98716'];

export const START = `${DAY}T00:00:00Z`;

/** A battery that charges with its full power. */
export const BATTERY = {
  'flex-model': {
    'soc-at-start': '0 kWh',
    'soc-max': '100 MWh',
    'power-capacity': '1 MW',
    'production-capacity': '0 kW',
  },
  'flex-context': { 'consumption-price': '-1 EUR/kWh', 'site-power-capacity': '1 MW' },
};

/** Where attributes can be set: on the power sensor, its asset, the parent of the asset, or the grandparent. */
export type Place = 'sensor' | 'asset' | 'parent' | 'grandparent';

/** A battery of the toy account in a tree of assets, and sensors of that account and of another account. */
export interface ReferenceScene extends Scene {
  sensors: Record<Owner, Sensors>;
  /** The battery's power sensor (kW, one hour). */
  battery: number;
  /** Ids of the assets, and of the sensor. */
  ids: Record<Place, number>;
  /** Sends a request and records the answer for `leaks`. */
  ask: (method: string, path: string, json?: unknown, person?: Person) => Promise<ApiAnswer>;
  /** Sets attributes directly in the database, without the checks of the API. */
  setAttributes: (place: Place, attributes: object) => Promise<void>;
  /** The answers to `ask` that contain data of the other account. */
  leaks: () => string[];
  /** Waits until a job has ended. */
  waitForJob: (id: string) => Promise<Record<string, unknown> & { state: string }>;
}

/** @param start with which the server is started; `startApi` if it has to run in a process of its own */
export async function startReferenceScene(
  env: NodeJS.ProcessEnv = {},
  start: StartApi = startApiHere,
): Promise<ReferenceScene> {
  const scene = await startScene(env, start);
  const answers: string[] = [];
  const ask: ReferenceScene['ask'] = async (method, path, json, person = 'member') => {
    const answer = await scene.send(method, path, json, person);
    answers.push(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const insert = async (statement: string, values: unknown[]): Promise<number> =>
    (await scene.sql.query<{ id: number }>(`${statement} RETURNING id`, values)).rows[0]!.id;
  const asset = (type: string, accountId: number, parentId: number | null = null) =>
    insert(
      `INSERT INTO generic_asset (name, generic_asset_type_id, account_id, parent_asset_id)
       SELECT $1, id, $2, $3 FROM generic_asset_type WHERE name = $4`,
      [`${type} ${uniqueNumber()}`, accountId, parentId, type],
    );
  const sensor = (unit: string, assetId: number, isInstantaneous = false) =>
    insert(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
       VALUES ($1, $2, $4::interval, 'UTC', $3)`,
      [`sensor ${uniqueNumber()}`, unit, assetId, isInstantaneous ? '0' : '1 hour'],
    );
  const sensorsOf = async (owner: Owner): Promise<Sensors> => {
    const assetId = await asset('building', owner === 'own' ? 1 : 2);
    const made: Partial<Sensors> = {};
    for (const [kind, { unit, [owner]: values }] of Object.entries(SENSORS)) {
      const id = await sensor(unit, assetId, kind === 'state');
      const posted = {
        sensor: id,
        values,
        start: START,
        duration: 'PT4H',
        unit,
        prior: '2026-03-01T00:00:00Z',
      };
      const answer = await scene.send(
        'POST',
        '/sensors/data',
        posted,
        owner === 'own' ? 'member' : 'stranger',
      );
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      made[kind as keyof Sensors] = id;
    }
    return made as Sensors;
  };
  const sensors = { own: await sensorsOf('own'), theirs: await sensorsOf('theirs') };
  const grandparent = await asset('building', 1);
  const parent = await asset('building', 1, grandparent);
  const battery = await asset('battery', 1, parent);
  const ids = { grandparent, parent, asset: battery, sensor: await sensor('kW', battery) };
  return {
    ...scene,
    ...{ sensors, battery: ids.sensor, ids, ask },
    setAttributes: async (place, attributes) => {
      const table = place === 'sensor' ? 'sensor' : 'generic_asset';
      const values = [ids[place], JSON.stringify(attributes)];
      await scene.sql.query(`UPDATE ${table} SET attributes = $2 WHERE id = $1`, values);
    },
    leaks: () => answers.filter((answer) => SECRETS.some((digits) => withoutPoints(answer).includes(digits))),
    waitForJob: async (id) => {
      for (;;) {
        const { status, body } = await ask('GET', `/jobs/${id}`);
        if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
        const job = body as Record<string, unknown> & { state: string };
        if (!/queued|started/.test(job.state)) return job;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

/** An answer without job ids, timestamps and decimal points. */
const withoutPoints = (answer: string): string =>
  answer.replace(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+/g, '').replaceAll('.', '');
