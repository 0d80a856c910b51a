import { DAY, startScene, uniqueNumber, waitForSchedule, type Scene } from '../../harness/scenes/api-scene';

type Json = Record<string, unknown>;

const BATTERY = {
  'soc-max': '10 kWh',
  'soc-at-start': '10 kWh',
  'power-capacity': '5 kW',
  'consumption-capacity': '0 kW',
};
const HOUR = { start: `${DAY}T07:00:00+01:00`, duration: 'PT1H' };

describe('Requests for devices that are related', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const idOf = async (path: string, fields: Json): Promise<number> => {
    const { status, body } = await scene.send('POST', path, fields);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return (body as { id: number }).id;
  };
  const createAsset = (fields: Json = {}) =>
    idOf('/assets', { name: `asset ${uniqueNumber()}`, generic_asset_type_id: 5, account_id: 1, ...fields });
  const createSensor = (asset: number, fields: Json = {}) =>
    idOf('/sensors', {
      ...{ name: `power ${uniqueNumber()}`, unit: 'kW', event_resolution: 15, generic_asset_id: asset },
      ...fields,
    });
  const trigger = (asset: number, body: Json = {}) =>
    scene.send('POST', `/assets/${asset}/schedules/trigger`, {
      ...HOUR,
      force_new_job_creation: true,
      ...body,
    });
  const valuesOf = async ({ status, body }: Awaited<ReturnType<typeof trigger>>, sensor: number) => {
    if (status !== 200) throw new Error(JSON.stringify(body));
    const { schedule } = body as { schedule: string };
    return (await waitForSchedule(scene.as('accountAdmin'), schedule, 'PT1H', sensor)).data!.values;
  };
  const reasonsOf = ({ status, body }: Awaited<ReturnType<typeof trigger>>) => ({
    status,
    text: JSON.stringify(body),
  });

  /** A site that sells at a price, with an inverter and two batteries below it. */
  async function createTree(inverter: Json, group: (asset: number) => Json) {
    const site = await createAsset({ flex_context: { 'consumption-price': '100 EUR/MWh' } });
    const parent = await createAsset({ parent_asset_id: site, flex_model: inverter });
    const sensors: number[] = [];
    for (let i = 0; i < 2; i++) {
      const asset = await createAsset({
        parent_asset_id: parent,
        flex_model: { ...BATTERY, ...group(parent) },
      });
      sensors.push(await createSensor(asset));
    }
    return { site, parent, sensors };
  }

  it('may carry nothing but the start: assets store the group, its limits and its devices', async () => {
    const { site, sensors } = await createTree({ 'power-capacity': '6 kW' }, (asset) => ({
      group: { asset },
    }));
    const answer = await trigger(site);
    const [first, second] = [await valuesOf(answer, sensors[0]!), await valuesOf(answer, sensors[1]!)];
    // Each could sell 5 kW; together, 6 kW pass the inverter.
    first.forEach((kw, t) => expect(kw + second[t]!).toBeCloseTo(-6, 4));
  });

  it('record the power of a group to its sensor', async () => {
    const { site, parent, sensors } = await createTree({}, () => ({}));
    const inverter = await createSensor(parent);
    const group = { sensor: inverter };
    const answer = await trigger(site, {
      'flex-model': [
        ...sensors.map((sensor) => ({ sensor, ...BATTERY, group })),
        { sensor: inverter, 'power-capacity': '6 kW', 'production-capacity': '50%' },
      ],
    });
    expect((await valuesOf(answer, inverter)).map((kw) => Number(kw.toFixed(3)))).toEqual([-3, -3, -3, -3]);
  });

  const sensorOf = async (asset: number, unit: string, minutes: number, attributes = '{}') =>
    createSensor(asset, { unit, event_resolution: minutes, attributes });
  const round = (values: number[]) => values.map((value) => Number(value.toFixed(3)));

  it('read the state of the storage that they share from its sensor, and record it there once', async () => {
    const site = await createAsset();
    const parent = await createAsset({ parent_asset_id: site });
    const sensors = [await createSensor(parent), await createSensor(parent)];
    const soc = await sensorOf(parent, 'kWh', 0);
    const measured = { values: [4], start: `${DAY}T06:55:00+01:00`, duration: 'PT0M', unit: 'kWh' };
    const prior = '2026-03-03T12:00:00+01:00';
    const posted = await scene.send('POST', '/sensors/data', { sensor: soc, ...measured, prior });
    expect(posted.status).toBe(200);
    const heater = { 'state-of-charge': { sensor: soc }, 'production-capacity': '0 kW' };
    const storage = {
      'soc-max': '10 kWh',
      'soc-minima': [{ value: '12 kWh', datetime: `${DAY}T08:00:00+01:00` }],
    };
    const entries = [
      { sensor: sensors[0], ...heater, 'power-capacity': '2 kW', 'charging-efficiency': '300%' },
      { sensor: sensors[1], ...heater, 'power-capacity': '4 kW' },
      { 'state-of-charge': { sensor: soc }, ...storage },
    ];
    // 6 kWh are missing up to soc-max: the heat pump brings all of them from 2 kWh.
    const context = { 'consumption-price': '100 EUR/MWh', 'relax-soc-constraints': true };
    const answer = await trigger(site, { 'flex-model': entries, 'flex-context': context });
    expect(round(await valuesOf(answer, sensors[0]!))).toEqual([2, 2, 2, 2]);
    expect(round(await valuesOf(answer, sensors[1]!))).toEqual([0, 0, 0, 0]);
    expect(round(await valuesOf(answer, soc))).toEqual([4, 5.5, 7, 8.5, 10]);
    const { schedule } = answer.body as { schedule: string };
    const { result } = (await scene.send('GET', `/jobs/${schedule}`, undefined)).body as {
      result: { unresolved: Json[]; warnings: string[]; remarks: string[] };
    };
    const missed = [{ datetime: `${DAY}T07:00:00.000Z`, violation: '2 kWh' }];
    expect(result.unresolved).toEqual([{ asset: parent, 'soc-minima': missed }]);
    expect(result.remarks).toContainEqual(expect.stringContaining('4 kWh'));
  });

  it('record both directions of a group to their sensors, and tell where its limits are exceeded', async () => {
    const { site, parent, sensors } = await createTree({}, () => ({}));
    const [imported, exported, load] = [
      await sensorOf(parent, 'kW', 15),
      await sensorOf(parent, 'W', 15),
      await sensorOf(parent, 'kW', 15, '{"consumption_is_positive": true}'),
    ];
    const values = [{ values: [8, 8, 0, 0], start: HOUR.start, duration: 'PT1H', unit: 'kW' }];
    const prior = '2026-03-03T12:00:00+01:00';
    const posted = await scene.send('POST', '/sensors/data', { sensor: load, ...values[0], prior });
    expect(posted.status).toBe(200);
    const group = { asset: parent };
    const outputs = { consumption: { sensor: imported }, production: { sensor: exported } };
    const battery = { ...BATTERY, 'power-capacity': '2 kW', 'soc-at-start': '2 kWh' };
    const send = (fields: Json, context: Json = {}) =>
      trigger(site, {
        'flex-model': [
          { sensor: sensors[0], ...battery, group },
          { sensor: sensors[1], ...battery },
          { 'inflexible-consumption': { sensor: load }, group },
          { asset: parent, 'consumption-capacity': '5 kW', ...fields },
        ],
        'flex-context': { 'consumption-price': '100 EUR/MWh', ...context },
      });
    const answer = await send(outputs);
    expect(round(await valuesOf(answer, sensors[0]!))).toEqual([-2, -2, -2, -2]);
    expect(round(await valuesOf(answer, imported))).toEqual([6, 6, 0, 0]);
    expect(round(await valuesOf(answer, exported))).toEqual([0, 0, -2000, -2000]);
    const { schedule } = answer.body as { schedule: string };
    const { result } = (await scene.send('GET', `/jobs/${schedule}`, undefined)).body as {
      result: { unresolved: Json[] };
    };
    const exceeded = ['06:00', '06:15'].map((time) => ({
      datetime: `${DAY}T${time}:00.000Z`,
      violation: '1 kW',
    }));
    expect(result.unresolved).toEqual([{ asset: parent, 'consumption-capacity': exceeded }]);
    const twice = reasonsOf(await send(outputs, { 'aggregate-power': { sensor: imported } }));
    expect([twice.status, twice.text]).toEqual([422, expect.stringContaining('"aggregate-power')]);
  });

  it('are refused with the entry of the request that is wrong', async () => {
    const { site, parent, sensors } = await createTree({}, () => ({}));
    const other = await createAsset({ parent_asset_id: site });
    const entries = (first: Json, ...others: Json[]) => ({
      'flex-model': [
        { sensor: sensors[0], ...BATTERY, ...first },
        ...others,
        { sensor: sensors[1], ...BATTERY },
      ],
    });
    const cases: [Json, string][] = [
      [entries({ group: { asset: other } }), '"flex-model":{"0":{"group":["asset'],
      [
        entries(
          { group: { asset: parent } },
          { asset: parent, group: { asset: other } },
          { asset: other, group: { asset: parent } },
        ),
        '"flex-model":{"1":{"group":["groups must not contain each other',
      ],
      [entries({}, { 'inflexible-production': { sensor: 99_999 } }), '"1":{"inflexible-production'],
      [entries({ 'operation-modes': [{}] }), '"operation-modes'],
      [entries({ coupling: 'chp' }), '"0":{"coupling'],
      [
        { 'flex-context': { commitments: [{ name: 'x', baseline: '1 kW' }] } },
        '"commitments":{"0":{"up-price',
      ],
      [{ 'flex-context': { commodities: [{ commodity: 'gas', colour: 'red' }] } }, 'colour'],
    ];
    for (const [body, text] of cases) {
      const answer = reasonsOf(await trigger(site, body));
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(text)]);
    }
  });

  it('may send a list of flex-contexts, one per commodity', async () => {
    const { site, sensors } = await createTree({}, () => ({}));
    const boiler = await createSensor(await createAsset({ parent_asset_id: site }));
    const [power, burnt] = [await sensorOf(site, 'kW', 15), await sensorOf(site, 'W', 15)];
    const answer = await trigger(site, {
      'flex-model': [
        { sensor: sensors[0], ...BATTERY },
        {
          ...{ sensor: boiler, commodity: 'gas', 'power-capacity': '30 kW', 'production-capacity': '0 kW' },
          ...{ 'soc-usage': ['1 kW'], 'soc-min': 0, 'soc-max': 0, 'soc-at-start': 0 },
        },
      ],
      'flex-context': [
        {
          commodity: 'electricity',
          'consumption-price': '100 EUR/MWh',
          'aggregate-power': { sensor: power },
        },
        { commodity: 'gas', 'consumption-price': '50 EUR/MWh', 'aggregate-consumption': { sensor: burnt } },
      ],
    });
    expect(await valuesOf(answer, boiler)).toEqual([1, 1, 1, 1]);
    expect(await valuesOf(answer, burnt)).toEqual([1000, 1000, 1000, 1000]);
    const [sold, other] = [await valuesOf(answer, sensors[0]!), await valuesOf(answer, sensors[1]!)];
    expect(round(await valuesOf(answer, power))).toEqual(round(sold.map((kw, t) => kw + other[t]!)));
    expect(Math.min(...sold)).toBeLessThan(-1);
    const { schedule } = answer.body as { schedule: string };
    const { body } = await scene.send('GET', `/jobs/${schedule}`, undefined);
    const { commitments } = (body as { result: { commitments: { commitment: string; cost: number }[] } })
      .result;
    // 1 kWh at 0.05 EUR/kWh.
    expect(commitments.find(({ commitment }) => commitment === 'gas consumption')!.cost).toBeCloseTo(0.05, 6);
  });

  it('last until the last target of a storage that several devices change', async () => {
    const site = await createAsset({ flex_context: { 'consumption-price': '100 EUR/MWh' } });
    const sensors = [await createSensor(site), await createSensor(site)];
    const heat = await createSensor(site, { unit: 'kWh', event_resolution: 0 });
    const stock = { 'state-of-charge': { sensor: heat } };
    const heater = { ...stock, 'power-capacity': '5 kW', 'production-capacity': '0 kW' };
    const due = new Date(Date.parse(HOUR.start) + 60 * 3_600_000).toISOString();
    const answer = await scene.send('POST', `/assets/${site}/schedules/trigger`, {
      start: HOUR.start,
      'flex-model': [
        ...sensors.map((sensor) => ({ sensor, ...heater })),
        { ...stock, 'soc-at-start': 0, 'soc-max': 10, 'soc-targets': [{ value: 6, datetime: due }] },
      ],
    });
    await valuesOf(answer, sensors[0]!);
    const { schedule } = answer.body as { schedule: string };
    const { duration, schedules } = (
      await scene.send('GET', `/assets/${site}/schedules/${schedule}`, undefined)
    ).body as { duration: string; schedules: { values: number[] }[] };
    expect(duration).toBe('PT60H');
    const energy = schedules.flatMap(({ values }) => values).reduce((sum, kw) => sum + kw / 4, 0);
    expect(energy).toBeCloseTo(6, 4);
  });

  it('may be about one sensor of a device with operation modes', async () => {
    const asset = await createAsset({
      generic_asset_type_id: 1,
      flex_context: { 'consumption-price': '-5 EUR/MWh' },
    });
    const sensor = await createSensor(asset);
    const answer = await scene.send('POST', `/sensors/${sensor}/schedules/trigger`, {
      ...HOUR,
      'flex-model': { 'operation-modes': [{ 'consumption-range': ['0 kW', '2 kW'] }] },
    });
    expect(await valuesOf(answer, sensor)).toEqual([2, 2, 2, 2]);
  });

  it('tell costs of commitments by name in the result of the job', async () => {
    const { site, sensors } = await createTree({}, () => ({}));
    const answer = await trigger(site, {
      'flex-context': {
        'consumption-price': '100 EUR/MWh',
        commitments: [{ name: 'wear', baseline: '0 kW', 'down-price': '-20 EUR/MWh', sensors: [sensors[0]] }],
      },
    });
    await valuesOf(answer, sensors[0]!);
    const { schedule } = answer.body as { schedule: string };
    const { result } = (await scene.send('GET', `/jobs/${schedule}`, undefined)).body as {
      result: { commitments: { commitment: string; cost: number }[] };
    };
    // 5 kWh at 0.02 EUR/kWh.
    expect(result.commitments.find(({ commitment }) => commitment === 'wear')!.cost).toBeCloseTo(0.1, 6);
  });
});
