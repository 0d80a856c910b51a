import { unprocessable } from '../../harness/contract/answers';
import { DAY, startScene, uniqueNumber, type Person, type Scene } from '../../harness/scenes/api-scene';

type Json = Record<string, unknown>;

describe('What belongs to an asset', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const send: Scene['send'] = (...request) => scene.send(...request);
  const get = (path: string, person?: Person) => send('GET', path, undefined, person);
  const idOf = ({ status, body }: Awaited<ReturnType<Scene['send']>>): number => {
    if (status !== 201) throw new Error(JSON.stringify(body));
    return (body as { id: number }).id;
  };
  const create = async (fields: Json = {}, person?: Person) =>
    idOf(
      await send(
        'POST',
        '/assets',
        { name: `asset ${uniqueNumber()}`, generic_asset_type_id: 5, account_id: 1, ...fields },
        person,
      ),
    );
  const createSensor = async (asset: number, fields: Json = {}, person?: Person) =>
    idOf(
      await send(
        'POST',
        '/sensors',
        {
          name: `power ${uniqueNumber()}`,
          unit: 'kW',
          event_resolution: 15,
          generic_asset_id: asset,
          ...fields,
        },
        person,
      ),
    );

  it('are its sensors, searched, ordered and in pages', async () => {
    const asset = await create();
    const hourly = await createSensor(asset, { name: 'alpha', event_resolution: 60 });
    const fine = await createSensor(asset, { name: 'beta' });
    const list = async (query: string) =>
      (await get(`/assets/${asset}/sensors${query}`)).body as { data: Json[] };
    expect(await list('')).toEqual({
      data: [
        {
          entity_address: expect.stringMatching(`:fm1.${hourly}$`) as string,
          event_resolution: 'PT1H',
          generic_asset_id: asset,
          id: hourly,
          name: 'alpha',
          timezone: 'UTC',
          unit: 'kW',
        },
        expect.objectContaining({ id: fine, event_resolution: 'PT15M' }),
      ],
      'filtered-records': 2,
      'num-records': 2,
    });
    expect(await list('?page=2&per-page=1')).toMatchObject({ data: [{ id: fine }], 'filtered-records': 2 });
    expect(await list('?sort-by=resolution')).toMatchObject({ data: [{ id: fine }, { id: hourly }] });
    expect(await list('?sort_by=name&sort_dir=desc')).toMatchObject({ data: [{ id: fine }, { id: hourly }] });
    expect(await list('?filter=bet%20gamma')).toMatchObject({ data: [{ id: fine }], 'num-records': 2 });
    expect(await list(`?filter=${hourly}`)).toMatchObject({ data: [{ id: hourly }] });
    expect((await get(`/assets/${asset}/sensors?sort_by=unit`)).status).toBe(422);
  });

  it('are its jobs and those of its sensors', async () => {
    const { body } = await get('/assets/3/jobs', 'member');
    const { jobs, redis_connection_err: failure } = body as { jobs: Json[]; redis_connection_err: null };
    expect(failure).toBeNull();
    const byId = new Map(jobs.map((job) => [job['job_id'], job]));
    expect(byId.get(scene.schedule)).toMatchObject({
      asset_or_sensor_type: 'sensor',
      entity: 'sensor: discharging (Id: 2)',
      err: null,
      queue: 'scheduling',
      status: 'finished',
    });
    expect(byId.get(scene.siteSchedule)).toMatchObject({ asset_or_sensor_type: 'asset', asset_id: 3 });
    expect((await get(`/assets/${await create()}/jobs`)).body).toEqual({
      jobs: [],
      redis_connection_err: null,
    });
  });

  it.each<[queue: string, kind: string, payloadOf: (sensor: number, hidden: number) => object]>([
    [
      'scheduling',
      'schedule',
      (sensor, hidden) => ({
        start: `${DAY}T00:00Z`,
        userId: 99,
        flexModel: [{ sensor }],
        flexContext: { 'consumption-price': { sensor: hidden } },
      }),
    ],
    [
      'forecasting',
      'requested-forecast',
      (sensorId, hidden) => ({ sensorId, userId: 99, config: { regressors: [{ sensor: hidden }] } }),
    ],
  ])('do not tell why a job failed to users who may not read all of its sensors: %s', async (...job) => {
    const [queue, kind, payloadOf] = job;
    const asset = await create();
    const sensor = await createSensor(asset);
    const hidden = await createSensor(await create({ account_id: 2 }, 'admin'), {}, 'admin');
    await scene.sql.query(
      `INSERT INTO job (id, fingerprint, queue, kind, state, payload, failure_reason)
       VALUES (gen_random_uuid(), gen_random_uuid(), $1, $2, 'failed', $3, 'UNKNOWN_PRICES: none')`,
      [queue, kind, JSON.stringify(payloadOf(sensor, hidden))],
    );
    const reason = async (person: Person) =>
      ((await get(`/assets/${asset}/jobs`, person)).body as { jobs: Json[] }).jobs[0]!['err'];
    expect(await reason('admin')).toBe('UnknownPricesException: none');
    expect(await reason('member')).toContain('Only users who may read all sensors');
  });

  it('are its key figures: the sum, mean, minimum or maximum of a period', async () => {
    const asset = await create();
    const costs = await createSensor(asset, { name: 'costs', unit: 'EUR', event_resolution: 'P1D' });
    const share = await createSensor(asset, { name: 'share', unit: '%', event_resolution: 'P1D' });
    const hidden = await createSensor(await create({ account_id: 2 }, 'admin'), {}, 'admin');
    const post = (sensor: number, unit: string, values: number[]) =>
      send('POST', '/sensors/data', {
        sensor,
        unit,
        values,
        start: '2026-03-01T00:00:00Z',
        duration: 'PT96H',
      });
    expect((await post(costs, 'EUR', [1, 2, 6, 50])).status).toBe(200);
    expect((await post(share, '%', [10, 20, 60, 90])).status).toBe(200);
    const shown = [
      { title: 'Costs', sensor: costs },
      { title: 'Share', sensor: share },
      { title: 'Best', sensor: costs, function: 'min' },
      { title: 'Worst', sensor: costs, function: 'max' },
    ];
    await send('PATCH', `/assets/${asset}`, { sensors_to_show_as_kpis: shown });
    await send(
      'PATCH',
      `/assets/${asset}`,
      { sensors_to_show_as_kpis: [...shown, { title: 'x', sensor: hidden }] },
      'admin',
    );
    const kpis = async (start: string, end: string) =>
      ((await get(`/assets/${asset}/kpis?start=${start}&end=${end}`)).body as { data: Json[] }).data.map(
        ({ title, downsample_value: value, downsample_function: name, unit }) => [title, name, value, unit],
      );
    expect(await kpis('2026-03-01T00:00Z', '2026-03-04T00:00Z')).toEqual([
      ['Costs', 'sum', 9, 'EUR'],
      ['Share', 'mean', 30, '%'],
      ['Best', 'min', 1, 'EUR'],
      ['Worst', 'max', 6, 'EUR'],
    ]);
    expect((await kpis('2020-03-01T00:00Z', '2020-03-04T00:00Z')).map(([, , value]) => value)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(await get(`/assets/${asset}/kpis?start=2026-03-04T00:00Z&end=2026-03-01T00:00Z`)).toMatchObject(
      unprocessable('query', { end: ['Must be after the start.'] }),
    );
    expect((await get(`/assets/${asset}/kpis`)).status).toBe(422);
    const many = Array.from({ length: 101 }, () => shown[0]);
    expect(await send('PATCH', `/assets/${asset}`, { sensors_to_show_as_kpis: many })).toMatchObject(
      unprocessable('json', { sensors_to_show_as_kpis: ['Longer than maximum length 100.'] }),
    );
  });

  it('are its annotations and those of its account, cut at the window', async () => {
    const asset = await create();
    await scene.sql.query(
      `WITH one AS (INSERT INTO annotation (content, start, "end", type, source_id)
         SELECT 'Holiday', '2026-03-01T00:00Z', '2026-03-03T00:00Z', 'holiday', min(id) FROM data_source RETURNING id)
       INSERT INTO annotations_assets (annotation_id, generic_asset_id) SELECT id, $1 FROM one`,
      [asset],
    );
    const [first, second, third] = [1, 2, 3].map((day) => Date.UTC(2026, 2, day));
    const list = async (query: string) =>
      ((await get(`/assets/${asset}/chart_annotations${query}`)).body as Json[]).map(
        ({ content, start, end }) => [content, start, end],
      );
    expect(await list('')).toEqual([[['Holiday'], first, third]]);
    expect(await list('?start=2026-03-02T00:00Z&duration=P5D')).toEqual([[['Holiday'], second, third]]);
    expect(await list('?event_starts_after=2026-03-02T00:00Z&clip=false')).toEqual([
      [['Holiday'], first, third],
    ]);
    expect(await list('?start=2026-03-03T00:00Z')).toEqual([]);
    expect((await get(`/assets/${asset}/chart_annotations?duration=P5D`)).status).toBe(422);
  });

  describe('a copy of it', () => {
    const copy = (asset: number, query = '', person?: Person) =>
      send('POST', `/assets/${asset}/copy${query}`, undefined, person);
    const copied = ({ status, body }: Awaited<ReturnType<typeof copy>>): number => {
      if (status !== 201) throw new Error(JSON.stringify(body));
      return (body as { asset: number }).asset;
    };
    const read = async (id: number, person?: Person) =>
      (await get(`/assets/${id}`, person)).body as Json & {
        child_assets: { id: number }[];
        sensors: { id: number; name: string }[];
      };

    it('has everything below it, and is about its own sensors', async () => {
      const site = await create({ name: 'home', external_id: 'home-1', description: 'A house' });
      const meter = await createSensor(site, { name: 'meter' });
      const battery = await create({ name: 'battery', parent_asset_id: site });
      const power = await createSensor(battery, {
        name: 'power',
        attributes: '{"consumption_is_positive": true}',
      });
      await send('PATCH', `/assets/${site}`, {
        flex_context: { 'consumption-price': { sensor: 3 }, 'inflexible-device-sensors': [meter] },
        sensors_to_show: [3, { title: 'Power', sensors: [meter, power] }],
        attributes: { a: 1 },
      });
      await send('PATCH', `/assets/${battery}`, {
        flex_model: { consumption: { sensor: power }, 'soc-max': '5 kWh' },
      });
      const answer = await copy(site);
      expect(answer).toMatchObject({ status: 201, body: { message: `Successfully copied asset ${site}.` } });
      const made = await read(copied(answer));
      const [newMeter] = made.sensors;
      const newBattery = await read(made.child_assets[0]!.id);
      const [newPower] = newBattery.sensors;
      expect(newMeter!.id).not.toBe(meter);
      expect(made).toMatchObject({
        name: 'home (Copy)',
        description: 'A house',
        external_id: null,
        flex_context: JSON.stringify({
          'consumption-price': { sensor: 3 },
          'inflexible-device-sensors': [newMeter!.id],
        }),
        sensors_to_show: JSON.stringify([3, { title: 'Power', sensors: [newMeter!.id, newPower!.id] }]),
      });
      expect(JSON.parse(newBattery['flex_model'] as string)).toEqual({
        consumption: { sensor: newPower!.id },
        'soc-max': '5 kWh',
      });
      expect((await read(copied(await copy(site))))['name']).toBe('home (Copy 2)');
      expect(await read(site)).toMatchObject({ external_id: 'home-1', name: 'home' });
    });

    it('goes where the query says, without sensors that the account there may not read', async () => {
      const asset = await create();
      const sensor = await createSensor(asset);
      const ownAsset = await create();
      const own = await createSensor(ownAsset);
      await send('PATCH', `/assets/${asset}`, {
        flex_context: { 'inflexible-device-sensors': [own] },
        flex_model: { sensor, group: { asset: ownAsset } },
        sensors_to_show: [{ title: 'x', plots: [{ asset: ownAsset, 'flex-model': 'soc-max' }] }],
      });
      const elsewhere = await read(copied(await copy(asset, '?account=2', 'admin')), 'admin');
      expect(elsewhere).toMatchObject({ account_id: 2, parent_asset_id: null, flex_context: '{}' });
      expect(elsewhere['sensors_to_show']).toBe('[]');
      expect(elsewhere['flex_model']).toBe(JSON.stringify({ sensor: elsewhere.sensors[0]!.id }));
      const below = await read(copied(await copy(asset, '?parent=3')));
      expect(below).toMatchObject({ account_id: 1, parent_asset_id: 3 });
      expect(below['flex_context']).toBe(JSON.stringify({ 'inflexible-device-sensors': [own] }));
      expect(JSON.parse(below['flex_model'] as string)).toMatchObject({ group: { asset: ownAsset } });
      expect((await copy(asset, `?parent=${asset}`)).status).toBe(422);
      expect((await copy(asset, '?parent=9999')).status).toBe(422);
      expect((await copy(asset, '?account=99', 'admin')).status).toBe(422);
      expect((await copy(asset, '?account=2')).status).toBe(403);
    });

    it('has a name of its own, also if it is made at the same time as others, and no half characters', async () => {
      const asset = await create({ name: `${'x'.repeat(72)}😀${'y'.repeat(6)}` });
      const copies = await Promise.all([1, 2, 3, 4].map(() => copy(asset)));
      const names = await Promise.all(copies.map(async (one) => (await read(copied(one)))['name']));
      expect(names.sort()).toEqual([
        `${'x'.repeat(71)} (Copy 2)`,
        `${'x'.repeat(71)} (Copy 3)`,
        `${'x'.repeat(71)} (Copy 4)`,
        `${'x'.repeat(72)} (Copy)`,
      ]);
    });

    it('of a public asset goes to the account of a user who may create assets there', async () => {
      expect(await read(copied(await copy(4, '?account=1')))).toMatchObject({ account_id: 1 });
      expect((await copy(4)).status).toBe(403);
    });
  });
});
