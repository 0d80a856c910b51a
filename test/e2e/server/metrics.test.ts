import { eventually } from '../../harness/eventually';
import { startScene, type Scene } from '../../harness/scenes/api-scene';
import { type ApiServer, startApi } from '../../harness/servers/api';

/** A value, with its labels. */
interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus strictly: every line is a comment about a metric, or a sample of the metric above. */
function parse(text: string): { samples: Sample[]; types: Record<string, string> } {
  const samples: Sample[] = [];
  const types: Record<string, string> = {};
  let current = '';
  for (const line of text.trim().split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue;
    const [, typed, type] = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (typed !== undefined) {
      expect(types[typed]).toBeUndefined();
      types[typed] = type!;
      current = typed;
      continue;
    }
    const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    expect(name.replace(/_(bucket|sum|count)$/, '')).toBe(current);
    expect(labels.replace(LABEL, '').replaceAll(',', '')).toBe('');
    expect(value).toMatch(/^(-?\d+(\.\d+)?(e[+-]?\d+)?|[+-]Inf|Nan)$/);
    samples.push({
      name,
      labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, label, text]) => [label!, text!])),
      value: Number(value),
    });
  }
  return { samples, types };
}

describe('/metrics', () => {
  let scene: Scene<ApiServer>;

  beforeAll(async () => {
    scene = await startScene({}, startApi);
  });
  afterAll(() => scene.stop());

  const get = (headers: Record<string, string> = {}, server = scene): Promise<Response> =>
    fetch(`${server.api.url}/metrics`, { headers });
  const samplesOf = async (name: string, server = scene): Promise<Sample[]> =>
    parse(await (await get({}, server)).text()).samples.filter((sample) => sample.name === name);

  it('has requests by route and status, without a label for each path', async () => {
    for (const path of ['/api/v3_0/assets/1', '/api/v3_0/assets/2', '/api/nothing/1', '/api/nothing/2'])
      await fetch(`${scene.api.url}${path}`);
    const counts = await samplesOf('flexmeasures_http_request_duration_seconds_count');
    expect(counts).toContainEqual(
      expect.objectContaining({
        labels: { method: 'GET', route: '/api/v3_0/assets/:id', status: '401' },
        value: 2,
      }),
    );
    expect(counts.filter(({ labels }) => labels['route'] === 'none')).toEqual([
      expect.objectContaining({ labels: { method: 'any', route: 'none', status: '404' }, value: 2 }),
    ]);
  });

  it('has open streams of events as a number, and not in the times of requests', async () => {
    const open = async () => (await samplesOf('flexmeasures_event_streams')).map(({ value }) => value);
    const counted = async () =>
      (await samplesOf('flexmeasures_http_request_duration_seconds_count')).filter(
        ({ labels }) => labels['route'] === '/api/v3_0/events' && labels['status'] === '200',
      );
    expect(await open()).toEqual([0]);
    const ended = new AbortController();
    const { status } = await fetch(`${scene.api.url}/api/v3_0/events`, {
      headers: { Authorization: scene.tokenOf('member') },
      signal: ended.signal,
    });
    expect(status).toBe(200);
    expect(await open()).toEqual([1]);
    ended.abort();
    await eventually(open, ([streams]) => streams === 0);
    expect(await counted()).toEqual([]);
  });

  it('has jobs by queue and state, their durations, event lag, and connections', async () => {
    await scene.sql.query('DELETE FROM job');
    await scene.sql.query(
      `INSERT INTO job (id, fingerprint, queue, kind, state, payload, started_at, ended_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'scheduling', 'schedule', 'finished', '{}',
         now() - seconds * interval '1 s', now() FROM unnest('{1,2,9}'::int[]) AS seconds`,
    );
    const { samples, types } = parse(await (await get()).text());
    const valueOf = (name: string, labels: Record<string, string> = {}) =>
      samples.find(
        (sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels),
      )?.value;
    expect(valueOf('flexmeasures_jobs', { queue: 'scheduling', state: 'finished' })).toBe(3);
    expect(valueOf('flexmeasures_jobs', { queue: 'forecasting', state: 'queued' })).toBe(0);
    expect(valueOf('flexmeasures_job_seconds', { kind: 'schedule', quantile: '0.5' })).toBe(2);
    expect(valueOf('flexmeasures_job_seconds', { kind: 'schedule', quantile: '1' })).toBe(9);
    const lags = samples.filter(({ name }) => name === 'flexmeasures_event_lag_seconds');
    expect(lags.map(({ labels }) => labels['subscription'])).toContain('queues.task-runs');
    const busy = valueOf('flexmeasures_database_connections', { use: 'busy' })!;
    const idle = valueOf('flexmeasures_database_connections', { use: 'idle' })!;
    expect(busy + idle).toBeGreaterThan(0);
    expect(valueOf('flexmeasures_database_up')).toBe(1);
    expect(valueOf('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(types).toMatchObject({
      flexmeasures_http_request_duration_seconds: 'histogram',
      process_cpu_seconds_total: 'counter',
      flexmeasures_jobs: 'gauge',
    });
  });

  it('has the same values for programs that ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, async () => (await get()).text()));
    for (const text of answers) {
      const up = parse(text).samples.find(({ name }) => name === 'flexmeasures_database_up');
      expect(up?.value).toBe(1);
      const queues = parse(text).samples.filter(({ name }) => name === 'flexmeasures_jobs');
      const inDatabase = await scene.sql.query<{ count: number }>('SELECT count(*)::int AS count FROM job');
      expect(queues.reduce((sum, { value }) => sum + value, 0)).toBe(inDatabase.rows[0]!.count);
    }
  });

  it('has the use of old API versions', async () => {
    await scene.sql.query(
      "INSERT INTO api_version_use (version, user_id, requests, last_used_at) SELECT 'v2_0', id, 7, now() FROM fm_user LIMIT 1",
    );
    expect(await samplesOf('flexmeasures_old_api_requests_total')).toEqual([
      { name: 'flexmeasures_old_api_requests_total', labels: { version: 'v2_0' }, value: 7 },
    ]);
  });

  it('is for this machine only without a token, also behind a proxy that is not trusted', async () => {
    expect((await get({ 'X-Forwarded-For': '203.0.113.7' })).status).toBe(403);
    expect((await get({ Forwarded: 'for=203.0.113.7' })).status).toBe(403);
    expect((await get({ 'X-Real-IP': '203.0.113.7' })).status).toBe(403);
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it('needs the token if there is one', async () => {
    const guarded = await startScene({ FLEXMEASURES_METRICS_TOKEN: 'metrics-secret' }, startApi);
    try {
      for (const authorization of [undefined, 'Bearer wrong', 'metrics-secret', 'Bearer ']) {
        const answer = await get(
          authorization === undefined ? {} : { Authorization: authorization },
          guarded,
        );
        expect(answer.status).toBe(401);
      }
      expect((await get({ Authorization: 'Bearer metrics-secret' }, guarded)).status).toBe(200);
    } finally {
      await guarded.stop();
    }
  });
});
