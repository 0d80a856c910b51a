import { EventsRepository } from '#lib/events';
import { Browser } from '../../harness/browser/browser';
import { eventually } from '../../harness/eventually';
import {
  emailOf,
  HALF_A_DAY,
  PASSWORD,
  startScene,
  waitForSchedule,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';
import { startApi, type Api, type ApiServer } from '../../harness/servers/api';
import { openEventSource, type EventSource, type StreamMessage } from '../../harness/servers/event-source';
import { startEventProcess } from '../../harness/servers/event-process';

const START_MS = Date.parse('2026-06-01T00:00:00Z');
const QUARTER_MS = 900_000;

describe('Streams of events', () => {
  let scene: Scene;
  /** Another server on the same database. */
  let other: ApiServer;
  const open = new Set<EventSource>();
  let posts = 0;

  beforeAll(async () => {
    scene = await startScene();
    other = await startApi(scene.databaseUri, { FLEXMEASURES_MAX_EVENT_STREAMS_PER_USER: '3' });
  });
  afterEach(() => {
    for (const source of open) source.close();
    open.clear();
  });
  afterAll(async () => {
    await other.stop();
    await scene.stop();
  });

  const listen = async (
    person: Person,
    query = '',
    { api = other, lastId }: { api?: Api; lastId?: string } = {},
  ): Promise<EventSource> => {
    const source = await openEventSource(api.url, `/api/v3_0/events${query}`, {
      Authorization: scene.tokenOf(person),
      ...(lastId !== undefined && { 'Last-Event-ID': lastId }),
    });
    open.add(source);
    return source;
  };
  /** Posts one more value, by the first server. @returns the start of its event */
  const post = async (sensor: 2 | 3 = 2): Promise<string> => {
    const start = new Date(START_MS + posts++ * 4 * QUARTER_MS).toISOString();
    const duration = sensor === 2 ? 'PT15M' : 'PT1H';
    const unit = sensor === 2 ? 'MW' : 'EUR/MWh';
    const { status } = await scene.send(
      'POST',
      '/sensors/data',
      { sensor, values: [0.1], start, duration, unit },
      sensor === 2 ? 'accountAdmin' : 'admin',
    );
    expect(status).toBe(200);
    return start;
  };
  const startOf = ({ data }: StreamMessage): unknown =>
    ((data['measurements'] ?? data['forecasts']) as Record<string, unknown>)['first_event_start'];
  const saved = (start: string) => (message: StreamMessage) =>
    message.event === 'beliefs.saved' && startOf(message) === start;
  const startsIn = ({ messages }: EventSource): unknown[] =>
    messages.filter(({ event }) => event === 'beliefs.saved').map(startOf);

  it('tell a client of one server what was posted to another', async () => {
    const source = await listen('member');
    const start = await post();
    const { data } = await source.find(saved(start));
    expect(data).toMatchObject({ sensor: 2, source: expect.any(Number) as number });
    expect(data['measurements'] ?? data['forecasts']).toEqual({
      count: 1,
      first_event_start: start,
      last_event_start: start,
    });
  });

  it('tell strangers of public data only', async () => {
    const source = await listen('stranger');
    await post();
    const start = await post(3);
    await source.find(saved(start));
    expect(startsIn(source)).toEqual([start]);
    expect(JSON.stringify(source.messages)).not.toContain('"sensor":2');
  });

  it('send only what a filter names, which must exist and be readable', async () => {
    const [ofSensor, ofAsset] = [await listen('member', '?sensor=3'), await listen('member', '?asset=3')];
    const [power, price] = [await post(2), await post(3)];
    await ofSensor.find(saved(price));
    await ofAsset.find(saved(power));
    expect(startsIn(ofAsset)).toEqual([power]);
    expect(startsIn(ofSensor)).toEqual([price]);
    const ask = (query: string, person: Person = 'member') =>
      scene.api.request('GET', `/api/v3_0/events${query}`, { token: scene.tokenOf(person) });
    expect((await ask('?sensor=2', 'stranger')).status).toBe(403);
    expect((await ask('?asset=3', 'stranger')).status).toBe(403);
    expect(await ask('?sensor=2,999&asset=998')).toMatchObject({
      status: 422,
      body: {
        message: {
          query: { sensor: ['No sensor found with id 999.'], asset: ['No asset found with id 998.'] },
        },
      },
    });
    expect((await ask('?sensor=two')).status).toBe(422);
    expect(await ask('?last_event_id=yesterday')).toMatchObject({
      status: 422,
      body: { message: { query: { last_event_id: ['Not the id of an event.'] } } },
    });
  });

  it('resume after a cut without loss and without doubles', async () => {
    const source = await listen('member');
    const first = await post();
    const { id } = await source.find(saved(first));
    source.close();
    const missed = [await post(), await post()];
    const resumed = await listen('member', '?last_event_id=0-0', { lastId: id });
    const later = await post();
    await resumed.find(saved(later));
    expect(startsIn(resumed)).toEqual([...missed, later]);
    const byParameter = await listen('member', `?last_event_id=${resumed.lastId()}&follow=false`, {
      api: scene.api,
    });
    await byParameter.ended;
    expect(startsIn(byParameter)).toEqual([]);
  });

  it('send a reset if events since then are no longer stored, or the id is from elsewhere', async () => {
    const source = await listen('member');
    const { id } = await source.find(saved(await post()));
    await post();
    const process = await startEventProcess(scene.databaseUri);
    const repository = process.get(EventsRepository);
    const countStored = async (): Promise<number> => {
      await repository.deleteOld(0, 10_000);
      return (await scene.sql.query('SELECT FROM event')).rows.length;
    };
    await eventually(countStored, (count) => count === 0);
    await process.stop();
    // A server that has not read the deleted events itself ends its streams once; clients resume.
    const isTold = async (lastId: string): Promise<boolean> => {
      const resumed = await listen('member', '', { lastId });
      const isFound = (matches: Parameters<EventSource['find']>[0]): Promise<boolean> => {
        const found = resumed.find(matches).then(
          () => true,
          () => false,
        );
        return Promise.race([found, resumed.ended.then(() => false)]);
      };
      if (!(await isFound(({ event }) => event === 'reset'))) return false;
      const start = await post();
      if (!(await isFound(saved(start)))) return false;
      expect(startsIn(resumed)).toEqual([start]);
      resumed.close();
      return true;
    };
    for (const lastId of [id, '999999999999-1']) await eventually(() => isTold(lastId), Boolean);
  });

  it('follow the rights of the user while they are open', async () => {
    const { rows } = await scene.sql.query<{ id: number }>(
      "SELECT id FROM fm_user WHERE username = 'reader'",
    );
    const setRoles = (roles: number[]) =>
      scene.send('PATCH', `/users/${rows[0]!.id}`, { flexmeasures_roles: roles }, 'admin');
    const { rows: kept } = await scene.sql.query<{ role_id: number }>(
      'SELECT role_id FROM roles_users WHERE user_id = $1',
      [rows[0]!.id],
    );
    const source = await listen('reader');
    const before = await post(2);
    await source.find(saved(before));
    expect((await setRoles([])).status).toBe(200);
    await post(2);
    const price = await post(3);
    await source.find(saved(price));
    expect(startsIn(source)).toEqual([before, price]);
    await setRoles(kept.map(({ role_id: id }) => id));
    const after = await post(2);
    await source.find(saved(after));
  });

  it('look rights up again without counting this as a use of the token, or of a revoked one', async () => {
    const { rows } = await scene.sql.query<{ id: number }>(
      "SELECT id FROM fm_user WHERE username = 'member'",
    );
    const { id } = rows[0]!;
    const { data } = await scene.as('member').POST('/api/v3_0/users/{id}/tokens', {
      params: { path: { id } },
      body: { name: 'streaming gateway', scopes: ['read'] },
    });
    const source = await openEventSource(other.url, '/api/v3_0/events', { Authorization: data!.token });
    open.add(source);
    await source.find(saved(await post(3)));
    const used = async (): Promise<object> =>
      (
        await scene.sql.query<object>(
          'SELECT last_used_at, last_refused_at FROM device_token WHERE id = $1',
          [data!.id],
        )
      ).rows[0]!;
    const past = '2026-01-01T00:00:00Z';
    await scene.sql.query('UPDATE device_token SET last_used_at = $2 WHERE id = $1', [data!.id, past]);
    const before = await used();
    const params = { path: { id, token_id: data!.id } };
    // A change of the account makes the server look up everybody.
    const changed = await scene.send('PATCH', '/accounts/1', { attributes: { checked: true } }, 'admin');
    expect(changed.status).toBe(200);
    await source.find(saved(await post(3)));
    expect(await used()).toEqual(before);
    await scene.as('accountAdmin').DELETE('/api/v3_0/users/{id}/tokens/{token_id}', { params });
    await source.ended;
    expect(await used()).toEqual(before);
    const refused = await scene.sql.query("SELECT FROM event WHERE name = 'device-token.refused'");
    expect(refused.rows).toEqual([]);
  });

  it('end when the user logs out or is deactivated', async () => {
    const browser = new Browser(other.url);
    await browser.submit('/login', { email: emailOf('member'), password: PASSWORD });
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const ofSession = await openEventSource(other.url, '/api/v3_0/events', { cookie });
    const ofToken = await listen('member');
    await browser.submit('/logout', {}, '/logged-in-user');
    await ofSession.ended;
    const start = await post();
    await ofToken.find(saved(start));
    const { rows } = await scene.sql.query<{ id: number }>(
      "SELECT id FROM fm_user WHERE username = 'member'",
    );
    const setActive = (active: boolean) => scene.send('PATCH', `/users/${rows[0]!.id}`, { active }, 'admin');
    expect((await setActive(false)).status).toBe(200);
    await ofToken.ended;
    expect((await listen('member')).status).toBe(401);
    await setActive(true);
  });

  it('tell of the progress of a job to those who may read all its sensors', async () => {
    const [source, stranger] = [await listen('accountAdmin', '?asset=3'), await listen('stranger')];
    const start = '2026-03-04T08:00:00+01:00';
    const { body } = await scene.send('POST', '/sensors/2/schedules/trigger', { ...HALF_A_DAY, start });
    const job = (body as { schedule: string }).schedule;
    await waitForSchedule(scene.as('accountAdmin'), job);
    await source.find(({ event }) => event === 'job.finished');
    const states = source.messages.filter(({ data }) => data['job'] === job).map(({ data }) => data['state']);
    expect(states).toEqual(['queued', 'started', 'finished']);
    expect(source.messages.find(({ event }) => event === 'schedule.stored')?.data).toMatchObject({
      sensors: [2],
      start: '2026-03-04T07:00:00.000Z',
    });
    const price = await post(3);
    await stranger.find(saved(price));
    expect(startsIn(stranger)).toEqual([price]);
    expect(stranger.messages.filter(({ data }) => data['job'] === job)).toEqual([]);
  });

  it('are bounded per user, and end with the server', async () => {
    const sources = [
      await listen('accountAdmin'),
      await listen('accountAdmin'),
      await listen('accountAdmin'),
    ];
    expect((await listen('accountAdmin')).status).toBe(429);
    sources[0]!.close();
    const again = await eventually(
      () => listen('accountAdmin'),
      ({ status }) => status === 200,
    );
    sources.push(again);
    await other.stop();
    await Promise.all(sources.slice(1).map(({ ended }) => ended));
    other = await startApi(scene.databaseUri);
  });
});
