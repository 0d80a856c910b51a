import { connect } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { startApi, type ApiServer } from '../../harness/servers/api';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { eventually } from '../../harness/eventually';
import { TcpProxy } from '../../harness/servers/tcp-proxy';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

const rejection = (httpStatus: number, status: string) => ({
  status: httpStatus,
  body: { message: expect.any(String) as string, result: 'Rejected', status },
});
const UNREADABLE = rejection(400, 'INVALID_REQUEST');

const PAGE = 'https://app.example.com';

describe('The HTTP server', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let api: ApiServer;
  let token: string;

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    const uri = new URL(database.uri);
    proxy = new TcpProxy({ host: uri.hostname, port: Number(uri.port) });
    uri.hostname = '127.0.0.1';
    uri.port = String(await proxy.open());
    api = await startApi(uri.href, {
      MAX_CONTENT_LENGTH: '2000000',
      CORS_ORIGINS: `['${PAGE}', 'https://.*\\\\.example\\\\.org']`,
    });
    token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
  });

  afterAll(async () => {
    await api.stop();
    await proxy.cut();
    await database.drop();
  });

  const send = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(api.url + path, { redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text,
    };
  };
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    send('/api/v3_0/sensors/data', {
      method: 'POST',
      body,
      headers: { Authorization: token, 'Content-Type': 'application/json', ...headers },
    });

  it('sends security headers, and does not reveal its software', async () => {
    const { headers } = await send('/api/');
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('returns the id of a request, or a new one', async () => {
    const idFor = async (given?: string) =>
      (await send('/api/', { headers: given ? { 'X-Request-ID': given } : {} })).headers.get('x-request-id');
    expect(await idFor('meter-7:42')).toBe('meter-7:42');
    const made = await idFor('not "sane"');
    expect(made).toMatch(/^[\da-f-]{36}$/);
    expect(await idFor()).not.toBe(made);
    expect((await send('/nothing')).headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('redirects /api to /api/, and accepts documented paths with and without a trailing slash', async () => {
    const { status, headers } = await send('/api?x=1');
    expect([status, headers.get('location')]).toEqual([308, '/api/?x=1']);
    for (const path of ['/api/v3_0/health/ready', '/api/v3_0/health/ready/']) {
      expect((await send(path)).status).toBe(200);
    }
  });

  it.each([
    ['GET', '/api/v3_0/nothing', undefined],
    ['POST', '/api/v9/assets', undefined],
    ['PUT', '/api/v3_0/assets', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/api/', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/requestAuthToken', 'OPTIONS, POST'],
    ['DELETE', '/api/v3_0/sensors/data', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/api/v3_0/assets/public', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/api/v3_0/assets/types/', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/v3_0/sensors/2/schedules/trigger', 'OPTIONS, POST'],
  ])('answers %s %s with an error of the API and an Allow header', async (method, path, allowed) => {
    const answer = await send(path, { method });
    expect(answer).toMatchObject(
      allowed === undefined ? rejection(404, 'NOT_FOUND') : rejection(405, 'INVALID_METHOD'),
    );
    expect(answer.headers.get('allow')).toBe(allowed ?? null);
  });

  it('answers OPTIONS and HEAD', async () => {
    const options = await send('/api/v3_0/assets/1', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([
      204,
      'DELETE, GET, HEAD, OPTIONS, PATCH',
    ]);
    expect((await send('/api/v3_0/nothing', { method: 'OPTIONS' })).status).toBe(404);
    const head = await send('/api/', { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
  });

  it.each([
    ['broken JSON', '{"sensor": '],
    ['a lone text', '"sensor"'],
    ['deep lists', `{"values": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['deep objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('rejects %s', async (_what, body) => {
    expect(await post(body)).toMatchObject(UNREADABLE);
  });

  it('rejects null characters and the names of prototype properties', async () => {
    const data = { start: '2026-01-01T00:00:00Z', duration: 'PT1H', unit: 'MW\0', sensor: 2, values: [1] };
    expect((await post(JSON.stringify(data))).status).toBe(422);
    expect(await post('{"__proto__": {"sensor": 2}, "constructor": 1}')).toMatchObject({ status: 422 });
    expect((await post('[1, 2]')).status).toBe(422);
  });

  it('rejects paths with invalid encoding', async () => {
    expect(await send('/api/v3_0/assets/%E0%A4%A', { headers: { Authorization: token } })).toMatchObject(
      UNREADABLE,
    );
    expect(
      (await send('/api/v3_0/sensors?account_id=%E0%A4%A', { headers: { Authorization: token } })).status,
    ).toBe(422);
  });

  it('reads JSON only, also compressed', async () => {
    const json = '{"sensor": 2}';
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect(await post(json, { 'Content-Type': type })).toMatchObject(rejection(415, 'INVALID_REQUEST'));
    }
    expect((await post(json, { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(422);
    expect((await post(gzipSync(json), { 'Content-Encoding': 'gzip' })).status).toBe(422);
    expect(await post(json, { 'Content-Encoding': 'gzip' })).toMatchObject(UNREADABLE);
    expect(await post(json, { 'Content-Encoding': 'zip' })).toMatchObject(rejection(415, 'INVALID_REQUEST'));
  });

  it('accepts a request without a body, whatever its content headers', async () => {
    const headers = { Authorization: token };
    expect((await send('/api/v3_0/sensors/data', { method: 'POST', headers })).status).toBe(422);
  });

  it('limits the size of bodies, also after decompression', async () => {
    const large = JSON.stringify({ values: new Array(1_000_000).fill(1) });
    const tooLarge = rejection(413, 'REQUEST_TOO_LARGE');
    expect(await post(large)).toMatchObject(tooLarge);
    expect(await post(gzipSync(large), { 'Content-Encoding': 'gzip' })).toMatchObject(tooLarge);
    expect((await post(JSON.stringify({ values: new Array(500_000).fill(1) }))).status).toBe(422);
  });

  it('compresses large responses for clients that accept it', async () => {
    const values = new Array<number>(2000).fill(0.125);
    const window = { start: '2026-05-01T00:00:00Z', duration: 'PT500H' };
    expect((await post(JSON.stringify({ sensor: 2, unit: 'MW', values, ...window }))).status).toBe(200);
    const path = `/api/v3_0/sensors/data?sensor=2&unit=MW&start=${window.start}&duration=PT500H`;
    const get = async (encoding: string) => {
      const request = httpGet(api.url + path, {
        headers: { Authorization: token, 'Accept-Encoding': encoding },
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return { response, bytes: Buffer.concat((await response.toArray()) as Buffer[]) };
    };
    const [zipped, plain] = [await get('gzip'), await get('identity')];
    expect(zipped.response.headers['content-encoding']).toBe('gzip');
    expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 5);
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
    expect(JSON.parse(plain.bytes.toString())).toMatchObject({ values });
    expect((await send('/api/')).headers.get('content-encoding')).toBeNull();
  });

  it('answers malformed HTTP with an error of the API', async () => {
    const talk = async (text: string) => {
      const socket = connect(Number(new URL(api.url).port), 'localhost');
      socket.write(text);
      const [head = '', body = ''] = Buffer.concat((await socket.toArray()) as Buffer[])
        .toString()
        .split('\r\n\r\n');
      return { status: Number(head.split(' ')[1]), body: JSON.parse(body) as unknown };
    };
    expect(await talk('hello\r\n\r\n')).toMatchObject(UNREADABLE);
    expect(await talk(`GET / HTTP/1.1\r\nHost: x\r\nLong: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatchObject(
      rejection(431, 'INVALID_REQUEST'),
    );
  });

  describe('CORS', () => {
    const preflight = (origin: string, path = '/api/v3_0/sensors/data') =>
      send(path, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type',
        },
      });

    it.each([PAGE, 'https://a.example.org', 'https://A.EXAMPLE.ORG'])(
      'allows the origin %s',
      async (origin) => {
        const { status, headers } = await preflight(origin);
        expect(status).toBe(204);
        expect(headers.get('access-control-allow-origin')).toBe(origin);
        expect(headers.get('access-control-allow-credentials')).toBe('true');
        expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type');
        expect(headers.get('access-control-allow-methods')).toContain('POST');
        expect(headers.get('vary')).toContain('Origin');
        const answer = await send('/api/v3_0/assets', { headers: { Origin: origin, Authorization: token } });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
        expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-ID');
      },
    );

    it('adds its headers to errors too', async () => {
      const { status, headers } = await send('/api/v3_0/assets', { headers: { Origin: PAGE } });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([401, PAGE]);
    });

    it.each(['https://evil.example', 'https://a.example.org.evil.example', 'null', `${PAGE}.evil.example`])(
      'does not allow the origin %s',
      async (origin) => {
        expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
        const { headers } = await send('/api/', { headers: { Origin: origin } });
        expect(headers.get('access-control-allow-origin')).toBeNull();
      },
    );

    it('does not apply outside the API', async () => {
      expect((await preflight(PAGE, '/')).headers.get('access-control-allow-origin')).toBeNull();
    });
  });

  it('answers 503 while the database is down, and recovers', async () => {
    const assets = () => send('/api/v3_0/assets', { headers: { Authorization: token } });
    expect((await assets()).status).toBe(200);
    await proxy.cut();
    const [one, other] = [await assets(), await assets()];
    for (const answer of [one, other]) {
      expect(answer).toMatchObject(rejection(503, 'SERVICE_UNAVAILABLE'));
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await send('/api/v3_0/health/ready')).toMatchObject({
      status: 503,
      body: { database_sql: false, message: 'The database cannot be reached.', status: 503 },
    });
    expect((await send('/api/')).status).toBe(200);
    await proxy.open();
    expect((await assets()).status).toBe(200);
    expect((await send('/api/v3_0/health/ready')).status).toBe(200);
  });

  it('reports in one line that its port is in use', async () => {
    const port = new URL(api.url).port;
    await expect(startApi(database.uri, { PORT: port, MAIL_SERVER: 'localhost' })).rejects.toThrow(
      new RegExp(`^The process ended with 1: Error: the server did not start: port ${port} is in use.*\\n$`),
    );
  });

  it('finishes requests in flight before it ends', async () => {
    const ending = await startApi(database.uri);
    const socket = connect(Number(new URL(ending.url).port), 'localhost');
    const body = JSON.stringify({ email: 'toy-user@flexmeasures.io', password: 'toy-password' });
    socket.write(
      'POST /api/requestAuthToken HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    await once(socket, 'connect');
    // After another request and its response, the server has received the first request as well.
    await fetch(`${ending.url}/api/`);
    const stopped = ending.stop();
    const isAccepting = () =>
      fetch(`${ending.url}/api/`).then(
        () => true,
        () => false,
      );
    await eventually(isAccepting, (found) => !found);
    socket.write(body.slice(10));
    const answer = Buffer.concat((await socket.toArray()) as Buffer[]).toString();
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain('auth_token');
    await stopped;
  });
});
