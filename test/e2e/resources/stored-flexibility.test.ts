import { unprocessable } from '../../harness/contract/answers';
import { eventually } from '../../harness/eventually';
import {
  DAY,
  startScene,
  uniqueNumber,
  waitForSchedule,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';

type Json = Record<string, unknown>;

describe('Flexibility that assets store', () => {
  let scene: Scene;
  /** A site of the toy account with two batteries below it; each has one power sensor. */
  let site: number;
  let batteries: { asset: number; sensor: number }[];

  beforeAll(async () => {
    scene = await startScene();
    site = await create();
    batteries = [];
    for (let i = 0; i < 2; i++) {
      const asset = await create({ parent_asset_id: site });
      batteries.push({ asset, sensor: await createSensor(asset) });
    }
  });
  afterAll(() => scene.stop());

  const send: Scene['send'] = (...request) => scene.send(...request);
  const get = (path: string) => send('GET', path, undefined);
  const idOf = ({ status, body }: Awaited<ReturnType<Scene['send']>>): number => {
    if (status !== 201) throw new Error(JSON.stringify(body));
    return (body as { id: number }).id;
  };
  const create = async (fields: Json = {}, person?: Person): Promise<number> =>
    idOf(
      await send(
        'POST',
        '/assets',
        { name: `asset ${uniqueNumber()}`, generic_asset_type_id: 5, account_id: 1, ...fields },
        person,
      ),
    );
  const createSensor = async (asset: number, fields: Json = {}, person?: Person): Promise<number> =>
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
  const store = (asset: number, fields: Json, person?: Person) =>
    send('PATCH', `/assets/${asset}`, fields, person);
  const stored = async (asset: number) => {
    const { flex_model: model, flex_context: context } = (await get(`/assets/${asset}`)).body as Record<
      string,
      string
    >;
    return { model: JSON.parse(model!) as Json, context: JSON.parse(context!) as Json };
  };

  const START = { start: `${DAY}T07:00:00+01:00`, duration: 'PT12H' };
  const BATTERY = { 'soc-max': '10 kWh', 'soc-at-start': '5 kWh', 'power-capacity': '5 kW' };
  const trigger = (asset: number, body: Json = {}, person?: Person) =>
    send(
      'POST',
      `/assets/${asset}/schedules/trigger`,
      { ...START, force_new_job_creation: true, ...body },
      person,
    );
  const triggerSensor = (sensor: number, body: Json = {}) =>
    send('POST', `/sensors/${sensor}/schedules/trigger`, { ...START, force_new_job_creation: true, ...body });
  const scheduleOf = async ({ status, body }: Awaited<ReturnType<typeof trigger>>, sensor: number) => {
    if (status !== 200) throw new Error(JSON.stringify(body));
    const { schedule } = body as { schedule: string };
    return (await waitForSchedule(scene.as('accountAdmin'), schedule, 'PT12H', sensor)).data!;
  };
  const highest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

  it('is stored as JSON or as text, and read as text', async () => {
    const context = { 'consumption-price': { sensor: 3 }, 'site-power-capacity': '500 kVA' };
    expect((await store(site, { flex_context: context })).status).toBe(200);
    expect((await stored(site)).context).toEqual(context);
    expect((await store(site, { flex_context: '{"consumption-price": {"sensor": 3}}' })).body).toMatchObject({
      flex_context: '{"consumption-price":{"sensor":3}}',
    });
  });

  it.each([
    [{ flex_model: { foo: 1 } }, { 'flex_model.foo': ['Unknown field.'] }],
    [
      { flex_model: { 'soc-max': '10 kW', 'power-capacity': '-5 kW' } },
      {
        'flex_model.soc-max': [expect.stringContaining('Not a valid number or quantity of energy')],
        'flex_model.power-capacity': ['Must be greater than or equal to 0.'],
      },
    ],
    [{ flex_model: { 'soc-min': null } }, { 'flex_model.soc-min': ['Field may not be null.'] }],
    [
      { flex_model: { 'soc-max': { sensor: 'x' } } },
      { 'flex_model.soc-max.sensor': ['the id of a sensor is needed.'] },
    ],
    [
      { flex_model: { 'soc-max': { sensor: 9999 } } },
      { 'flex_model.soc-max.sensor': ['No sensor found with id 9999.'] },
    ],
    [
      { flex_model: { sensor: 3 } },
      { 'flex_model.sensor': [expect.stringContaining('sensor 3 is in EUR/MWh')] },
    ],
    [
      { flex_model: { group: { asset: 9999 } } },
      { 'flex_model.group.asset': ['No asset found with id 9999.'] },
    ],
    [
      { flex_model: { group: { asset: 3_000_000_000 } } },
      { 'flex_model.group.asset': ['No asset found with id 3000000000.'] },
    ],
    [
      { flex_model: { 'soc-minima': [{ value: '1 kWh', datetime: `${DAY}T07:00Z` }] } },
      { 'flex_model.soc-minima': [expect.stringContaining('A series cannot be stored')] },
    ],
    [
      { flex_model: { 'prefer-charging-sooner': 'yes' } },
      { 'flex_model.prefer-charging-sooner': ['true or false is needed.'] },
    ],
    [
      { flex_context: { 'consumption-price': '3 kW' } },
      { 'flex_context.consumption-price': ['kW is not a price per MWh.'] },
    ],
    [
      { flex_context: { 'inflexible-device-sensors': [3] } },
      {
        'flex_context.inflexible-device-sensors': {
          0: [expect.stringContaining('cannot be converted to MW')],
        },
      },
    ],
    [{ flex_context: '[1]' }, { flex_context: ['Not a valid mapping.'] }],
    [{ flex_model: '{' }, { flex_model: ['Not a valid JSON string.'] }],
  ])('is refused with the path of the field: %j', async (fields, reasons) => {
    const answer = await store(site, fields);
    expect(answer).toMatchObject({ status: 422, body: { message: { json: expect.anything() as unknown } } });
    const { json } = (answer.body as { message: { json: Json } }).message;
    const flat = (value: unknown, path = ''): [string, unknown][] =>
      Array.isArray(value) || typeof value !== 'object' || value === null
        ? [[path, value]]
        : Object.entries(value).flatMap(([name, part]) => flat(part, path === '' ? name : `${path}.${name}`));
    expect(Object.fromEntries(flat(json))).toEqual(Object.fromEntries(flat(reasons)));
  });

  it('may only name sensors that the user can read', async () => {
    const hidden = await createSensor(await create({ account_id: 2 }, 'admin'), {}, 'admin');
    const context = { 'inflexible-device-sensors': [hidden] };
    expect((await store(site, { flex_context: context })).status).toBe(403);
    expect((await store(site, { sensors_to_show: [hidden] })).status).toBe(403);
    const own = await create({ flex_model: BATTERY, flex_context: { 'consumption-price': { sensor: 3 } } });
    const sensor = await createSensor(own);
    expect(
      (await store(own, { flex_model: { ...BATTERY, 'soc-usage': [{ sensor: hidden }] } }, 'admin')).status,
    ).toBe(200);
    // Who stored it does not matter: the account of the asset must be able to read it.
    for (const person of ['accountAdmin', 'admin'] as const)
      expect((await trigger(own, {}, person)).status).toBe(403);
    // A user may keep what others have stored.
    expect(
      (
        await store(own, {
          flex_model: { ...BATTERY, 'soc-usage': [{ sensor: hidden }], 'soc-min': '1 kWh' },
        })
      ).status,
    ).toBe(200);
    expect(sensor).toBeGreaterThan(0);
  });

  it('may only name assets that the user can read', async () => {
    const theirs = await create({ account_id: 2 }, 'admin');
    expect(await store(site, { flex_model: { group: { asset: theirs } } })).toMatchObject({
      status: 403,
      body: { message: `flex_model.group.asset: you may not read asset ${theirs}.` },
    });
    const own = { flex_model: { group: { asset: batteries[0]!.asset } } };
    expect((await store(site, own)).status).toBe(200);
    // What an admin stored stays.
    await store(site, { flex_model: { group: { asset: theirs } } }, 'admin');
    expect((await store(site, { flex_model: { group: { asset: theirs } } })).status).toBe(200);
    expect((await store(site, { flex_model: {} })).status).toBe(200);
  });

  it('suffices for a schedule of a whole site, with the prices of the site and the models of its batteries', async () => {
    await store(site, {
      flex_context: { 'consumption-price': { sensor: 3 }, 'site-power-capacity': '500 kVA' },
    });
    for (const { asset } of batteries) await store(asset, { flex_model: BATTERY });
    const receipt = await trigger(site);
    expect(receipt.status).toBe(200);
    for (const { sensor } of batteries) {
      const { values } = await scheduleOf(receipt, sensor);
      expect(values).toHaveLength(48);
      expect(highest(values)).toBeCloseTo(5, 6);
    }
  });

  it('gives way to the fields of the request, one by one', async () => {
    const [first, second] = batteries;
    for (const { asset } of batteries) await store(asset, { flex_model: BATTERY });
    const receipt = await trigger(site, {
      'flex-model': [{ sensor: first!.sensor, 'power-capacity': '2 kW' }],
    });
    expect(highest((await scheduleOf(receipt, first!.sensor)).values)).toBeCloseTo(2, 6);
    expect(highest((await scheduleOf(receipt, second!.sensor)).values)).toBeCloseTo(5, 6);
    const byAsset = await trigger(site, {
      'flex-model': [{ asset: second!.asset, 'power-capacity': '1 kW' }],
    });
    expect(highest((await scheduleOf(byAsset, second!.sensor)).values)).toBeCloseTo(1, 6);
  });

  it('is not that of assets elsewhere', async () => {
    const elsewhere = await create({ account_id: 2, flex_model: BATTERY }, 'admin');
    for (const asset of [elsewhere, 3, 9999])
      expect(await trigger(site, { 'flex-model': [{ asset }] })).toMatchObject(
        unprocessable('json', {
          'flex-model': { 0: { asset: [`must be asset ${site} or an asset below it.`] } },
        }),
      );
  });

  it('is inherited from the nearest asset that has the field', async () => {
    const [{ asset, sensor }] = batteries as [{ asset: number; sensor: number }];
    await store(site, {
      flex_context: { 'consumption-price': { sensor: 3 }, 'site-power-capacity': '4 kW' },
    });
    await store(asset, { flex_model: BATTERY, flex_context: {} });
    expect(highest((await scheduleOf(await triggerSensor(sensor), sensor)).values)).toBeCloseTo(4, 6);
    await store(asset, { flex_context: { 'site-power-capacity': '3 kW' } });
    expect(highest((await scheduleOf(await triggerSensor(sensor), sensor)).values)).toBeCloseTo(3, 6);
    const sent = { 'flex-context': { 'site-power-capacity': '1 kW' } };
    expect(highest((await scheduleOf(await triggerSensor(sensor, sent), sensor)).values)).toBeCloseTo(1, 6);
    await store(asset, { flex_context: {} });
    await store(site, { flex_context: { 'consumption-price': { sensor: 3 } } });
  });

  it('finds the power sensor of a battery with several by sensor, consumption or production', async () => {
    const asset = await create({ parent_asset_id: site });
    const [produced, consumed] = [
      await createSensor(asset),
      await createSensor(asset, { attributes: '{"consumption_is_positive": true}' }),
    ];
    const context = { 'consumption-price': { sensor: 3 } };
    await store(asset, { flex_model: BATTERY, flex_context: context });
    expect(await trigger(asset)).toMatchObject(
      unprocessable('json', {
        'flex-model': { 0: { sensor: [expect.stringContaining('has 2 power sensors')] } },
      }),
    );
    for (const [name, sensor] of [
      ['sensor', produced],
      ['production', produced],
      ['consumption', consumed],
    ] as const) {
      await store(asset, { flex_model: { ...BATTERY, [name]: name === 'sensor' ? sensor : { sensor } } });
      expect((await scheduleOf(await trigger(asset), sensor)).values).toHaveLength(48);
    }
    await store(asset, { flex_model: { ...BATTERY, production: { sensor: consumed } } });
    expect((await trigger(asset)).status).toBe(422);
    await send('DELETE', `/assets/${asset}`);
  });

  it('is stored with fields that schedules do not know yet, and a request that meets them is refused', async () => {
    const asset = await create({
      flex_model: BATTERY,
      flex_context: { 'consumption-price': { sensor: 3 }, 'relax-constraints': true },
    });
    const sensor = await createSensor(asset);
    expect((await scheduleOf(await trigger(asset), sensor)).values).toHaveLength(48);
    await store(asset, { flex_model: { ...BATTERY, group: { asset: site } } });
    expect(JSON.stringify(await trigger(asset))).toContain('has no entry of its own in the flex-model');
    await store(asset, { flex_model: { ...BATTERY, 'soc-max': { sensor, sources: [1] } }, flex_context: {} });
    expect((await trigger(asset)).status).toBe(422);
  });

  it('may have any fields if the asset has a custom scheduler, but only sensors that exist', async () => {
    const scheduler = { module: 'our_client', class: 'DummyScheduler' };
    const asset = await create();
    await scene.sql.query('UPDATE generic_asset SET attributes = $2 WHERE id = $1', [
      asset,
      JSON.stringify({ 'custom-scheduler': scheduler }),
    ]);
    expect((await store(asset, { flex_model: { colour: 'red' } })).status).toBe(200);
    expect((await store(asset, { flex_model: { colour: { sensor: 9999 } } })).status).toBe(422);
  });

  it('is left out, and said to be, for assets without a power sensor', async () => {
    const below = await create({ name: 'without sensor', parent_asset_id: site, flex_model: BATTERY });
    for (const { asset } of batteries) await store(asset, { flex_model: BATTERY });
    const { status, body } = await trigger(site);
    expect([status, JSON.stringify(body)]).toEqual([
      200,
      expect.stringContaining(`Asset ${below} (without sensor) is not scheduled`),
    ]);
    expect((await trigger(site, { 'flex-model': [{ asset: below }] })).status).toBe(422);
    await send('DELETE', `/assets/${below}`);
  });

  it('tells where a stored field is that the schedule cannot use', async () => {
    const asset = await create({
      flex_model: { ...BATTERY, 'soc-at-start': '12 kWh', 'soc-targets': '11 kWh' },
    });
    await createSensor(asset);
    await store(asset, { flex_context: { 'consumption-price': { sensor: 3 } } });
    const { status, body } = await trigger(asset);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(`stored on asset ${asset}`);
  });

  it('is stored and pruned also for an asset whose location is not accepted any more', async () => {
    const [asset, other] = [await create(), await create()];
    const sensor = await createSensor(other);
    await scene.sql.query('UPDATE generic_asset SET latitude = 5.123456789 WHERE id = $1', [asset]);
    const context = { 'inflexible-device-sensors': [sensor] };
    expect((await store(asset, { flex_context: context })).status).toBe(200);
    expect((await store(asset, { latitude: 5.123456789 })).status).toBe(422);
    expect((await send('DELETE', `/sensors/${sensor}`)).status).toBe(204);
    await eventually(
      async () => (await stored(asset)).context,
      (found) => Object.keys(found).length === 0,
    );
  });

  it('no longer names sensors and assets once they are deleted', async () => {
    const [load, price] = [await createSensor(site), await createSensor(site, { unit: 'EUR/MWh' })];
    const group = await create();
    const asset = await create({
      flex_model: { 'soc-max': '10 kWh', group: { asset: group } },
      flex_context: {
        'consumption-price': { sensor: price },
        'inflexible-device-sensors': [load],
        'site-power-capacity': '5 kW',
      },
      sensors_to_show: [load, { title: 'Prices', sensors: [price, 3] }],
    });
    await send('DELETE', `/sensors/${load}`);
    await send('DELETE', `/sensors/${price}`);
    await send('DELETE', `/assets/${group}`);
    const pruned = {
      flex_model: '{"soc-max":"10 kWh"}',
      flex_context: '{"site-power-capacity":"5 kW"}',
      sensors_to_show: '[{"title":"Prices","sensors":[3]}]',
    };
    await eventually(
      async () => (await get(`/assets/${asset}`)).body as Json,
      (body) => Object.entries(pruned).every(([name, value]) => body[name] === value),
      20_000,
    );
  });

  describe('sensors_to_show', () => {
    it('is the same as the attribute, whichever a client knows', async () => {
      const asset = await create({ attributes: '{"a": 1, "sensors_to_show": [3, 2]}' });
      const shown = async (): Promise<unknown[]> => {
        const body = (await get(`/assets/${asset}`)).body as Record<string, string>;
        return [
          JSON.parse(body['sensors_to_show']!) as unknown,
          (JSON.parse(body['attributes']!) as Json)['sensors_to_show'],
        ];
      };
      expect(await shown()).toEqual([
        [3, 2],
        [3, 2],
      ]);
      await store(asset, { attributes: { a: 1, sensors_to_show: [2] } });
      expect(await shown()).toEqual([[2], [2]]);
      await store(asset, { attributes: { a: 1 } });
      expect(await shown()).toEqual([[], undefined]);
      const titled = [{ title: 'p', sensors: [3, 2] }];
      await store(asset, { sensors_to_show: JSON.stringify(titled) });
      expect(await shown()).toEqual([titled, titled]);
      await store(asset, { attributes: { a: 2 } });
      expect(await shown()).toEqual([titled, titled]);
      await store(asset, { attributes: { a: 2, sensors_to_show: [3] } });
      expect(await shown()).toEqual([[3], [3]]);
    });

    it('is drawn in all forms', async () => {
      await store(3, {
        sensors_to_show: [3, [2, 3], { title: 'p', sensor: 2 }, { plots: [{ sensors: [2] }] }],
      });
      const { body } = await get('/assets/3/chart/');
      expect((body as { vconcat: unknown[] }).vconcat).toHaveLength(4);
    });

    it('is refused with the position of the entry', async () => {
      expect(await store(3, { sensors_to_show: [3, { title: 'p' }] })).toMatchObject(
        unprocessable('json', {
          sensors_to_show: { 1: ["Must have one of 'sensor', 'sensors' and 'plots'."] },
        }),
      );
      expect((await store(3, { sensors_to_show: [9999] })).status).toBe(422);
      const plotOf = (asset: number) => ({
        sensors_to_show: [3, { title: 'p', plots: [{ asset, 'flex-model': 'soc-max' }] }],
      });
      expect(await store(3, plotOf(9999))).toMatchObject(
        unprocessable('json', {
          sensors_to_show: { 1: { plots: { 0: { asset: ['No asset found with id 9999.'] } } } },
        }),
      );
      const theirs = await create({ account_id: 2 }, 'admin');
      expect(await store(3, plotOf(theirs))).toMatchObject({
        status: 403,
        body: { message: `sensors_to_show.1.plots.0.asset: you may not read asset ${theirs}.` },
      });
      expect(
        (await store(3, { sensors_to_show_as_kpis: [{ title: 'p', sensor: 2, function: 'median' }] })).status,
      ).toBe(422);
    });
  });
});
