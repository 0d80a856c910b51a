import { compile, type TopLevelSpec } from 'vega-lite';
import { DAY, PRICES, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse(`${DAY}T07:00:00+01:00`);

interface Row {
  event_start: number;
  belief_time?: number;
  belief_horizon: number;
  source: { id: number; name: string; model: string; type: string; description: string };
  cumulative_probability: number;
  event_value: number | null;
  sensor: { id: number; name: string };
}

/** Chart data as columns. */
interface Columns {
  sensors: { id: number; unit: string; event_resolution: number }[];
  sources: Row['source'][];
  series: {
    sensor: number;
    source: number;
    bucket: number | null;
    event_starts: number[];
    event_values: number[];
    belief_times?: number[];
  }[];
}

interface Chart {
  title?: string;
  width?: number | string;
  height?: number;
  data: { name: string };
  datasets?: Record<string, Row[]>;
  vconcat?: { title: string; width: number | string; height: number }[];
  config: { background?: string };
}

describe('Charts API', () => {
  let scene: Scene;
  /** An asset that only the other account may read, and its sensor. */
  let secret: { sensorId: number; assetId: number };

  const get = (path: string, person: Person = 'member') =>
    scene.api.request('GET', path, { token: scene.tokenOf(person) });
  const chartOf = async (path: string, person?: Person): Promise<Chart> => {
    const { status, body } = await get(path, person);
    expect(status).toBe(200);
    return body as Chart;
  };
  const rowsOf = async (path: string, person?: Person): Promise<Row[]> => {
    const { status, body } = await get(path, person);
    expect(status).toBe(200);
    return body as Row[];
  };
  const columnsOf = async (path: string, person?: Person): Promise<Columns> => {
    const { status, body } = await get(path, person);
    expect(status).toBe(200);
    return body as Columns;
  };
  const inserted = async (sql: string, values: unknown[] = []): Promise<number> =>
    (await scene.sql.query<{ id: number }>(sql, values)).rows[0]!.id;
  const showSensors = (sensors: unknown) =>
    scene.sql.query(
      `UPDATE generic_asset SET attributes = attributes || jsonb_build_object('sensors_to_show', $1::jsonb) WHERE id = 3`,
      [JSON.stringify(sensors)],
    );

  beforeAll(async () => {
    scene = await startScene();
    const assetId = await inserted(
      `INSERT INTO generic_asset (name, generic_asset_type_id, account_id) VALUES ('secret plant', 1, 2) RETURNING id`,
    );
    const sensorId = await inserted(
      `INSERT INTO sensor (name, unit, event_resolution, generic_asset_id) VALUES ('secret', 'MW', 'PT15M', $1) RETURNING id`,
      [assetId],
    );
    secret = { sensorId, assetId };
    const values = [{ sensor: sensorId, start: `${DAY}T07:00:00+01:00`, duration: 'PT1H', unit: 'MW' }];
    for (const post of values) {
      const answer = await scene.api.request('POST', '/api/v3_0/sensors/data', {
        token: scene.tokenOf('stranger'),
        json: { ...post, sensor: `ea1.2026-12.localhost:fm1.${post.sensor}`, values: [1, 2, 3, 4] },
      });
      expect(answer.status).toBe(200);
    }
  });
  afterAll(() => scene.stop());

  it('returns an asset chart with one panel per sensor to show', async () => {
    const chart = await chartOf('/api/v3_0/assets/3/chart/');
    expect(chart.data).toEqual({ name: 'asset_3' });
    expect(chart.datasets).toBeUndefined();
    expect(chart.vconcat).toMatchObject([
      { title: 'Day ahead prices (NL transmission zone)', width: 'container', height: 300 },
      { title: 'discharging', width: 'container', height: 300 },
    ]);
    const sized = await chartOf('/api/v3_0/assets/3/chart?width=640&height=120&theme=dark');
    expect(sized.vconcat).toMatchObject([
      { width: 640, height: 120 },
      { width: 640, height: 120 },
    ]);
    expect(sized.config.background).toMatch(/^#/);
  });

  it('returns a sensor chart, with data if requested', async () => {
    const chart = await chartOf('/api/dev/sensor/3/chart/');
    expect(chart).toMatchObject({ title: 'Day ahead prices', data: { name: 'sensor_3' }, height: 300 });
    const full = await chartOf(
      `/api/dev/sensor/3/chart?include_data=true&event_starts_after=${DAY}T00:00Z&event_ends_before=${DAY}T02:00Z&width=400`,
    );
    expect(full.width).toBe(400);
    expect(full.datasets?.['sensor_3']?.map(({ event_value }) => event_value)).toEqual(PRICES.slice(0, 2));
    expect(full.datasets?.['sensor_3_annotations']).toEqual([]);
    compile(full as unknown as TopLevelSpec);
  });

  it('returns the data of an asset by event, with sources', async () => {
    const rows = await rowsOf('/api/v3_0/assets/3/chart_data/');
    expect(rows.map(({ event_start }) => event_start)).toEqual(
      rows.map(({ event_start }) => event_start).toSorted((one, other) => one - other),
    );
    const prices = rows.filter(({ sensor }) => sensor.id === 3);
    const power = rows.filter(({ sensor }) => sensor.id === 2);
    // Hourly prices come in the steps of the power, which are the finest.
    expect([prices.length, power.length]).toEqual([4 * 24, 48]);
    const dayStart = Date.parse(`${DAY}T00:00:00Z`);
    expect(prices.map(({ event_start, event_value }) => [event_start, event_value])).toEqual(
      Array.from({ length: 4 * 24 }, (_, i) => [dayStart + (i * HOUR_MS) / 4, PRICES[Math.floor(i / 4)]]),
    );
    expect(power[0]).toEqual({
      event_start: START_MS,
      belief_horizon: expect.any(Number) as number,
      source: {
        id: expect.any(Number) as number,
        name: 'Seita',
        model: 'StorageScheduler (v1)',
        type: 'scheduler',
        description: "Seita's StorageScheduler (v1) model",
      },
      cumulative_probability: 0.5,
      event_value: expect.any(Number) as number,
      sensor: { id: 2, name: 'discharging' },
    });
    const full = await chartOf('/api/v3_0/assets/3/chart?include_data=true');
    expect(full.datasets?.['asset_3']).toEqual(rows);
  });

  it('returns belief times according to the knowledge horizon of the sensor', async () => {
    const [price] = await rowsOf('/api/dev/sensor/3/chart_data/');
    expect(price?.belief_time).toBeDefined();
    const knownAt = Date.parse('2026-03-03T12:00:00+01:00');
    expect(price!.belief_time! + price!.belief_horizon).toBe(knownAt);
  });

  it('returns data in the requested resolution', async () => {
    const window = `event_starts_after=${DAY}T07:00%2B01:00&event_ends_before=${DAY}T09:00%2B01:00`;
    const quarters = await rowsOf(`/api/dev/sensor/2/chart_data?${window}`);
    const hours = await rowsOf(`/api/dev/sensor/2/chart_data?${window}&resolution=PT1H`);
    expect(quarters).toHaveLength(8);
    expect(hours.map(({ event_start }) => event_start)).toEqual([START_MS, START_MS + HOUR_MS]);
    const mean = quarters.slice(0, 4).reduce((sum, { event_value }) => sum + event_value! / 4, 0);
    expect(hours[0]?.event_value).toBeCloseTo(mean, 9);
    expect(hours[0]?.belief_time).toBe(quarters[0]?.belief_time);
    expect(await rowsOf(`/api/dev/sensor/2/chart_data?${window}&resolution=PT5M`)).toHaveLength(24);
  });

  it('returns the data of an asset as columns, each sensor in its own resolution', async () => {
    const rows = (id: number) => rowsOf(`/api/dev/sensor/${id}/chart_data`);
    const { sensors, sources, series } = await columnsOf('/api/v3_0/assets/3/chart_data?format=columns');
    expect(sensors.map(({ id, unit, event_resolution }) => [id, unit, event_resolution])).toEqual([
      [3, 'EUR/MWh', HOUR_MS],
      [2, 'MW', HOUR_MS / 4],
    ]);
    expect(series.map(({ sensor }) => sensor)).toEqual([3, 2]);
    for (const one of series) {
      const same = await rows(one.sensor);
      const columns = {
        event_starts: same.map(({ event_start }) => event_start),
        belief_horizons: same.map(({ belief_horizon }) => belief_horizon),
        event_values: same.map(({ event_value }) => event_value),
      };
      expect(one).toMatchObject({ ...columns, cumulative_probability: 0.5, bucket: null });
      expect(sources.find(({ id }) => id === one.source)).toEqual(same[0]!.source);
    }
  });

  it('returns buckets with minimum, mean and maximum where a window has more events', async () => {
    const startMs = Date.parse(`${DAY}T00:00:00Z`);
    const [start, end] = [startMs, startMs + 24 * HOUR_MS].map((ms) => new Date(ms).toISOString());
    const window = `event_starts_after=${start}&event_ends_before=${end}`;
    const path = `/api/dev/sensor/3/chart_data?format=columns&${window}`;
    const { series } = await columnsOf(`${path}&buckets=5`);
    const hours = Array.from({ length: 5 }, (_, i) => PRICES.slice(5 * i, 5 * i + 5));
    expect(series).toEqual([
      {
        ...{
          sensor: 3,
          source: expect.any(Number) as number,
          cumulative_probability: 0.5,
          bucket: 5 * HOUR_MS,
        },
        event_starts: hours.map((_, i) => startMs + 5 * i * HOUR_MS),
        event_values: hours.map(
          (prices) =>
            expect.closeTo(prices.reduce((sum, price) => sum + price, 0) / prices.length, 9) as number,
        ),
        minima: hours.map((prices) => Math.min(...prices)),
        maxima: hours.map((prices) => Math.max(...prices)),
      },
    ]);
    // As many buckets as events: the events themselves.
    expect(await columnsOf(`${path}&buckets=24`)).toEqual(await columnsOf(path));
    // Also in a longer window without other events.
    const week = path.replace(end!, new Date(startMs + 7 * 24 * HOUR_MS).toISOString());
    expect(await columnsOf(`${week}&buckets=24`)).toEqual(await columnsOf(path));
    // Without a window, buckets go from the first to the last event of each sensor.
    const all = await columnsOf('/api/v3_0/assets/3/chart_data?format=columns&buckets=1');
    expect(all.series.map(({ event_starts: starts, bucket }) => [starts, bucket])).toEqual([
      [[startMs], 24 * HOUR_MS],
      [[START_MS], 12 * HOUR_MS],
    ]);
  });

  it('returns data as known at a time, and data that became known later', async () => {
    const sourceId = (await rowsOf('/api/dev/sensor/3/chart_data'))[0]!.source.id;
    await scene.sql.query(
      `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
       SELECT 3, $1, horizon, $2, probability, value
       FROM (VALUES (86400000, 0.5, 40.0), (43200000, 0.1, 30.0), (43200000, 0.5, 41.0), (43200000, 0.9, 50.0))
         AS row (horizon, probability, value)`,
      ['2027-06-01T00:00Z', sourceId],
    );
    const known = (query: string) =>
      rowsOf(`/api/dev/sensor/3/chart_data?event_starts_after=2027-01-01T00:00Z${query}`);
    const latest = await known('');
    expect(latest.map((row) => [row.cumulative_probability, row.event_value])).toEqual([
      [0.1, 30],
      [0.5, 41],
      [0.9, 50],
    ]);
    const all = await known('&most_recent_beliefs_only=false');
    expect(all.map(({ event_value }) => event_value)).toEqual([40, 30, 41, 50]);
    const between = new Date((all[0]!.belief_time! + all[1]!.belief_time!) / 2).toISOString();
    expect((await known(`&beliefs_before=${between}`)).map(({ event_value }) => event_value)).toEqual([40]);
    expect(await known(`&most_recent_beliefs_only=false&beliefs_after=${between}`)).toHaveLength(3);
    expect(await known('&event_ends_before=2027-01-02T00:00Z')).toEqual([]);
    // As columns, with the same times of recording, from which a client can replay what was known.
    const { series } = await columnsOf(
      '/api/dev/sensor/3/chart_data?event_starts_after=2027-01-01T00:00Z&format=columns&belief_times=yes&most_recent_beliefs_only=false',
    );
    const recorded = series.flatMap(({ belief_times: times = [], event_values: values }) =>
      times.map((time, i) => `${time}: ${values[i]}`),
    );
    expect(recorded.sort()).toEqual(
      all.map(({ belief_time: time, event_value: value }) => `${time}: ${value}`).sort(),
    );
  });

  it('returns names, time zones and time ranges', async () => {
    expect((await get('/api/dev/asset/3')).body).toMatchObject({
      name: 'toy-battery',
      timezone: 'Europe/Amsterdam',
      timerange_of_sensors_to_show: { start: 'Wed, 04 Mar 2026 00:00:00 GMT' },
    });
    expect((await get('/api/dev/sensor/2/')).body).toEqual({
      name: 'discharging',
      timezone: 'Europe/Amsterdam',
      timerange: { start: 'Wed, 04 Mar 2026 06:00:00 GMT', end: 'Wed, 04 Mar 2026 18:00:00 GMT' },
      panels: [expect.objectContaining({ title: 'discharging', unit: 'MW' })],
      status: 200,
    });
    const empty = (await get('/api/dev/asset/1/')).body as {
      timerange_of_sensors_to_show: { start: string };
    };
    expect(Date.now() - Date.parse(empty.timerange_of_sensors_to_show.start)).toBeLessThan(60_000);
  });

  it('returns annotations of the sensor, its asset and its account', async () => {
    const annotate = async (content: string, table: string, column: string, id: number) => {
      const annotation = await inserted(
        `INSERT INTO annotation (content, start, "end", type, source_id)
         SELECT $1, '2026-03-04T00:00Z', '2026-03-05T00:00Z', 'holiday', min(id) FROM data_source RETURNING id`,
        [content],
      );
      await scene.sql.query(`INSERT INTO ${table} (annotation_id, ${column}) VALUES ($1, $2)`, [
        annotation,
        id,
      ]);
    };
    const long = 'A remark that is much too long to be read on a single line of a small chart';
    await annotate('of the sensor', 'annotations_sensors', 'sensor_id', 2);
    await annotate(long, 'annotations_assets', 'generic_asset_id', 3);
    await annotate('of the account', 'annotations_accounts', 'account_id', 1);
    await annotate('of strangers', 'annotations_accounts', 'account_id', 2);
    const contents = async (query = '') =>
      ((await get(`/api/dev/sensor/2/chart_annotations${query}`)).body as { content: string[] }[]).map(
        ({ content }) => content,
      );
    expect(await contents('/')).toEqual([
      ['of the sensor'],
      ['A remark that is much too long to be read on a single line', 'of a small chart'],
      ['of the account'],
    ]);
    expect(await contents('?event_starts_after=2026-03-05T00:00Z')).toEqual([]);
    expect(await contents('?event_ends_before=2026-03-04T00:00Z')).toEqual([]);
    expect(await contents('?event_starts_after=2026-03-04T23:00Z')).toHaveLength(3);
    const { datasets } = await chartOf('/api/dev/sensor/2/chart?include_data=true');
    expect(datasets?.['sensor_2_annotations']).toHaveLength(3);
  });

  it('answers 304 while the content is unchanged', async () => {
    const tags = new Set<string>();
    const paths = [
      '/api/v3_0/assets/3/chart',
      '/api/v3_0/assets/3/chart_data',
      '/api/dev/sensor/3/chart?include_data=true',
      '/api/dev/sensor/2/chart_annotations/',
    ];
    for (const path of paths) {
      const ask = (headers: Record<string, string>) =>
        scene.api.fetch(
          new Request(scene.api.url + path, {
            headers: { Authorization: scene.tokenOf('member'), ...headers },
          }),
        );
      const tag = (await ask({})).headers.get('etag')!;
      tags.add(tag);
      expect((await ask({ 'If-None-Match': tag })).status).toBe(304);
      expect((await ask({ 'If-None-Match': `W/"other", ${tag}` })).status).toBe(304);
      expect((await ask({ 'If-None-Match': tag.replace('W/', '') })).status).toBe(304);
      expect((await ask({ 'If-None-Match': '*' })).status).toBe(304);
      expect((await ask({ 'If-None-Match': tag, 'Cache-Control': 'no-cache' })).status).toBe(304);
      expect((await ask({ 'If-None-Match': 'W/"other"' })).status).toBe(200);
    }
    expect(tags.size).toBe(paths.length);
  });

  it('never returns data that the user may not read', async () => {
    await showSensors([3, [2, secret.sensorId], secret.sensorId, 9999, 'x', null, [[2]], -1]);
    const full = await get('/api/v3_0/assets/3/chart?include_data=true');
    const chart = full.body as Chart;
    expect(chart.vconcat?.map(({ title }) => title)).toEqual([
      'Day ahead prices (NL transmission zone)',
      'discharging',
    ]);
    expect(JSON.stringify(full.body)).not.toContain('secret');
    const shown = new Set((await rowsOf('/api/v3_0/assets/3/chart_data')).map(({ sensor }) => sensor.id));
    expect(shown).toEqual(new Set([2, 3]));
    const columns = await columnsOf('/api/v3_0/assets/3/chart_data?format=columns');
    expect(columns.sensors.map(({ id }) => id)).toEqual([3, 2]);
    expect(new Set(columns.series.map(({ sensor }) => sensor))).toEqual(new Set([2, 3]));
    const before = (await get('/api/dev/asset/3/')).body;
    await scene.sql.query(
      `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, event_value)
       SELECT $1, '2099-01-01T00:00Z', 0, min(id), 1 FROM data_source`,
      [secret.sensorId],
    );
    expect((await get('/api/dev/asset/3/')).body).toEqual(before);
    // Users with read permission on everything see it.
    const all = await chartOf('/api/v3_0/assets/3/chart?include_data=true', 'reader');
    expect(all.vconcat?.[1]?.title).toBe('discharging, secret (secret plant)');
    expect(all.datasets?.['asset_3']?.some(({ sensor }) => sensor.id === secret.sensorId)).toBe(true);
    await showSensors([secret.sensorId]);
    expect((await chartOf('/api/v3_0/assets/3/chart')).vconcat).toEqual([]);
    await showSensors([3, 2]);
  });

  it.each([
    ['/api/v3_0/assets/3/chart', { member: 200, stranger: 403, reader: 200, nobody: 401 }],
    ['/api/v3_0/assets/3/chart_data/', { member: 200, stranger: 403, reader: 200, nobody: 401 }],
    ['/api/dev/asset/3/', { member: 200, stranger: 403, reader: 200, nobody: 401 }],
    ['/api/dev/sensor/2/', { member: 200, stranger: 403, reader: 200, nobody: 401 }],
    ['/api/dev/sensor/2/chart', { member: 200, stranger: 403, reader: 200, nobody: 401 }],
    ['/api/dev/sensor/2/chart_data', { member: 200, stranger: 403, reader: 200, nobody: 401 }],
    ['/api/dev/sensor/2/chart_annotations', { member: 200, stranger: 403, reader: 200, nobody: 401 }],
    ['/api/dev/sensor/3/chart', { member: 200, stranger: 200, reader: 200, nobody: 401 }],
    ['/api/v3_0/assets/9999/chart', { member: 404, nobody: 401 }],
    ['/api/dev/asset/9999/', { member: 404, nobody: 401 }],
    ['/api/dev/sensor/9999/chart', { member: 422, nobody: 401 }],
    ['/api/dev/sensor/9999/', { member: 422, nobody: 401 }],
  ])('answers %s according to the permissions of the user', async (path, expected) => {
    for (const [who, status] of Object.entries(expected)) {
      const token = who === 'nobody' ? undefined : scene.tokenOf(who as Person);
      expect([who, (await scene.api.request('GET', path, { token })).status]).toEqual([who, status]);
    }
  });

  it.each([
    ['chart?event_starts_after=2026-03-04T00:00', 'event_starts_after', 'Not a valid aware datetime.'],
    ['chart?beliefs_before=soon', 'beliefs_before', 'Not a valid datetime.'],
    ['chart?include_data=perhaps', 'include_data', 'Not a valid boolean.'],
    ['chart?width=0', 'width', 'Must be greater than or equal to 1.'],
    ['chart?height=wide', 'height', 'Not a valid integer.'],
    ['chart?theme=rainbow', 'theme', 'Must be one of: default, dark.'],
    ['chart_data?most_recent_beliefs_only=2', 'most_recent_beliefs_only', 'Not a valid boolean.'],
    ['chart_data?resolution=PT7M', 'resolution', 'One resolution must be a multiple of the other.'],
    ['chart_data?resolution=PT0H', 'resolution', 'One resolution must be a multiple of the other.'],
    ['chart_data?resolution=-PT1H', 'resolution', 'The duration must not be negative.'],
    ['chart_data?format=csv', 'format', 'Must be one of: rows, columns.'],
    ['chart_data?buckets=100', 'buckets', 'Needs format=columns.'],
    ['chart_data?belief_times=yes', 'belief_times', 'Needs format=columns.'],
    ['chart_data?format=columns&buckets=0', 'buckets', 'Must be greater than or equal to 1.'],
    ['chart_data?format=columns&buckets=10001', 'buckets', 'Must be less than or equal to 10000.'],
    [
      'chart_data?format=columns&buckets=9&most_recent_beliefs_only=false',
      'buckets',
      'Needs most_recent_beliefs_only=true.',
    ],
    [
      'chart_data?format=columns&resolution=PT1H',
      'resolution',
      'Columns have the resolution of the sensor, or buckets.',
    ],
    ['chart_data?resolution=PT0.001S', 'resolution', 'Ask for longer steps, or for a shorter window.'],
  ])('rejects %s', async (request, field, reason) => {
    expect(await get(`/api/dev/sensor/2/${request}`)).toMatchObject({
      status: 422,
      body: { message: { query: { [field]: [reason] } }, result: 'Rejected', status: 'UNPROCESSABLE_ENTITY' },
    });
  });

  it('serves the libraries that draw the charts', async () => {
    for (const name of ['vega', 'vega-lite', 'vega-embed', 'vega-interpreter']) {
      const answer = await fetch(`${scene.api.url}/static/charts/${name}.min.js`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('javascript');
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect((await answer.text()).length).toBeGreaterThan(1000);
    }
    expect((await fetch(`${scene.api.url}/static/charts/..%2f..%2fpackage.json`)).status).toBe(404);
  });
});
