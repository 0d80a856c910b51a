import { startApi, type ApiServer } from '../../harness/servers/api';
import { expectWithinLimits, watchServer, withOrdinaryRequests } from '../../harness/attacks/attack';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { isThorough } from '../../harness/effort';
import { TOY_ACCOUNT, TOY_USER } from '../../harness/databases/templates';

const BATTERY = 2;
const START = '2026-03-04T00:00:00Z';

/** A field that accepts a text, in a request that is valid otherwise. */
type Door = [field: string, path: string, body: (text: string) => object];

const ofData = (field: string): Door => {
  const body = { sensor: BATTERY, values: [1], start: START, duration: 'PT15M', unit: 'MW' };
  return [`data ${field}`, '/sensors/data', (text) => ({ ...body, [field]: text })];
};
const ofTrigger = (field: string, more: (text: string) => object): Door => {
  const path = `/sensors/${BATTERY}/schedules/trigger`;
  return [`trigger ${field}`, path, (text) => ({ start: START, duration: 'PT12H', ...more(text) })];
};
const ofModel = (field: string) =>
  ofTrigger(`flex-model ${field}`, (text) => ({ 'flex-model': { [field]: text } }));
const ofContext = (field: string) =>
  ofTrigger(`flex-context ${field}`, (text) => ({ 'flex-context': { [field]: text } }));
const ofTarget = (field: string) =>
  ofTrigger(`soc-targets ${field}`, (text) => ({
    'flex-model': { 'soc-targets': [{ value: 0.2, datetime: START, [field]: text }] },
  }));
const ofSensor = (field: string): Door => {
  const body = { name: 'x', unit: 'kW', event_resolution: 15, generic_asset_id: 3 };
  return [`sensor ${field}`, '/sensors', (text) => ({ ...body, [field]: text })];
};

const DOORS: Door[] = [
  ...['values', 'start', 'duration', 'unit', 'prior', 'horizon', 'sensor', 'type'].map(ofData),
  ['data list of values', '/sensors/data', (text) => ({ ...ofData('values')[2](''), values: [1, text] })],
  ...['start', 'duration', 'resolution', 'soc-at-start', 'roundtrip-efficiency'].map((field) =>
    ofTrigger(field, (text) => ({ [field]: text })),
  ),
  ...['soc-at-start', 'soc-max', 'roundtrip-efficiency', 'charging-efficiency', 'storage-efficiency'].map(
    ofModel,
  ),
  ...['power-capacity', 'soc-usage', 'duration', 'power', 'process-type'].map(ofModel),
  ...['value', 'datetime', 'start', 'duration'].map(ofTarget),
  ...['consumption-price', 'site-power-capacity', 'consumption-price-sensor'].map(ofContext),
  ...['name', 'unit', 'event_resolution', 'timezone', 'attributes', 'knowledge_horizon_fnc'].map(ofSensor),
];

/** The repeated part of a text and its end; patterns of numbers, units and times can match these in many ways. */
const TEXTS: [pump: string, end: string][] = [
  ['1', 'x'],
  ['\t', 'x'],
  ['1 ', '%x'],
  ['P1', 'x'],
  ['\u0301\u0323', '@example.com'],
];
const textOf = ([pump, end]: (typeof TEXTS)[number], length: number): string =>
  pump.repeat(length / pump.length) + end;

// A tolerant limit: other processes may use the machine.
jest.retryTimes(2);

