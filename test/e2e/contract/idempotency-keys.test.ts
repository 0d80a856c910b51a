import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { createFlexMeasuresClient } from '../../../openapi/client';
import { unprocessable } from '../../harness/contract/answers';
import { operations } from '../../harness/contract/contract';
import { validRequests } from '../../harness/contract/valid-requests';
import { waitForEvents } from '../../harness/databases/wait-for-events';
import { eventually } from '../../harness/eventually';
import { Fresh, startScene, uniqueNumber, type Person, type Scene } from '../../harness/scenes/api-scene';
import { type ApiServer, startApi } from '../../harness/servers/api';

/** The operations that take the header, by the contract. */
const OPERATIONS = operations
  .filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
  .map(({ operationId }) => operationId);

const newKey = (): string => `key-${uniqueNumber()}`;

describe('Idempotency keys', () => {
  let scene: Scene<ApiServer>;
  let fresh: Fresh;
  beforeAll(async () => {
    scene = await startScene({}, startApi);
    fresh = new Fresh(scene.sql);
    await waitForEvents(scene.sql);
  });
  afterAll(() => scene.stop());

  /** Sends a request, and others with the same bytes. */
  const repeatable = async (original: Request) => {
    const body = original.body ? await original.clone().arrayBuffer() : null;
    return (key: string, { search = '' } = {}): Promise<Response> => {
      const headers = new Headers(original.headers);
      headers.set('Idempotency-Key', key);
      return scene.api.fetch(new Request(original.url + search, { method: original.method, headers, body }));
    };
  };
  /** The valid request of an operation. */
  const requestOf = async (operationId: string, person: Person = 'admin') => {
    let captured: Request | undefined;
    const client = createFlexMeasuresClient({
      baseUrl: scene.api.url,
      token: scene.tokenOf(person),
      fetch: (request) => {
        captured = request;
        return Promise.resolve(Response.json({}));
      },
    });
    await validRequests[operationId]!(client, { ...scene, fresh });
    return repeatable(captured!);
  };
  const postAsset = (name: string, person: Person = 'accountAdmin', token = scene.tokenOf(person)) =>
    repeatable(
      new Request(`${scene.api.url}/api/v3_0/assets`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: token },
        body: JSON.stringify({ name, generic_asset_type_id: 5, account_id: person === 'stranger' ? 2 : 1 }),
      }),
    );
  const countOf = async (sql: string, ...parameters: unknown[]): Promise<number> =>
    Number(
      (await scene.sql.query<{ count: string }>(`SELECT count(*) FROM ${sql}`, parameters)).rows[0]!.count,
    );
  const assetsNamed = (name: string) => countOf('generic_asset WHERE name = $1', name);
  const isReplay = ({ headers }: Response): boolean => headers.get('idempotent-replayed') === 'true';
  const userId = async (person: Person): Promise<number> =>
    (await scene.sql.query<{ id: number }>('SELECT id FROM fm_user WHERE username = $1', [person])).rows[0]!
      .id;

  it('are accepted by the operations that create something', () => {
    const posts = operations.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/v3_0'));
    expect(posts.map(({ operationId }) => operationId).filter((id) => !OPERATIONS.includes(id))).toEqual([
      // Stores nothing.
      'previewSiteSchedule',
      'confirmTwoFactor',
      'removeTwoFactor',
    ]);
  });

  it.each(OPERATIONS)('%s is carried out once, and answered again', async (operationId) => {
    const send = await requestOf(operationId);
    const key = newKey();
    const first = await send(key);
    expect([first.status < 300, isReplay(first)]).toEqual([true, false]);
    const text = await first.text();
    // Events of requests; jobs, which go on, have other actors.
    const countEvents = () => countOf("event WHERE actor ? 'user'");
    const events = await countEvents();
    expect(events).toBeGreaterThan(0);
    const second = await send(key);
    expect([second.status, await second.text(), isReplay(second)]).toEqual([first.status, text, true]);
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await countEvents()).toBe(events);
    const other = await send(key, { search: '?other=1' });
    expect({ status: other.status, body: await other.json() }).toEqual({
      ...unprocessable('json', {}),
      body: {
        message: { json: 'The Idempotency-Key was used for another request. Send another key.' },
        result: 'Rejected',
        status: 'UNPROCESSABLE_ENTITY',
      },
    });
  });

  it('do not send several statements at once over the connection of the transaction', () => {
    expect(scene.api.output()).not.toContain('DeprecationWarning');
  });

  it('belong to a user, and to a device', async () => {
    const key = newKey();
    const body = { start: '2026-02-01T00:00:00Z', duration: 'PT15M', values: [0.1], unit: 'MW' };
    const post = async (token: string) =>
      (
        await repeatable(
          new Request(`${scene.api.url}/api/v3_0/sensors/2/data`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', Authorization: token },
            body: JSON.stringify({ ...body, prior: '2026-02-01T00:00:00Z' }),
          }),
        )
      )(key);
    const devices = [];
    for (const name of ['one', 'two']) {
      const { body: created } = await scene.send(
        'POST',
        `/users/${await userId('member')}/tokens`,
        { name, scopes: ['post-data'] },
        'member',
      );
      devices.push((created as { token: string }).token);
    }
    for (const token of [scene.tokenOf('member'), scene.tokenOf('accountAdmin'), ...devices]) {
      expect(isReplay(await post(token))).toBe(false);
      expect(isReplay(await post(token))).toBe(true);
    }
  });

  it('let one of many requests at once through', async () => {
    const send = await postAsset('made at once');
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(key)));
    const fresh = answers.filter((answer) => answer.status === 201 && !isReplay(answer));
    expect(fresh).toHaveLength(1);
    expect(answers.every((answer) => answer.status === 409 || answer.status === 201)).toBe(true);
    expect(await assetsNamed('made at once')).toBe(1);
    expect(isReplay(await send(key))).toBe(true);
  });

  it('are refused with 409 while the request is carried out', async () => {
    const send = await postAsset('made in flight');
    const key = newKey();
    const hash = createHash('sha256').update(`:${key}`).digest();
    const lock = [7_032_024, hash.readInt32BE() ^ (await userId('accountAdmin'))];
    await scene.sql.query('SELECT pg_advisory_lock($1, $2)', lock);
    const refused = await send(key);
    expect([refused.status, await refused.json()]).toEqual([
      409,
      {
        message: 'A request with this Idempotency-Key is being carried out. Try again later.',
        result: 'Rejected',
        status: 'CONFLICT',
      },
    ]);
    await scene.sql.query('SELECT pg_advisory_unlock($1, $2)', lock);
    expect((await send(key)).status).toBe(201);
  });

  it('can be used again after an error', async () => {
    const key = newKey();
    const twice = async (name: string) => (await (await postAsset(name))(key)).status;
    expect(await twice('')).toBe(422);
    expect(await twice('')).toBe(422);
    expect(await twice('made after an error')).toBe(201);
  });

  it.each(['', ' ', 'two words', 'x'.repeat(256), 'ключ'])('must not be %j', async (key) => {
    const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      void import('node:http').then(({ request }) => {
        const headers = {
          'Content-Type': 'application/json',
          Authorization: scene.tokenOf('accountAdmin'),
          'Idempotency-Key': Buffer.from(key, 'utf8').toString('latin1'),
        };
        const sent = request(`${scene.api.url}/api/v3_0/assets`, { method: 'POST', headers }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve({ status: response.statusCode!, body: text }));
        });
        sent.on('error', reject);
        sent.end(JSON.stringify({ name: 'bad key', generic_asset_type_id: 5, account_id: 1 }));
      });
    });
    expect(status).toBe(400);
    expect(body).toContain('must have 1 to 255 visible ASCII characters');
    expect(await assetsNamed('bad key')).toBe(0);
  });

  it('end after 24 hours', async () => {
    const send = await postAsset('made twice');
    const key = newKey();
    const age = async (hours: string) => {
      await scene.sql.query(`UPDATE idempotent_answer SET created_at = now() - interval '${hours}'`);
    };
    expect((await send(key)).status).toBe(201);
    await age('23 hours 59 minutes');
    expect(isReplay(await send(key))).toBe(true);
    await age('24 hours 1 minute');
    // The name is taken.
    expect((await send(key)).status).toBe(422);
    await scene.sql.query("UPDATE generic_asset SET name = 'former' WHERE name = 'made twice'");
    const again = await send(key);
    expect([again.status, isReplay(again)]).toEqual([201, false]);
  });

  it('store no secrets that can be read', async () => {
    const send = await requestOf('createDeviceToken', 'admin');
    const { token } = (await (await send(newKey())).json()) as { token: string };
    expect(token.length).toBeGreaterThan(30);
    const { rows } = await scene.sql.query<{ answer: Buffer }>('SELECT answer FROM idempotent_answer');
    expect(rows.length).toBeGreaterThan(0);
    for (const { answer } of rows) expect(answer.includes(token)).toBe(false);
  });

  it('do not keep a change whose answer could not be stored', async () => {
    await scene.sql.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`,
    );
    await scene.sql.query(
      'CREATE TRIGGER refuse BEFORE INSERT ON idempotent_answer FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
    const send = await postAsset('not kept');
    const key = newKey();
    try {
      expect((await send(key)).status).toBe(500);
      expect(await assetsNamed('not kept')).toBe(0);
    } finally {
      await scene.sql.query('DROP TRIGGER refuse ON idempotent_answer');
    }
    expect((await send(key)).status).toBe(201);
  });

  it('lose nothing and repeat nothing when the server is killed', async () => {
    const name = 'made by a killed server';
    const request = { name, generic_asset_type_id: 5, account_id: 1 };
    const key = newKey();
    const post = (url: string) =>
      fetch(`${url}/api/v3_0/assets`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: scene.tokenOf('accountAdmin'),
          'Idempotency-Key': key,
        },
        body: JSON.stringify(request),
      });
    await scene.sql.query(
      "INSERT INTO idempotent_answer VALUES (0, '\\x00', '\\x00', '\\x00', now() - interval '25 hours')",
    );
    const doomed = await startApi(scene.databaseUri);
    const blocker = new Client(scene.databaseUri);
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE idempotent_answer IN SHARE MODE');
    const lost = post(doomed.url).then(
      () => 'answered',
      () => 'lost',
    );
    await eventually(
      () =>
        countOf(
          "pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO idempotent_answer%'",
        ),
      (waiting) => waiting > 0,
    );
    await doomed.kill();
    expect(await lost).toBe('lost');
    await blocker.end();
    const revived = await startApi(scene.databaseUri);
    try {
      await eventually(
        async () => (await post(revived.url)).status,
        (status) => status !== 409,
      );
      expect(await assetsNamed(name)).toBe(1);
      const again = await post(revived.url);
      expect([again.status, isReplay(again)]).toEqual([201, true]);
      await eventually(
        () => countOf('idempotent_answer WHERE user_id = 0'),
        (left) => left === 0,
      );
    } finally {
      await revived.stop();
    }
  });
});
