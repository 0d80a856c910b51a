import { DAY, waitForSchedule, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';

const PROCESSED = { message: 'Request has been processed.', status: 'PROCESSED' };
const ALREADY = { status: 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED' };
const HOST = 'ea1.2021-01.io.flexmeasures.company:fm1';

/** Ids of the examples; the documentation has other ids. */
interface Ids {
  battery: number;
  gas: number;
  meter: number;
  kpx: number;
  consumptionPrice: number;
  productionPrice: number;
  inflexible: number[];
}

/** The messages of the API documentation, sent to a server with other ids and dates. */
describe('Examples of the FlexMeasures documentation', () => {
  let scene: Scene;
  let ids: Ids;

  const send = (method: string, path: string, json?: unknown, who: Person = 'accountAdmin') =>
    scene.api.request(method, path, { token: scene.tokenOf(who), json });
  const v3 = (method: string, path: string, json?: unknown, who?: Person) =>
    send(method, `/api/v3_0${path}`, json, who);
  const post = (json: object) => v3('POST', '/sensors/data', json);
  const read = (query: Record<string, string>) =>
    v3('GET', `/sensors/data?${new URLSearchParams(query).toString()}`);
  const horizons = async (sensor: number): Promise<number[]> => {
    const { rows } = await scene.sql.query<{ minutes: number }>(
      'SELECT (belief_horizon / 60000)::int AS minutes FROM timed_belief WHERE sensor_id = $1 ORDER BY event_start',
      [sensor],
    );
    return rows.map(({ minutes }) => minutes);
  };

  beforeAll(async () => {
    scene = await startScene();
    ids = await addThings(scene);
  });

  afterAll(() => scene.stop());

  describe('introduction', () => {
    it('main endpoint lists the versions', async () => {
      const { status, body } = await scene.api.request('GET', '/api/');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        message: expect.any(String) as string,
        status: 200,
        versions: expect.arrayContaining(['v3_0']) as string[],
        flexmeasures_version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      });
    });

    it('authentication returns a token for e-mail and password', async () => {
      const json = { email: 'toy-user@flexmeasures.io', password: 'toy-password' };
      expect(await scene.api.request('POST', '/api/requestAuthToken', { json })).toMatchObject({
        status: 200,
        body: { auth_token: expect.any(String) as string, user_id: 1 },
      });
    });
  });

  describe('notation', () => {
    const SERIES = { start: '2016-05-01T13:00:00Z', duration: 'PT45M', unit: 'MW' };

    it('singular and plural keys accept one value or a list', async () => {
      const sensor = await addSensor(scene, 'MW');
      const start = '2016-05-01T13:00:00Z';
      expect((await post({ ...SERIES, sensor, value: 10, duration: 'PT15M', horizon: 'PT0M' })).body).toEqual(
        PROCESSED,
      );
      expect(
        (await post({ ...SERIES, sensor, values: [10], duration: 'PT15M', horizon: 'PT0M' })).body,
      ).toMatchObject(ALREADY);
      expect(
        (await read({ sensor: String(sensor), start, duration: 'PT15M', unit: 'MW' })).body,
      ).toMatchObject({ values: [10] });
    });

    it('entity addresses accept any host and date code', async () => {
      const address = `ea1.2021-02.io.flexmeasures.company:fm1.${ids.meter}`;
      const window = { start: '2016-05-01T13:00:00Z', duration: 'PT45M', unit: 'MW' };
      expect((await read({ sensor: address, ...window })).status).toBe(200);
      const fm0 = await read({ sensor: 'ea1.2021-02.io.flexmeasures.company:fm0.40:30', ...window });
      expect(fm0.status).toBe(422);
    });

    it('time series are equidistant from the start on', async () => {
      const sensor = await addSensor(scene, 'MW');
      expect((await post({ ...SERIES, sensor, values: [10, 5, 8] })).body).toEqual(PROCESSED);
      const { start, unit } = SERIES;
      const each = { sensor: String(sensor), duration: 'PT15M', unit };
      expect((await read({ ...each, start })).body).toMatchObject({ values: [10] });
      expect((await read({ ...each, start: '2016-05-01T13:15:00Z' })).body).toMatchObject({ values: [5] });
      expect((await read({ ...each, start: '2016-05-01T13:30:00Z' })).body).toMatchObject({ values: [8] });
    });

    it('recording time by prior sets all values to 7:45', async () => {
      const sensor = await addSensor(scene, 'MW');
      const json = { ...SERIES, sensor, values: [10, 5, 8], prior: '2016-05-01T07:45:00Z' };
      expect((await post(json)).body).toEqual(PROCESSED);
      expect(await horizons(sensor)).toEqual([330, 345, 360]);
    });

    it('recording time by horizon is 6 hours before the end of each event', async () => {
      const sensor = await addSensor(scene, 'MW');
      expect((await post({ ...SERIES, sensor, values: [10, 5, 8], horizon: 'PT6H' })).body).toEqual(
        PROCESSED,
      );
      expect(await horizons(sensor)).toEqual([360, 360, 360]);
    });

    it('recording time by a negative horizon is 10 minutes after each event', async () => {
      const sensor = await addSensor(scene, 'MW');
      expect((await post({ ...SERIES, sensor, values: [10, 5, 8], horizon: '-PT10M' })).body).toEqual(
        PROCESSED,
      );
      expect(await horizons(sensor)).toEqual([-10, -10, -10]);
    });

    it('recording time by both prior and horizon is the earlier one for each event', async () => {
      const sensor = await addSensor(scene, 'MW');
      const both = { prior: '2016-05-01T07:30:00Z', horizon: 'PT6H' };
      expect((await post({ ...SERIES, sensor, values: [10, 5, 8], ...both })).body).toEqual(PROCESSED);
      expect(await horizons(sensor)).toEqual([360, 360, 375]);
    });

    it('querying by recording time filters by horizon and prior', async () => {
      const sensor = await addSensor(scene, 'MW');
      const window = { start: '2020-08-02T00:00:00Z', duration: 'PT15M', unit: 'MW' };
      await post({ ...window, sensor, value: 1, prior: '2020-08-01T16:00:00Z' });
      await post({ ...window, sensor, value: 2, prior: '2020-08-01T18:00:00Z' });
      await post({ ...window, sensor, value: 3, horizon: 'PT0M' });
      const query = { ...window, sensor: String(sensor), horizon: 'PT6H' };
      expect((await read({ ...query, prior: '2020-08-01T17:00:00Z' })).body).toMatchObject({ values: [1] });
      expect((await read(query)).body).toMatchObject({ values: [2] });
    });

    it('sources filter by one data source', async () => {
      const sensor = await addSensor(scene, 'MW');
      await post({ ...SERIES, sensor, values: [10, 5, 8] });
      const { rows } = await scene.sql.query<{ id: number }>(
        'SELECT DISTINCT source_id AS id FROM timed_belief WHERE sensor_id = $1',
        [sensor],
      );
      const query = { ...SERIES, sensor: String(sensor) };
      expect((await read({ ...query, source: String(rows[0]!.id) })).body).toMatchObject({
        values: [10, 5, 8],
      });
      expect((await read({ ...query, source: '4242' })).status).toBe(422);
    });

    it('units convert W and kWh for a sensor in kW', async () => {
      const sensor = await addSensor(scene, 'kW');
      const window = { start: '2016-05-01T13:00:00Z', duration: 'PT15M' };
      await post({ ...window, sensor, value: 1500, unit: 'W' });
      expect((await read({ ...window, sensor: String(sensor), unit: 'kW' })).body).toMatchObject({
        values: [1.5],
      });
      await post({ ...window, sensor, value: 1, unit: 'kWh' });
      expect((await read({ ...window, sensor: String(sensor), unit: 'kW' })).body).toMatchObject({
        values: [4],
      });
    });

    it('signs of power are stored as sent', async () => {
      const sensor = await addSensor(scene, 'MW');
      await post({ ...SERIES, sensor, values: [-1, 2, -3] });
      expect((await read({ ...SERIES, sensor: String(sensor) })).body).toMatchObject({ values: [-1, 2, -3] });
    });
  });

  describe('assets', () => {
    const NEW = {
      name: 'Test battery',
      generic_asset_type_id: 2,
      account_id: 1,
      latitude: 40,
      longitude: 170.3,
    };

    it('POST /assets, GET, PATCH and DELETE /assets/(id) work as documented', async () => {
      const created = await v3('POST', '/assets', NEW);
      expect(created).toMatchObject({ status: 201, body: NEW });
      const { id } = created.body as { id: number };
      expect(await v3('GET', `/assets/${id}`)).toMatchObject({ status: 200, body: { ...NEW, id } });
      expect(await v3('PATCH', `/assets/${id}`, { latitude: 11.1, longitude: 99.9 })).toMatchObject({
        status: 200,
        body: { ...NEW, id, latitude: 11.1, longitude: 99.9 },
      });
      expect(await v3('PATCH', `/assets/${id}`, { account_id: 2 })).toMatchObject({ status: 422 });
      expect(await v3('DELETE', `/assets/${id}`)).toMatchObject({ status: 204, body: '' });
    });

    it('GET /assets works as documented', async () => {
      const { status, body } = await v3('GET', '/assets?account_id=1');
      expect(status).toBe(200);
      expect(body).toContainEqual(
        expect.objectContaining({
          id: 3,
          name: 'toy-battery',
          latitude: 52.374,
          longitude: 4.88969,
          account_id: 1,
          generic_asset_type_id: 5,
          attributes: expect.any(String) as string,
          sensors: [{ id: 2, name: 'discharging' }],
        }),
      );
    });

    it('GET /assets/public works as documented', async () => {
      expect((await v3('GET', '/assets/public')).body).toMatchObject([{ id: 4, account_id: null }]);
    });
  });

  it('GET /sensors works as documented', async () => {
    const { status, body } = await v3('GET', '/sensors');
    expect(status).toBe(200);
    expect(body).toContainEqual({
      entity_address: expect.stringMatching(
        new RegExp(String.raw`^ea1\.\d{4}-\d\d\.localhost:fm1\.${ids.gas}$`),
      ) as string,
      event_resolution: 15,
      generic_asset_id: 2,
      id: ids.gas,
      name: 'Gas demand',
      timezone: 'Europe/Amsterdam',
      unit: 'm³/h',
    });
  });

  describe('posting and getting data', () => {
    const GAS = { start: '2021-06-07T00:00:00+02:00', duration: 'PT1H', unit: 'm³/h' };

    it('POST and GET /sensors/data work as documented', async () => {
      const sensor = `ea1.2021-01.io.flexmeasures:fm1.${ids.gas}`;
      const values = [-11.28, -11.28, -11.28, -11.28];
      expect(await post({ ...GAS, sensor, values })).toMatchObject({ status: 200, body: PROCESSED });
      expect(await read({ ...GAS, sensor, resolution: 'PT15M' })).toMatchObject({
        status: 200,
        body: { ...PROCESSED, ...GAS, resolution: 'PT15M', values },
      });
    });

    it('PostSensorDataRequest stores day-ahead prices, known at the market clearing', async () => {
      const values = [
        52.37, 51.14, 49.09, 48.35, 48.47, 49.98, 58.7, 67.76, 69.21, 70.26, 70.46, 70, 70.7, 70.41, 70,
        64.53, 65.92, 69.72, 70.51, 75.49, 70.35, 70.01, 66.98, 58.61,
      ];
      const window = { start: '2015-01-01T00:00:00+09:00', duration: 'PT24H', unit: 'KRW/kWh' };
      const json = {
        type: 'PostSensorDataRequest',
        sensor: `${HOST}.${ids.kpx}`,
        values,
        ...window,
        prior: '2014-12-31T15:00:00+09:00',
      };
      expect(await v3('POST', '/sensors/data', json)).toMatchObject({ status: 200, body: PROCESSED });
      const query = { ...window, sensor: `${HOST}.${ids.kpx}` };
      expect((await read(query)).body).toMatchObject({ ...window, resolution: 'PT1H', values });
      expect((await read({ ...query, prior: '2014-12-31T14:59:00+09:00' })).body).toMatchObject({
        values: values.map(() => null),
      });
    });

    it('PostMeterDataRequest and PostPrognosisRequest check unit and time', async () => {
      const past = {
        sensor: ids.meter,
        value: 1,
        start: '2015-01-01T12:00:00Z',
        duration: 'PT15M',
        unit: 'MW',
      };
      const future = { ...past, start: '2115-01-01T12:00:00Z' };
      const meter = { type: 'PostMeterDataRequest' };
      const prognosis = { type: 'PostPrognosisRequest' };
      expect((await post({ ...past, ...meter })).body).toEqual(PROCESSED);
      expect((await post({ ...future, ...meter })).status).toBe(422);
      expect((await post({ ...future, ...prognosis })).body).toEqual(PROCESSED);
      expect((await post({ ...past, ...prognosis })).status).toBe(422);
      expect((await post({ ...GAS, sensor: ids.gas, value: 1, ...meter })).status).toBe(422);
    });

    it('stores a single value of a single sensor, posted 5 minutes after realisation', async () => {
      const sensor = await addSensor(scene, 'MW');
      const json = {
        type: 'PostSensorDataRequest',
        sensor: `${HOST}.${sensor}`,
        value: 220,
        start: '2015-01-01T00:00:00+00:00',
        duration: 'PT0H15M',
        horizon: '-PT5M',
        unit: 'MW',
      };
      expect((await post(json)).body).toEqual(PROCESSED);
      expect(await horizons(sensor)).toEqual([-5]);
    });

    it('stores multiple values of a single sensor, each posted 5 minutes after realisation', async () => {
      const sensor = await addSensor(scene, 'MW');
      const window = { start: '2015-01-01T00:00:00+00:00', duration: 'PT0H45M', unit: 'MW' };
      const values = [220, 210, 200];
      const json = { type: 'PostSensorDataRequest', sensor: `${HOST}.${sensor}`, values, horizon: '-PT5M' };
      expect((await post({ ...json, ...window })).body).toEqual(PROCESSED);
      expect((await read({ ...window, sensor: String(sensor) })).body).toMatchObject({
        values,
        duration: 'PT45M',
      });
      expect(await horizons(sensor)).toEqual([-5, -5, -5]);
    });

    it('GetPrognosisRequest returns 24 hours with a rolling horizon of 6 hours', async () => {
      const sensor = await addSensor(scene, 'MW');
      const window = { start: '2015-01-01T00:00:00+00:00', duration: 'PT24H', unit: 'MW' };
      const ofDay = (value: number) => Array.from({ length: 96 }, () => value);
      await post({ ...window, sensor, values: ofDay(1), horizon: 'PT6H' });
      await post({ ...window, sensor, values: ofDay(2), horizon: 'PT1H' });
      await post({ ...window, sensor, values: ofDay(3), horizon: '-PT5M' });
      const query = {
        type: 'GetPrognosisRequest',
        sensor: `${HOST}.${sensor}`,
        horizon: 'PT6H',
        resolution: 'PT15M',
      };
      expect((await read({ ...query, ...window })).body).toMatchObject({
        ...PROCESSED,
        ...window,
        values: ofDay(1),
      });
    });
  });

  describe('schedules', () => {
    const START = '2015-06-02T10:00:00+00:00';
    const trigger = async (json: object) => {
      const answer = await v3('POST', `/sensors/${ids.battery}/schedules/trigger`, json);
      expect(answer).toMatchObject({
        status: 200,
        body: { ...PROCESSED, schedule: expect.stringMatching(/^[\da-f-]{36}$/) as string },
      });
      expect(answer.headers.get('deprecation')).toBeNull();
      const { schedule } = answer.body as { schedule: string };
      const { data } = await waitForSchedule(scene.as('accountAdmin'), schedule, 'PT100H', ids.battery);
      return data!;
    };
    /** State of charge in kWh at the end of each step. */
    const stateOfCharge = (values: number[], efficiency = 1): number[] => {
      let stock = 12.1;
      return values.map((power) => {
        const root = Math.sqrt(efficiency);
        return (stock += (1000 * (power > 0 ? power * root : power / root)) / 4);
      });
    };

    it('example A schedules 48 hours from 12.1 kWh', async () => {
      const json = { start: START, 'flex-model': { 'soc-at-start': 12.1, 'soc-unit': 'kWh' } };
      const { values, duration, unit, start } = await trigger(json);
      expect({ duration, unit, start: Date.parse(start) }).toEqual({
        duration: 'PT48H',
        unit: 'MW',
        start: Date.parse(START),
      });
      expect(values).toHaveLength(192);
      expect(Math.min(...stateOfCharge(values))).toBeGreaterThan(-0.01);
      expect(Math.max(...stateOfCharge(values))).toBeLessThan(40.01);
    });

    it('example B schedules with a target, limits, an efficiency, two prices and three inflexible devices', async () => {
      const { values, duration } = await trigger({
        start: START,
        duration: 'PT24H',
        'flex-model': {
          'soc-at-start': 12.1,
          'soc-unit': 'kWh',
          'soc-targets': [{ value: 25, datetime: '2015-06-02T16:00:00+00:00' }],
          'soc-min': 10,
          'soc-max': 25,
          'roundtrip-efficiency': 0.98,
        },
        'flex-context': {
          'consumption-price-sensor': ids.consumptionPrice,
          'production-price-sensor': ids.productionPrice,
          'inflexible-device-sensors': ids.inflexible,
        },
      });
      expect(duration).toBe('PT24H');
      const stored = stateOfCharge(values, 0.98);
      expect(stored[23]).toBeCloseTo(25, 1);
      expect(Math.min(...stored)).toBeGreaterThan(9.99);
      expect(Math.max(...stored)).toBeLessThan(25.01);
    });

    it('a scheduling job is queued with a target at 4 PM', async () => {
      const { values } = await trigger({
        start: START,
        'flex-model': {
          'soc-at-start': 12.1,
          'soc-unit': 'kWh',
          'soc-targets': [{ value: 25, datetime: '2015-06-02T16:00:00+00:00' }],
        },
      });
      expect(stateOfCharge(values)[23]).toBeCloseTo(25, 1);
    });

    it('a schedule extends to targets beyond the planning horizon, up to the maximum', async () => {
      const withTarget = (datetime: string) => ({
        start: START,
        'flex-model': { 'soc-at-start': 12.1, 'soc-unit': 'kWh', 'soc-targets': [{ value: 25, datetime }] },
      });
      expect((await trigger(withTarget('2015-06-05T10:00:00+00:00'))).duration).toBe('PT72H');
      const late = withTarget('2015-06-12T10:00:00+00:00');
      expect((await v3('POST', `/sensors/${ids.battery}/schedules/trigger`, late)).status).toBe(422);
    });

    it('GET /sensors/(id)/schedules/(uuid): 6 hours, consumption positive', async () => {
      const { data } = await waitForSchedule(scene.as('member'), scene.schedule);
      expect(data).toMatchObject({
        ...PROCESSED,
        start: `${DAY}T07:00:00+01:00`,
        duration: 'PT6H',
        unit: 'MW',
      });
      expect(data!.values).toHaveLength(24);
      const { data: part } = await waitForSchedule(scene.as('member'), scene.schedule, 'PT45M');
      expect(part).toMatchObject({ duration: 'PT45M', values: data!.values.slice(0, 3) });
    });

    it('later, the schedule is among the data of the sensor, production positive', async () => {
      const { data } = await waitForSchedule(scene.as('member'), scene.schedule);
      const query = { sensor: '2', start: `${DAY}T07:00:00+01:00`, duration: 'PT6H', unit: 'MW' };
      const { values } = (await read(query)).body as { values: number[] };
      expect(values.map((value) => 0 - value)).toEqual(data!.values);
    });
  });

  describe('users', () => {
    const USER = {
      account_id: 1,
      active: true,
      email: 'member@example.com',
      flexmeasures_roles: [],
      timezone: 'Europe/Amsterdam',
      username: 'member',
    };
    const idOf = async (): Promise<number> => {
      const { rows } = await scene.sql.query<{ id: number }>(
        "SELECT id FROM fm_user WHERE username = 'member'",
      );
      return rows[0]!.id;
    };

    it('GET /users and /users/(id) work as documented', async () => {
      const id = await idOf();
      expect((await v3('GET', '/users')).body).toContainEqual(expect.objectContaining({ ...USER, id }));
      expect(await v3('GET', `/users/${id}`)).toMatchObject({ status: 200, body: { ...USER, id } });
    });

    it('PATCH /users/(id) and /users/(id)/password-reset work as documented', async () => {
      const id = await idOf();
      expect(await v3('PATCH', `/users/${id}`, { active: false })).toMatchObject({
        status: 200,
        body: { ...USER, id, active: false },
      });
      expect(await v3('PATCH', `/users/${id}`, { active: true })).toMatchObject({ status: 200 });
      expect((await v3('PATCH', `/users/${id}/password-reset`, undefined, 'admin')).status).toBe(200);
    });
  });
});

