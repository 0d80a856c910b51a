import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Fresh, uniqueNumber, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';
import { withOrdinaryRequests, expectWithinLimits, watchServer } from '../../harness/attacks/attack';
import { bomb, EXPENSIVE_JSON, type Encoding } from '../../harness/attacks/bombs';
import { isThorough } from '../../harness/effort';
import { type ApiServer, startApi } from '../../harness/servers/api';

jest.setTimeout(300_000);
// A tolerant limit: other processes may use the machine.
jest.retryTimes(2);

const DATA = '/api/v3_0/sensors/data';
const TRIGGER = '/api/v3_0/sensors/2/schedules/trigger';
const WHAT = Object.keys(EXPENSIVE_JSON) as (keyof typeof EXPENSIVE_JSON)[];
const ENCODINGS: Encoding[] = ['br', 'gzip', 'deflate'];
const MINUTES_OF_YEAR = 365 * 24 * 60;

describe('Request bodies of users', () => {
  let scene: Scene<ApiServer>;
  let fresh: Fresh;

  beforeAll(async () => {
    scene = await startScene({}, startApi);
    fresh = new Fresh(scene.sql);
  });
  afterAll(() => scene.stop());

  const send = async (path: string, init: RequestInit, person: Person = 'accountAdmin') => {
    const headers = {
      Authorization: scene.tokenOf(person),
      'Content-Type': 'application/json',
      ...(init.headers as Record<string, string>),
    };
    const response = await fetch(scene.api.url + path, { method: 'POST', ...init, headers });
    const text = await response.text();
    return { status: response.status, text, retryAfter: Number(response.headers.get('retry-after')) };
  };
  const post = (path: string, body: unknown) =>
    send(path, { body: typeof body === 'string' ? body : JSON.stringify(body) });

  /** A body with values of quarter-hours for one sensor. */
  const series = async (values: string, count: number): Promise<string> =>
    `{"sensor": ${await fresh.sensor()}, "unit": "MW", "start": "1990-01-01T00:00:00Z", ` +
    `"duration": "PT${count * 15}M", "values": [${values}]}`;
  const numbers = (count: number): string => Array.from({ length: count }, (_, i) => i / 1000).join(',');

  /** Requests during attacks: an admin of another account posts a day of data and reads it. */
  const sendAsOtherUser = async (): Promise<number[]> => {
    const body = JSON.stringify({
      sensor: 3,
      unit: 'EUR/MWh',
      start: `20${10 + (uniqueNumber() % 80)}-01-01T00:00:00Z`,
      duration: 'P1D',
      values: Array.from({ length: 24 }, () => uniqueNumber()),
    });
    const posted = await send(DATA, { body }, 'admin');
    const read = `${DATA}?sensor=3&unit=EUR/MWh&start=2026-03-04T00:00:00Z&duration=P1D`;
    return [posted.status, (await send(read, { method: 'GET' }, 'admin')).status];
  };

  /** Runs an attack while another client sends requests. */
  const attacked = async <T>(attack: () => Promise<T>): Promise<T> => {
    const watched = await watchServer(scene.api, () => withOrdinaryRequests(attack, sendAsOtherUser));
    expectWithinLimits(watched);
    expect(new Set(watched.result.honest.flat())).toEqual(new Set([200]));
    return watched.result.result;
  };

  it('lists at most 100 invalid fields in a response', async () => {
    const values = `true${',true'.repeat(500_000)}`;
    const answer = await attacked(async () => post(DATA, await series(values, 500_001)));
    expect(answer.status).toBe(422);
    const { message } = JSON.parse(answer.text) as {
      message: { json: { values: Record<string, string[]>; _schema: string[] } };
    };
    expect(Object.keys(message.json.values)).toHaveLength(100);
    expect(message.json.values['99']).toEqual(['Not a valid number.']);
    expect(message.json._schema).toEqual(['More fields are invalid; these are the first 100.']);
    const last = await attacked(async () => post(DATA, await series(`${numbers(500_000)},true`, 500_001)));
    expect(last).toMatchObject({
      status: 422,
      text: expect.stringContaining('"values":{"500000":') as string,
    });
  });

  it('limits the number of events that few values expand to', async () => {
    const amplified = async (hours: number) =>
      `{"sensor": ${await fresh.sensor()}, "unit": "MW", "start": "1960-01-01T00:00:00Z", ` +
      `"duration": "PT${hours}H", "values": [1]}`;
    expect(await attacked(async () => post(DATA, await amplified(200_000)))).toMatchObject({ status: 200 });
    expect(await attacked(async () => post(DATA, await amplified(300_000)))).toMatchObject({ status: 422 });
  });

  it.each([DATA, '/api/v3_0/sensors/2/data', TRIGGER, '/api/v3_0/assets'])(
    'rejects compressed bombs at %s',
    async (path) => {
      const bombs = WHAT.flatMap((what) => ENCODINGS.map((encoding) => bomb(what, encoding)));
      const statuses = await attacked(async () => {
        const found: number[] = [];
        for (const init of bombs) found.push((await send(path, init)).status);
        return found;
      });
      expect(new Set(statuses)).toEqual(new Set([400, 413]));
    },
  );

  it.each([
    ['lists within lists', 400],
    ['objects within objects', 400],
    ['many lists', 413],
    ['many objects', 413],
    ['many numbers', 413],
    ['many texts', 413],
    ['many fields of one name', 413],
    ['many fields', 413],
  ] as const)('of %s are refused with %d by what they hold', async (what, status) => {
    const answers = await attacked(() =>
      Promise.all(Array.from({ length: 5 }, () => post(DATA, EXPENSIVE_JSON[what]))),
    );
    // More parallel requests would exceed the limit of the user.
    for (const answer of answers) expect([status, 429]).toContain(answer.status);
    expect(answers.map((answer) => answer.status)).toContain(status);
  });

  it('limits the compression ratio', async () => {
    for (const encoding of ENCODINGS) {
      const { status, text } = await send(DATA, bomb('one long text', encoding));
      expect([status, text]).toEqual([
        413,
        expect.stringContaining('The compression ratio of the request body is too high.'),
      ]);
    }
  });

  it('accepts a year of quarter-hours, or of minutes', async () => {
    const quarters = await series(numbers(35_040), 35_040);
    const minutes = await series(numbers(MINUTES_OF_YEAR), MINUTES_OF_YEAR);
    for (const body of [quarters, minutes]) {
      expect(await attacked(() => post(DATA, body))).toMatchObject({ status: 200 });
    }
    const zeros = await series(`0${',0'.repeat(35_039)}`, 35_040);
    const compressed = { body: new Uint8Array(gzipSync(zeros)), headers: { 'Content-Encoding': 'gzip' } };
    expect(await send(DATA, compressed)).toMatchObject({ status: 200 });
  });

  it('processes a few large bodies of one user at a time, and serves other users', async () => {
    // Fewer values of many digits are as many bytes, but take less time to be stored.
    const [count, digits] = isThorough ? [350_000, 3] : [50_000, 40];
    const values = Array.from({ length: count }, (_, i) => (i / 1000).toFixed(digits)).join(',');
    const body = await series(values, count);
    const answers = await attacked(() => Promise.all(Array.from({ length: 10 }, () => post(DATA, body))));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    for (const { retryAfter } of answers.filter(({ status }) => status === 429)) {
      expect(retryAfter).toBeGreaterThanOrEqual(1);
    }
    // The charged bytes must be released.
    expect(await post(DATA, body)).toMatchObject({ status: 200 });
  });

  it('serves other requests while bodies never arrive', async () => {
    const sockets = Array.from({ length: 100 }, (): Socket => {
      const socket = connect(Number(new URL(scene.api.url).port), '127.0.0.1').on('error', () => undefined);
      socket.write(
        `POST ${DATA} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${scene.tokenOf('accountAdmin')}\r\n` +
          `Content-Type: application/json\r\nContent-Length: 9000000\r\n\r\n{"values": [`,
      );
      return socket;
    });
    try {
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      await attacked(async () => {
        for (let round = 0; round < 20; round++) {
          for (const socket of sockets) socket.write('1,');
          await sleep(50);
        }
      });
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  const trigger = (flexModel: object, more: object = {}) => ({
    start: '2026-03-04T07:00:00+01:00',
    'flex-model': { 'soc-at-start': 1, 'soc-unit': 'kWh', ...flexModel },
    ...more,
  });
  const targets = (count: number, value: unknown = 1) =>
    Array.from({ length: count }, () => ({ value, datetime: '2026-03-04T08:00:00+01:00' }));
  const unknown = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

  it.each<[string, object, number]>([
    ['many targets', trigger({ 'soc-targets': targets(16_900) }), 200],
    ['too many targets', trigger({ 'soc-targets': targets(40_000) }), 413],
    ['many bad targets', trigger({ 'soc-targets': targets(10_000, 'x') }), 422],
    ['many powers', trigger({ 'soc-usage': new Array(25_000).fill('1 kW') }), 422],
    ['many unknown fields', trigger(unknown(20_000)), 422],
    ['many unknown fields beside the flex-model', trigger({}, unknown(20_000)), 422],
    ['many old targets', trigger({}, { 'soc-targets': targets(16_900) }), 422],
    ['unknown fields in old targets', trigger({}, { 'soc-targets': [unknown(20_000)] }), 422],
  ])('answers a schedule request with %s within the limits: %#', async (_what, body, status) => {
    expect(await attacked(() => post(TRIGGER, body))).toMatchObject({ status });
  });

  it('limits schedule requests for many devices', async () => {
    const devices = (count: number) => ({
      start: '2026-03-04T07:00:00+01:00',
      'flex-model': Array.from({ length: count }, () => ({ sensor: 2 })),
    });
    const site = '/api/v3_0/assets/3/schedules/trigger';
    expect(await attacked(() => post(site, devices(15_000)))).toMatchObject({ status: 422 });
    expect((await attacked(() => post(site, devices(1_000)))).status).toBeLessThan(500);
  });

  it.each<[string, string, number]>([
    ['many', JSON.stringify(unknown(4_000)), 201],
    ['too many', JSON.stringify(unknown(60_000)), 422],
    ['large', JSON.stringify({ text: 'é'.repeat(32_763) }), 422],
    ['as large as possible', JSON.stringify({ text: 'é'.repeat(32_762) }), 201],
    ['many lists as', `{"a": [${'[],'.repeat(250_000)}[]]}`, 422],
    ['deep', `{"a": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 422],
  ])('with %s attributes are bounded', async (_what, attributes, status) => {
    const asset = { name: `asset ${uniqueNumber()}`, generic_asset_type_id: 5, account_id: 1, attributes };
    expect((await attacked(() => post('/api/v3_0/assets', asset))).status).toBe(status);
  });

  it('with attributes that are too large name the field and the limit', async () => {
    const attributes = JSON.stringify({ text: 'x'.repeat(70_000) });
    const reason = 'Must not have more than 65536 bytes as JSON; these have 70011.';
    for (const path of ['/assets/3', '/sensors/2']) {
      const before = await scene.send('GET', path);
      expect(await scene.send('PATCH', path, { attributes })).toMatchObject({
        status: 422,
        body: { message: { json: { attributes: [reason] } } },
      });
      expect((await scene.send('GET', path)).body).toEqual(before.body);
    }
    const sensor = { name: 'large', unit: 'MW', event_resolution: 15, generic_asset_id: 3, attributes };
    expect(await scene.send('POST', '/sensors', sensor)).toMatchObject({ status: 422 });
  });

  it('rejects other encodings than UTF-8, and accepts a byte order mark', async () => {
    const body = Buffer.from('{"sensor": 2}', 'utf16le');
    const headers = { 'Content-Type': 'application/json; charset=utf-16' };
    expect(await send(DATA, { body: new Uint8Array(body), headers })).toMatchObject({ status: 415 });
    expect(await post(DATA, '\ufeff{"sensor": 2}')).toMatchObject({ status: 422 });
  });

  it('limits the fields of forms, and the forms that a user sends at the same time', async () => {
    const path = `/api/v3_0/sensors/${await fresh.sensor()}/data`;
    const form = (parts: number): FormData => {
      const data = new FormData();
      for (let i = 0; i < parts; i++) data.append(`field${i}`, 'x'.repeat(100));
      data.append('file', new Blob(['2026-01-01T00:00:00Z,1\n']), 'data.csv');
      return data;
    };
    const upload = async (data: FormData): Promise<number> => {
      const headers = { Authorization: scene.tokenOf('accountAdmin') };
      const response = await fetch(scene.api.url + path, { method: 'POST', headers, body: data });
      await response.arrayBuffer();
      return response.status;
    };
    expect(await attacked(() => upload(form(5000)))).toBe(400);
    const statuses = await attacked(() => Promise.all(Array.from({ length: 30 }, () => upload(form(0)))));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });
});
