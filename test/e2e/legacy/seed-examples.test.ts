import { eventually } from '../../harness/eventually';
import { startLegacyScene, type LegacyScene } from '../../harness/scenes/legacy-scene';
import * as seed from './seed-messages';

const PROCESSED = { status: 'PROCESSED', message: 'Request has been processed.' };
const POSTED = { start: '2015-01-01T00:00:00Z', duration: 'PT1H30M', unit: 'MW' };

const EXPECTED_SERVICES: Record<string, [number: string, services: string[]]> = {
  v1: ['1.0', ['getMeterData', 'postMeterData']],
  v1_1: [
    '1.1',
    [
      ...['getConnection', 'getMeterData', 'getPrognosis', 'postMeterData', 'postPriceData', 'postPrognosis'],
      'postWeatherData',
    ],
  ],
};
const WITH_CONTROL = [...EXPECTED_SERVICES['v1_1']![1], 'getDeviceMessage', 'postUdiEvent'];
EXPECTED_SERVICES['v1_2'] = ['1.2', WITH_CONTROL];
EXPECTED_SERVICES['v1_3'] = ['1.3', WITH_CONTROL];

/** Tests that only some versions have. */
const itIf = (isThere: boolean) => (isThere ? it : () => undefined) as typeof it;

let scene: LegacyScene;

beforeAll(async () => {
  scene = await startLegacyScene();
});
afterAll(() => scene.stop());

describe.each(Object.keys(EXPECTED_SERVICES))('The examples of the documentation of %s', (version) => {
  beforeAll(async () => {
    await scene.sql.query('DELETE FROM timed_belief');
    // The latest UDI events.
    await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
  });

  const has = (endpoint: string) => EXPECTED_SERVICES[version]![1].includes(endpoint);
  const get = (endpoint: string, message: object) => scene.send('GET', `${version}/${endpoint}`, message);
  const post = async (endpoint: string, message: object) => {
    const { status, body } = await scene.send('POST', `${version}/${endpoint}`, message);
    const name = `${endpoint.charAt(0).toUpperCase()}${endpoint.slice(1)}`;
    expect([status, body]).toEqual([200, { type: `${name}Response`, ...PROCESSED }]);
  };
  /** Belief times of the stored values of a sensor, each once. */
  const recorded = async (sensor: number): Promise<string[]> => {
    const { rows } = await scene.sql.query<{ time: Date }>(
      `SELECT DISTINCT event_start + make_interval(secs => extract(epoch FROM sensor.event_resolution))
         - make_interval(secs => belief_horizon / 1000.0) AS time
       FROM timed_belief JOIN sensor ON sensor.id = sensor_id WHERE sensor_id = $1 ORDER BY time`,
      [sensor],
    );
    return rows.map(({ time }) => time.toISOString());
  };
  const forget = () => scene.sql.query('DELETE FROM timed_belief');

  it('getService', async () => {
    const { status, body } = await scene.send('GET', `${version}/getService`, undefined, null);
    const [number, services] = EXPECTED_SERVICES[version]!;
    expect([status, body]).toMatchObject([
      200,
      { type: 'GetServiceResponse', version: number, ...PROCESSED },
    ]);
    expect((body as { services: { name: string }[] }).services.map(({ name }) => name).sort()).toEqual(
      services.sort(),
    );
  });

  it('postMeterData, getMeterData', async () => {
    await post('postMeterData', seed.POST_METER_DATA);
    const { status, body } = await get('getMeterData', seed.GET_METER_DATA);
    const answer = { type: 'GetMeterDataResponse', connection: 'CS 1', values: seed.METERED, ...POSTED };
    expect([status, body]).toEqual([200, { ...answer, ...PROCESSED }]);
    if (version !== 'v1') return;
    expect((await scene.send('POST', 'v1/getMeterData', seed.GET_METER_DATA)).body).toEqual(body);
  });

  itIf(has('postPrognosis'))('postPrognosis, getPrognosis', async () => {
    await forget();
    await post('postPrognosis', seed.POST_PROGNOSIS);
    expect(await recorded(1)).toEqual(['2014-12-31T18:00:00.000Z']);
    const { status, body } = await get('getPrognosis', seed.GET_PROGNOSIS);
    const answer = { type: 'GetPrognosisResponse', connection: 'CS 1', values: seed.PROGNOSED, ...POSTED };
    expect([status, body]).toEqual([200, { ...answer, ...PROCESSED }]);
  });

  itIf(has('postPriceData'))('postPriceData', async () => {
    await post('postPriceData', seed.POST_PRICE_DATA);
    expect(await recorded(11)).toEqual(['2014-12-31T19:00:00.000Z']);
  });

  itIf(has('postWeatherData'))('postWeatherData', async () => {
    await post('postWeatherData', seed.POST_WEATHER_DATA);
    expect(await recorded(601)).toEqual(['2015-01-01T04:30:00.000Z']);
  });

  itIf(has('getConnection'))('getConnection', async () => {
    const { status, body } = await get('getConnection', { type: 'GetConnectionRequest' });
    expect(status).toBe(200);
    const { connections, names, type } = body as { connections: string[]; names: string[]; type: string };
    expect(type).toBe('GetConnectionResponse');
    expect(names.slice(-4)).toEqual(['CS 4', 'CS 3', 'CS 2', 'CS 1']);
    for (const [i, address] of connections.slice(-4).entries())
      expect(address).toMatch(new RegExp(String.raw`^ea1\.\d{4}-\d\d\.localhost:\d+:${4 - i}$`));
  });

  itIf(has('postUdiEvent'))('postUdiEvent, getDeviceMessage', async () => {
    await post('postPriceData', seed.PRICES_FOR_UDI_EVENTS);
    await post('postUdiEvent', version === 'v1_2' ? seed.POST_UDI_EVENT_OF_V1_2 : seed.POST_UDI_EVENT);
    const ask = () => get('getDeviceMessage', { ...seed.GET_DEVICE_MESSAGE, duration: 'PT45M' });
    const { status, body } = await (version === 'v1_2'
      ? ask()
      : eventually(ask, (answer) => answer.status === 200));
    expect([status, body]).toEqual([
      200,
      {
        ...{ type: 'GetDeviceMessageResponse', event: seed.GET_DEVICE_MESSAGE.event },
        values: Array.from({ length: 3 }, () => expect.any(Number) as number),
        ...{ start: expect.any(String) as string, duration: 'PT45M', unit: 'MW', ...PROCESSED },
      },
    ]);
    expect(Date.parse((body as { start: string }).start)).toBe(Date.parse('2015-06-02T10:00:00Z'));
  });

  itIf(['v1_3', 'v2_0'].includes(version))('postUdiEvent with targets', async () => {
    await post('postUdiEvent', seed.POST_UDI_EVENT_WITH_TARGETS);
    const { event } = seed.POST_UDI_EVENT_WITH_TARGETS;
    const ask = () => get('getDeviceMessage', { type: 'GetDeviceMessageRequest', event });
    const { body } = await eventually(ask, (answer) => answer.status === 200);
    const { values } = body as { values: number[] };
    expect(values).toHaveLength(24);
    // From 12.1 kWh to 25 kWh in six hours, with losses in both directions.
    const efficiency = Math.sqrt(0.98);
    const storedKwh = values.map((mw) => 250 * (mw > 0 ? mw * efficiency : mw / efficiency));
    expect(storedKwh.reduce((sum, kwh) => sum + kwh, 0)).toBeCloseTo(25 - 12.1, 2);
  });
});