/** A sensor of the toy account's building, quarter-hourly unless stated otherwise; its id. */
async function addSensor(
  { sql }: Scene,
  unit: string,
  { name = undefined as string | undefined, minutes = 15, assetId = 2 } = {},
): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
     SELECT coalesce($1, 'sensor ' || count(*)), $2, make_interval(mins => $3), 'Europe/Amsterdam', $4 FROM sensor
     RETURNING id`,
    [name, unit, minutes, assetId],
  );
  return rows[0]!.id;
}

async function addThings(scene: Scene): Promise<Ids> {
  const consumptionPrice = await addSensor(scene, 'EUR/MWh', { minutes: 60 });
  const productionPrice = await addSensor(scene, 'EUR/MWh', { minutes: 60 });
  const { rows } = await scene.sql.query<{ id: number }>(
    `INSERT INTO generic_asset (name, generic_asset_type_id, account_id, attributes)
     VALUES ('small battery', 5, 1, $1) RETURNING id`,
    [JSON.stringify({ capacity_in_mw: 0.1, max_soc_in_mwh: 0.04, market_id: consumptionPrice })],
  );
  const ids = {
    battery: await addSensor(scene, 'MW', { assetId: rows[0]!.id }),
    gas: await addSensor(scene, 'm³/h', { name: 'Gas demand' }),
    meter: await addSensor(scene, 'MW'),
    kpx: await addSensor(scene, 'KRW/kWh', { minutes: 60 }),
    consumptionPrice,
    productionPrice,
    inflexible: [await addSensor(scene, 'MW'), await addSensor(scene, 'MW'), await addSensor(scene, 'MW')],
  };
  const week = { start: '2015-06-02T00:00:00Z', duration: 'P7D' };
  const daily = (base: number) => Array.from({ length: 168 }, (_, hour) => base + 10 * Math.sin(hour / 4));
  const series = [
    { sensor: consumptionPrice, values: daily(60), unit: 'EUR/MWh' },
    { sensor: productionPrice, values: daily(40), unit: 'EUR/MWh' },
    ...ids.inflexible.map((sensor) => ({ sensor, values: daily(15), unit: 'kW' })),
  ];
  for (const one of series) {
    const { status, body } = await scene.api.request('POST', '/api/v3_0/sensors/data', {
      token: scene.tokenOf('accountAdmin'),
      json: { ...week, ...one },
    });
    if (status !== 200) throw new Error(JSON.stringify(body));
  }
  return ids;
}
