import { startScene, type Scene } from '../../harness/scenes/api-scene';
import { RawConnection, type RawAnswer } from '../../harness/servers/raw-connection';
import { type ApiServer, startApi } from '../../harness/servers/api';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const MULTIPART_TYPE = 'multipart/form-data; boundary=limit';

/** Requests that are answered without reading their body, and the expected status. */
const REQUESTS: [what: string, method: string, path: string, status: number, type?: string, user?: true][] = [
  ['an unknown path of the API', 'POST', '/api/v3_0/nothing', 404],
  ['an unknown path of the API with a form', 'POST', '/api/v3_0/nothing', 404, MULTIPART_TYPE, true],
  ['no token', 'POST', '/api/v3_0/sensors/data', 401],
  ['no token for an upload', 'POST', '/api/v3_0/sensors/2/data/upload', 401, MULTIPART_TYPE],
  ['a wrong method of the API', 'PUT', '/api/v3_0/assets', 405, JSON_TYPE, true],
  ['a wrong media type', 'POST', '/api/v3_0/sensors/data', 415, 'text/plain', true],
  ['an unknown id', 'PATCH', '/api/v3_0/assets/999', 404, JSON_TYPE, true],
  ['a version that is no longer served', 'POST', '/api/v1_0/postMeterData', 410],
  ['an unknown page', 'POST', '/nothing', 404, FORM_TYPE],
  ['a wrong method of a page', 'PUT', '/login', 405, FORM_TYPE],
  ['a static file', 'POST', '/static/charts/vega.js', 405],
  ['the API documentation', 'POST', '/docs', 405],
  ['the OpenAPI document', 'POST', '/openapi.json', 405],
];

const READY = 'GET /api/v3_0/health/ready HTTP/1.1\r\nHost: test\r\n\r\n';
const BODY = Buffer.alloc(300_000, ' ');

const chunked = (part: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);

describe('Answers to requests whose body is not read', () => {
  let scene: Scene<ApiServer>;
  let connection: RawConnection;

  beforeAll(async () => {
    scene = await startScene({}, startApi);
  });
  afterAll(() => scene.stop());
  beforeEach(async () => {
    connection = await RawConnection.open(scene.api.url);
  });
  afterEach(() => connection.destroy());

  const head = (method: string, path: string, type = JSON_TYPE, user?: true, ...lines: string[]): string =>
    [
      `${method} ${path} HTTP/1.1`,
      'Host: test',
      `Content-Type: ${type}`,
      ...(user ? [`Authorization: ${scene.tokenOf('accountAdmin')}`] : []),
      ...lines,
      '\r\n',
    ].join('\r\n');
  const ofLength = ({ length }: Buffer) => `Content-Length: ${length}`;
  const nextFinal = async (): Promise<RawAnswer | undefined> => {
    const answer = await connection.next();
    return answer?.status === 100 ? nextFinal() : answer;
  };
  const isClosing = (answer: RawAnswer | undefined) => answer?.headers['connection'] === 'close';

  /** Either the connection closes, as the first answer says, or the second request has its own answer. */
  const expectGoodSecond = async (first: RawAnswer | undefined): Promise<void> => {
    connection.send(READY);
    const second = await connection.next();
    if (isClosing(first)) expect(second).toBeUndefined();
    else
      expect(second).toMatchObject({ status: 200, body: expect.stringContaining('database_sql') as string });
  };

  describe.each(REQUESTS)('%s', (_what, method, path, status, type, user) => {
    it('keep the connection open if the body came with the headers', async () => {
      const body = Buffer.from('{"a": 1}');
      connection.send(Buffer.concat([Buffer.from(head(method, path, type, user, ofLength(body))), body]));
      const first = await connection.next();
      expect(first).toMatchObject({ status, headers: { connection: 'keep-alive' } });
      await expectGoodSecond(first);
    });

    it.each([
      ['of a given length', [BODY], [ofLength(BODY)]],
      ['in chunks', [chunked(BODY), Buffer.from('0\r\n\r\n')], ['Transfer-Encoding: chunked']],
      ['after an expectation', [BODY], [ofLength(BODY), 'Expect: 100-continue']],
    ])(
      'are followed by a right answer or a closed connection after a whole body %s',
      async (_how, parts, lines) => {
        connection.send(head(method, path, type, user, ...lines));
        for (const part of parts) connection.send(part);
        const first = await nextFinal();
        expect(first).toMatchObject({ status });
        await expectGoodSecond(first);
      },
    );

    it.each([
      ['of a given length', BODY, ofLength(BODY)],
      ['in chunks', chunked(BODY), 'Transfer-Encoding: chunked'],
    ])('close the connection before the rest of a body %s has arrived', async (_how, bytes, line) => {
      connection.send(head(method, path, type, user, line));
      connection.send(bytes.subarray(0, 1000));
      const first = await connection.next();
      expect(first).toMatchObject({ status, headers: { connection: 'close' } });
      // The rest of the body may come after the answer.
      connection.send(bytes.subarray(1000));
      await connection.waitForClose();
    });

    it('close the connection for clients that do not send the body after an expectation', async () => {
      connection.send(head(method, path, type, user, ofLength(BODY), 'Expect: 100-continue'));
      const first = await nextFinal();
      expect(first).toMatchObject({ status, headers: { connection: 'close' } });
      await expectGoodSecond(first);
    });
  });

  it('refuse too large JSON at once, and close the connection', async () => {
    const path = '/api/requestAuthToken';
    connection.send(head('POST', path, JSON_TYPE, undefined, 'Content-Length: 1000000000'));
    connection.send(BODY);
    const first = await connection.next();
    expect(first).toMatchObject({ status: 413, headers: { connection: 'close' } });
    await expectGoodSecond(first);
  });

  it.each([
    ['form', '/login', FORM_TYPE],
    ['JSON', '/api/v3_0/sensors/2/schedules/trigger', JSON_TYPE],
  ])('refuse a too large %s that arrives whole', async (_what, path, type) => {
    const body = Buffer.alloc(3_000_000, ' ');
    connection.send(head('POST', path, type, true, ofLength(body)));
    connection.send(body);
    const first = await connection.next();
    expect(first).toMatchObject({ status: 413 });
    await expectGoodSecond(first);
  });

  it('do nothing that a request asks for which follows on a closing connection', async () => {
    const { rows: before } = await scene.sql.query<{ count: string }>('SELECT count(*) FROM generic_asset');
    const asset = JSON.stringify({ name: 'from a lost request', generic_asset_type_id: 5, account_id: 1 });
    connection.send(head('POST', '/api/v3_0/nothing', JSON_TYPE, true, 'Content-Length: 10'));
    const first = await connection.next();
    expect(isClosing(first)).toBe(true);
    const second = head('POST', '/api/v3_0/assets', JSON_TYPE, true, `Content-Length: ${asset.length}`);
    connection.send(`0123456789${second}${asset}`);
    expect(await connection.next()).toBeUndefined();
    // A later request of another connection is answered after the lost one would have been.
    expect((await scene.send('GET', '/assets')).status).toBe(200);
    expect((await scene.sql.query('SELECT count(*) FROM generic_asset')).rows).toEqual(before);
  });
});