describe('A server that receives long texts', () => {
  let database: TestDatabase;
  let api: ApiServer;
  let token: string;

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    api = await startApi(database.uri);
    token = await api.logIn(TOY_USER.email, TOY_USER.password);
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  /** Runs an attack while another client posts and reads. @returns the statuses of the attack */
  async function attack(send: () => Promise<number[]>): Promise<number[]> {
    const watched = await watchServer(api, () => withOrdinaryRequests(send, postAndRead));
    expectWithinLimits(watched);
    expect(new Set(watched.result.honest.flat())).toEqual(new Set([200]));
    return watched.result.result;
  }

  async function postAndRead(): Promise<number[]> {
    // Posts the same data each time; from the second time on it is received already.
    const json = { sensor: BATTERY, value: 1, start: START, duration: 'PT15M', unit: 'MW', prior: START };
    const posted = await api.request('POST', '/api/v3_0/sensors/data', { token, json });
    const listed = await api.request('GET', '/api/v3_0/sensors', { token });
    return [posted.status, listed.status];
  }

  const isRefusal = (status: number): boolean => status >= 400 && status < 500;

  it.each([100_000, 3_000_000])('rejects fields of %d characters and stays responsive', async (length) => {
    const answers: string[] = [];
    // If the time grows faster than the length, the shorter texts show it already; the long ones take turns.
    const textsFor = (door: number) =>
      length < 1_000_000 || isThorough ? TEXTS : [TEXTS[door % TEXTS.length]!];
    const statuses = await attack(async () => {
      const all: number[] = [];
      for (const [i, [field, path, body]] of DOORS.entries()) {
        for (const text of textsFor(i)) {
          const json = body(textOf(text, length));
          const answer = await api.request('POST', `/api/v3_0${path}`, { token, json });
          all.push(answer.status);
          const said = JSON.stringify(answer.body);
          if (!isRefusal(answer.status) || said.length > 1000)
            answers.push(`${field}: ${answer.status} ${said.slice(0, 200)}`);
        }
      }
      return all;
    });
    expect(statuses).toHaveLength(DOORS.flatMap((_, i) => textsFor(i)).length);
    // Responses do not repeat the texts either.
    expect(answers).toEqual([]);
  });

  /** A field name with many sensors below it; each sensor has a field path for errors. */
  const sensorsBelowLongName = (length: number, id: number) => ({
    ['x'.repeat(length)]: { sensor: Array.from({ length: 9_000 }, () => id) },
  });

  it('rejects attributes with sensors below long names, and stays responsive', async () => {
    const unknown = 2_000_000_000;
    const statuses = await attack(async () => {
      const all: number[] = [];
      // The second time, they are compared with the previous ones.
      for (let i = 0; i < 3; i++) {
        const json = { attributes: JSON.stringify(sensorsBelowLongName(500_000, unknown + i)) };
        all.push((await api.request('PATCH', '/api/v3_0/assets/3', { token, json })).status);
      }
      const json = { attributes: '{}' };
      all.push((await api.request('PATCH', '/api/v3_0/assets/3', { token, json })).status);
      return all;
    });
    expect(statuses).toEqual([422, 422, 422, 200]);
  });

  it('rejects schedule requests with sensors below long names, and stays responsive', async () => {
    const below = sensorsBelowLongName(1_000_000, BATTERY);
    const statuses = await attack(async () => {
      const all: number[] = [];
      for (const more of [{ 'flex-model': below }, { 'flex-context': below }]) {
        const json = { start: START, duration: 'PT12H', 'flex-model': {}, ...more };
        const path = `/api/v3_0/sensors/${BATTERY}/schedules/trigger`;
        all.push((await api.request('POST', path, { token, json })).status);
      }
      return all;
    });
    expect(statuses).toEqual([422, 422]);
  });

  it.each([100_000, 3_000_000])('rejects logins with e-mail addresses of %d characters', async (length) => {
    const statuses = await attack(async () => {
      const all: number[] = [];
      for (const text of TEXTS) {
        const json = { email: textOf(text, length), password: 'x' };
        all.push((await api.request('POST', '/api/requestAuthToken', { json })).status);
      }
      return all;
    });
    expect(statuses.filter(isRefusal)).toHaveLength(TEXTS.length);
  });

  const upload = async (content: string, more: object = {}): Promise<Response> => {
    const form = new FormData();
    form.set('file', new File([content], 'values.csv'));
    const fields: Record<string, string> = { unit: 'MW', timezone: 'UTC', ...more };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const url = `${api.url}/api/v3_0/sensors/${BATTERY}/data`;
    return fetch(new Request(url, { method: 'POST', body: form, headers: { Authorization: token } }));
  };
  const csv = (...cells: string[]): string => `when,what\n2026-03-04T00:00Z,1\n${cells.join(',')}\n`;

  it.each(isThorough ? [100_000, 1_000_000, 3_000_000] : [100_000, 3_000_000])(
    'rejects files with cells of %d characters, and reports their line and column',
    async (length) => {
      const files = TEXTS.flatMap((text) => {
        const cell = textOf(text, length);
        const date = '2026-03-04T00:15Z';
        return [csv(date, cell), csv(cell, '1'), csv(date, `"${cell}""`), csv(`"${cell}`, '1')];
      });
      const said: string[] = [];
      const statuses = await attack(async () => {
        const all: number[] = [];
        for (const file of files) {
          for (const more of [{}, { thousands: ' ', decimal: ',', delimiter: ';' }]) {
            const response = await upload(file, more);
            all.push(response.status);
            said.push(await response.text());
          }
        }
        return all;
      });
      expect(statuses.every((status) => status === 422)).toBe(true);
      expect(said.filter((one) => !/Line \d+/.test(one) || one.length > 1000)).toEqual([]);
    },
  );

  it.each(['x,\n', ',\n', '\n"', '\r\n"', '"a""b",\n', '31/12/2026 7:00,\n', '1;'])(
    'stays responsive while it reads 3 MB of %j',
    async (line) => {
      const statuses = await attack(async () => {
        const response = await upload(`when,what\n${line.repeat(3_000_000 / line.length)}`);
        return [response.status];
      });
      expect([200, 422]).toContain(statuses[0]);
    },
  );

  it('rejects queries of the maximum length of a request', async () => {
    const good = { sensor: `${BATTERY}`, start: START, duration: 'PT1H', unit: 'MW' };
    const fields = ['start', 'duration', 'unit', 'sensor', 'resolution', 'prior', 'horizon', 'source'];
    const statuses = await attack(async () => {
      const all: number[] = [];
      for (const field of fields) {
        for (const [pump, end] of TEXTS) {
          const text = pump.repeat(1200) + end;
          const query = new URLSearchParams({ ...good, [field]: text }).toString().slice(0, 14_000);
          all.push((await api.request('GET', `/api/v3_0/sensors/data?${query}`, { token })).status);
        }
      }
      return all;
    });
    expect(statuses.filter(isRefusal)).toHaveLength(fields.length * TEXTS.length);
  });

  it('answers requests with headers of the maximum length', async () => {
    const headers = ['Cookie', 'Authorization', 'Accept', 'Accept-Encoding', 'If-None-Match', 'Origin'];
    const pumps = ['1', ',', ';', ' a', '=', '"', '%', 'a=b;', '*', 'q=0.1,'];
    const statuses = await attack(async () => {
      const all: number[] = [];
      for (const header of headers) {
        for (const pump of pumps) {
          const value = `a${pump.repeat(14_000 / pump.length)}a`;
          const response = await fetch(`${api.url}/api/v3_0/sensors`, {
            headers: { Authorization: token, [header]: value },
          });
          await response.arrayBuffer();
          all.push(response.status);
        }
      }
      return all;
    });
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  });
});
