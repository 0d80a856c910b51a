import { Fresh, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';
import { expectWithinLimits, watchServer, withOrdinaryRequests } from '../../harness/attacks/attack';
import { isThorough } from '../../harness/effort';
import { type ApiServer, startApi } from '../../harness/servers/api';

// A machine that others keep busy is no failure of the server.
jest.retryTimes(2);

/** A window of minutes; in thorough tests nearly a million, the most that one answer holds. */
const DAYS = isThorough ? 694 : 174;
const MINUTES = DAYS * 1440;
/** Minutes of a read that waits its turn, as larger ones do. */
const FEWER_MINUTES = isThorough ? MINUTES : 100_000;
const WINDOW = `start=2024-01-01T00:00Z&duration=PT${DAYS * 24}H`;
/** One answer of a million rows at a time, with the garbage of the one before. */
const MAX_RSS_MB = 600;
/** How many large answers an account asks for at once. */
const AT_ONCE = isThorough ? 12 : 2;
const ONE_DAY = '/api/v3_0/sensors/3/data?start=2026-03-04T00:00Z&duration=P1D';

describe('requests for much data', () => {
  let scene: Scene<ApiServer>;
  /** Sensors of minutes: with many values, with fewer, without, and with many beliefs about each minute of a day. */
  let full: number;
  let fewer: number;
  let empty: number;
  let updated: number;

  beforeAll(async () => {
    scene = await startScene({}, startApi);
    const fresh = new Fresh(scene.sql);
    const sensors: number[] = [];
    while (sensors.length < 4) sensors.push(await fresh.sensor());
    [full, fewer, empty, updated] = sensors as [number, number, number, number];
    await scene.sql.query(`UPDATE sensor SET event_resolution = '1 minute' WHERE id = ANY($1)`, [sensors]);
    const save = (sensor: number, minute: string, horizon: string, count: number) =>
      scene.sql.query(
        `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
         SELECT $1, timestamptz '2024-01-01T00:00Z' + ${minute} * interval '1 minute', ${horizon},
           (SELECT min(id) FROM data_source), 0.5, i::float8 / 8
         FROM generate_series(0, $2::int - 1) AS i`,
        [sensor, count],
      );
    await save(full, 'i', '0', MINUTES);
    await save(fewer, 'i', '0', FEWER_MINUTES);
    await save(updated, 'i % 1440', '-(i::bigint * 7919 % 20000000)', 1440 * 200);
    await scene.sql.query('VACUUM ANALYZE timed_belief');
  });
  afterAll(() => scene.stop());

  const get = (path: string, person: Person = 'accountAdmin', headers: Record<string, string> = {}) =>
    fetch(scene.api.url + path, { headers: { Authorization: scene.tokenOf(person), ...headers } });

  /** Asks while a user of another account asks for a day; returns the answer of a server that stayed responsive. */
  async function ask(path: string, headers?: Record<string, string>) {
    const seen = await watchServer(scene.api, () =>
      withOrdinaryRequests(
        async () => {
          const answer = await get(path, 'accountAdmin', headers);
          return { status: answer.status, headers: answer.headers, text: await answer.text() };
        },
        async () => (await get(ONE_DAY, 'reader')).status,
      ),
    );
    expect(new Set(seen.result.honest)).toEqual(new Set([200]));
    expectWithinLimits(seen, MAX_RSS_MB);
    return seen.result.result;
  }

  /** Asks again with the entity tag of an answer. */
  async function expectNotModified(url: string, answer: { headers: Headers }): Promise<void> {
    const tag = answer.headers.get('etag')!;
    expect(tag).toMatch(/^W\/"[\w+/-]+"$/);
    const again = await ask(url, { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag]);
  }

  it('sends very many values, and 304 to who has them', async () => {
    const url = `/api/v3_0/sensors/${full}/data?${WINDOW}`;
    const answer = await ask(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const { values, ...rest } = JSON.parse(answer.text) as { values: number[] };
    expect(values).toHaveLength(MINUTES);
    expect(values.findIndex((value, i) => value !== i / 8)).toBe(-1);
    expect(rest).toEqual({
      message: 'Request has been processed.',
      status: 'PROCESSED',
      start: '2024-01-01T00:00:00+00:00',
      duration: `PT${DAYS * 24}H`,
      resolution: 'PT1M',
      unit: 'MW',
    });
    const fields = ['message', 'status', 'values', 'start', 'duration', 'resolution', 'unit'];
    expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(fields);
    await expectNotModified(url, answer);
  });

  it('sends nulls where nothing is known', async () => {
    const { text } = await ask(`/api/v3_0/sensors/${empty}/data?${WINDOW}`);
    const { values } = JSON.parse(text) as { values: unknown[] };
    expect([values.length, values.every((value) => value === null)]).toEqual([MINUTES, true]);
  });

  it('sends the data of a chart of very many rows, and 304 to who has them', async () => {
    const url = `/api/dev/sensor/${full}/chart_data`;
    const answer = await ask(url);
    expect(answer.status).toBe(200);
    const rows = JSON.parse(answer.text) as { event_start: number; event_value: number }[];
    expect(rows).toHaveLength(MINUTES);
    expect(rows.findIndex(({ event_value: value }, i) => value !== i / 8)).toBe(-1);
    await expectNotModified(url, answer);
  });

  it('sends 304 to who has a chart with its data', async () => {
    const url = `/api/dev/sensor/${fewer}/chart?include_data=true`;
    const answer = await ask(url);
    expect(answer.status).toBe(200);
    await expectNotModified(url, answer);
  });

  it.each(['P1D', 'P1M'])('sends steps of %s over a thousand years', async (resolution) => {
    const { status } = await ask(
      `/api/v3_0/sensors/${full}/data?start=1500-01-01T00:00Z&duration=P1000Y&resolution=${resolution}`,
    );
    expect(status).toBe(200);
  });

  it.each([
    ['chart_data?resolution=PT2M', 200, () => full],
    ['chart_data?resolution=PT1H', 200, () => fewer],
    ['chart_data?resolution=PT1S', 422, () => full],
  ])('answers %s of a sensor of minutes with %d', async (path, status, sensor) => {
    expect((await ask(`/api/dev/sensor/${sensor()}/${path}`)).status).toBe(status);
  });

  it('refuses to join the parts of a day anew for each of very many beliefs', async () => {
    const { status, text } = await ask(
      `/api/dev/sensor/${updated}/chart_data?resolution=PT24H&most_recent_beliefs_only=false`,
    );
    expect(status).toBe(422);
    expect(text).toContain('too many belief times about the parts of longer events');
  });

  it.each([
    [`${MINUTES} values`, () => `/api/v3_0/sensors/${full}/data?${WINDOW}`],
    [`${FEWER_MINUTES} chart rows`, () => `/api/dev/sensor/${fewer}/chart_data`],
  ])('serves other accounts while one asks for %s several times at once', async (_what, urlOf) => {
    const url = urlOf();
    const seen = await watchServer(scene.api, () =>
      withOrdinaryRequests(
        () =>
          Promise.all(
            Array.from({ length: AT_ONCE }, async () => {
              const answer = await get(url);
              await answer.body!.pipeTo(new WritableStream());
              return answer.status;
            }),
          ),
        async () => (await get(ONE_DAY, 'reader')).status,
      ),
    );
    expect(new Set(seen.result.result)).toEqual(new Set([200]));
    expect(new Set(seen.result.honest)).toEqual(new Set([200]));
    expectWithinLimits(seen, MAX_RSS_MB);
  });
});
