import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { withOrdinaryRequests, expectWithinLimits, watchServer } from '../../harness/attacks/attack';
import { bomb, EXPENSIVE_JSON, type Encoding } from '../../harness/attacks/bombs';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { type ApiServer, startApi } from '../../harness/servers/api';

jest.setTimeout(300_000);
// A tolerant limit: other processes may use the machine.
jest.retryTimes(2);

const WHAT = Object.keys(EXPENSIVE_JSON) as (keyof typeof EXPENSIVE_JSON)[];
const ENCODINGS: Encoding[] = ['br', 'gzip', 'deflate'];

/** Paths that read a body, that read none, and that do not exist; with the status for a body that is too large. */
const PATHS: [path: string, status: number][] = [
  ['/api/requestAuthToken', 413],
  ['/login', 413],
  ['/reset-password', 413],
  ['/', 405],
  ['/tasks', 405],
  ['/docs/swagger-ui.css', 405],
  ['/nothing', 404],
  ['/api/v3_0/nothing', 404],
  ['/api/v1_0/postMeterData', 410],
  ['/api/v1/postMeterData', 401],
  ['/api/v3_0/sensors/data', 401],
  ['/api/v3_0/sensors/1/data', 401],
  ['/api/v3_0/assets', 401],
];

describe('Request bodies without authentication', () => {
  let scene: PeopleScene<ApiServer>;
  let token: string;

  beforeAll(async () => {
    // With this small heap, parsing one such body would end the process.
    scene = await startPeopleScene({ member: [1] }, { NODE_OPTIONS: '--max-old-space-size=160' }, startApi);
    token = await scene.api.logIn(emailOf('member'), PASSWORD);
  });
  afterAll(() => scene.stop());

  const send = async (path: string, init: RequestInit): Promise<number> => {
    const response = await fetch(scene.api.url + path, { method: 'POST', redirect: 'manual', ...init });
    await response.arrayBuffer();
    return response.status;
  };
  const sendAsUser = () => send('/api/v3_0/users', { method: 'GET', headers: { Authorization: token } });

  /** Runs an attack while another client sends requests. */
  const attacked = async <T>(attack: () => Promise<T>): Promise<T> => {
    const watched = await watchServer(scene.api, () => withOrdinaryRequests(attack, sendAsUser));
    expectWithinLimits(watched);
    expect(new Set(watched.result.honest)).toEqual(new Set([200]));
    return watched.result.result;
  };

  it.each(PATHS)('rejects compressed bombs at %s at no cost with status %d', async (path, status) => {
    const bombs = WHAT.flatMap((what) => ENCODINGS.map((encoding) => bomb(what, encoding)));
    const statuses = await attacked(() => Promise.all(bombs.map((init) => send(path, init))));
    // Excessive nesting is reported as such if the first bytes show it.
    const possible = status === 413 ? [400, 413] : [status];
    expect(statuses.filter((one) => !possible.includes(one))).toEqual([]);
    expect(statuses).toContain(status);
  });

  it.each(PATHS)('does not read large bodies at %s and answers %d', async (path, status) => {
    const init = { body: EXPENSIVE_JSON['many lists'], headers: { 'Content-Type': 'application/json' } };
    const statuses = await attacked(() => Promise.all(Array.from({ length: 5 }, () => send(path, init))));
    expect(new Set(statuses)).toEqual(new Set([status]));
  });

  it.each(['/nothing', '/openapi.json', '/api/v3_0/sensors'])(
    'answers ten pipelined requests for %s per connection, and rejects the others',
    async (path) => {
      const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const answers = await attacked(() =>
        Promise.all(Array.from({ length: 5 }, () => answersTo(request.repeat(3000)))),
      );
      for (const { statuses, isReset } of answers) {
        expect(statuses.length).toBeLessThanOrEqual(11);
        // The system may reset a connection that is closed while requests are unread; the client loses answers then.
        if (!isReset) expect([statuses.length, statuses.at(-1)]).toEqual([11, '429']);
      }
    },
  );

  /** The statuses of a connection until the server closes it, and whether it was reset. */
  async function answersTo(requests: string): Promise<{ statuses: string[]; isReset: boolean }> {
    const socket = connect(Number(new URL(scene.api.url).port), '127.0.0.1');
    const received: Buffer[] = [];
    let isReset = false;
    socket.on('error', () => (isReset = true));
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.write(requests);
    // `once` of node:events would reject at a reset.
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const text = Buffer.concat(received).toString();
    const statuses = Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => status!);
    return { statuses, isReset };
  }

  it('rejects bodies within the byte limit by their number of values', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const login = (body: string) => send('/api/requestAuthToken', { headers, body });
    expect(await login('['.repeat(4000))).toBe(400);
    expect(await login(`[${'1,'.repeat(3000)}1]`)).toBe(413);
    expect(await login(`{${'"a":1,'.repeat(1000)}"a":1}`)).toBe(413);
    expect(await login(JSON.stringify({ email: emailOf('member'), password: 'x'.repeat(9000) }))).toBe(413);
    const extra = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`k${i}`, i]));
    expect(await login(JSON.stringify({ email: emailOf('member'), password: PASSWORD, ...extra }))).toBe(200);
  });

  it('accepts only uncompressed forms with few fields', async () => {
    const form = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
      send('/login', { body, headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } });
    const { body, headers } = bomb('one long text', 'gzip');
    const [many, long, compressed] = await attacked(() =>
      Promise.all([
        form(Array.from({ length: 2000 }, (_, i) => `k${i}=1`).join('&')),
        form(`email=${'x'.repeat(5_000_000)}`),
        form(body, { 'Content-Encoding': headers['Content-Encoding'] }),
      ]),
    );
    expect([many, long, compressed]).toEqual([413, 413, 415]);
    expect(await form('email=x&password=y&csrf=z')).toBe(403);
  });

  it('limits all other parts of a request by the size of its headers', async () => {
    const cookies = Array.from({ length: 1500 }, (_, i) => `c${i}=j:[[${i}]]`).join('; ');
    const query = Array.from({ length: 3000 }, (_, i) => `k[${i}]=`).join('&');
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`x-h${i}`, '1']));
    const requests: [string, RequestInit][] = [
      ['/login', { method: 'GET', headers: { Cookie: cookies.slice(0, 15_000) } }],
      [`/login?${query.slice(0, 15_000)}`, { method: 'GET' }],
      ['/api/', { method: 'GET', headers: many }],
    ];
    const statuses = await attacked(() =>
      Promise.all(
        Array.from({ length: 30 }, () => requests)
          .flat()
          .map(([path, init]) => send(path, init)),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await send(`/login?${query}`, { method: 'GET' })).toBe(431);
  });

  it('serves other requests while hundreds of bodies arrive slowly', async () => {
    const port = Number(new URL(scene.api.url).port);
    const sockets = Array.from({ length: 300 }, (_, i): Socket => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      const path = i % 2 === 0 ? '/api/requestAuthToken' : '/api/v3_0/sensors/data';
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 7000\r\n\r\n`,
      );
      return socket;
    });
    try {
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      await attacked(async () => {
        for (let byte = 0; byte < 20; byte++) {
          for (const socket of sockets) socket.write('[');
          await sleep(50);
        }
      });
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});
