import { PROCESSED, unprocessable } from '../../harness/contract/answers';
import { flexmeasures } from '../../harness/servers/cli';
import {
  Fresh,
  HALF_A_DAY,
  HALF_A_DAY_OF_SITE,
  PRICES,
  waitForSchedule,
  startScene,
  type Scene,
} from '../../harness/scenes/api-scene';

interface SiteSchedule {
  cost: number;
  commitments: { commitment: string; cost: number }[];
  schedules: { sensor: number; unit: string; resolution: string; values: number[] }[];
}

describe('Schedules of a site', () => {
  let scene: Scene;
  /** Power sensors: hourly ones of a car and of a washing machine, and one like the battery's. */
  let car: number;
  let washing: number;
  let other: number;

  beforeAll(async () => {
    scene = await startScene();
    const fresh = new Fresh(scene.sql);
    [car, washing, other] = [await fresh.sensor(), await fresh.sensor(), await fresh.sensor()];
    await scene.sql.query(`UPDATE sensor SET event_resolution = '1 hour', unit = 'kW' WHERE id IN ($1, $2)`, [
      car,
      washing,
    ]);
  });
  afterAll(() => scene.stop());

  const trigger = (change: object) =>
    scene.send('POST', '/assets/3/schedules/trigger', { ...HALF_A_DAY_OF_SITE, ...change });
  const battery = { sensor: 2, 'soc-at-start': '225 kWh' };

  const done = async (change: object): Promise<{ id: string; site: SiteSchedule; message: string }> => {
    const { status, body } = await trigger(change);
    expect({ status, body }).toMatchObject({ status: 200 });
    const id = (body as { schedule: string }).schedule;
    await waitForSchedule(scene.as('accountAdmin'), id);
    const answer = await scene.send('GET', `/assets/3/schedules/${id}`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'PROCESSED' } });
    return { id, site: answer.body as SiteSchedule, message: (answer.body as { message: string }).message };
  };

  it('equal the schedule of a single device if there is only one', async () => {
    const client = scene.as('member');
    const params = { path: { id: 3, uuid: scene.siteSchedule } };
    const { data } = await client.GET('/api/v3_0/assets/{id}/schedules/{uuid}', { params });
    const { data: alone } = await waitForSchedule(client, scene.schedule, 'PT12H');
    expect(data).toMatchObject({
      ...PROCESSED,
      start: HALF_A_DAY.start,
      duration: 'PT12H',
      currency: 'EUR',
      schedules: [{ sensor: 2, unit: 'MW', resolution: 'PT15M', values: alone!.values }],
    });
    expect(data!.cost).toBeCloseTo(-3.3032625, 5);
    expect(data!.commitments.map(({ cost }) => cost).reduce((a, b) => a + b)).toBeCloseTo(data!.cost!, 9);
    const job = await client.GET('/api/v3_0/jobs/{uuid}', { params });
    const gap = expect.closeTo(0, 9) as number;
    expect(job.data).toMatchObject({ result: { asset: 3, sensors: [2], gap, warnings: [] } });
  });

  it('share the connection, in steps of one length for all sensor resolutions', async () => {
    const { id, site } = await done({
      resolution: 'PT30M',
      'flex-model': [
        battery,
        {
          sensor: car,
          'soc-at-start': 10,
          'soc-max': '30 kWh',
          'power-capacity': '20 kW',
          'production-capacity': '0 kW',
          'soc-minima': [{ value: '30 kWh', datetime: '2026-03-04T10:00:00+01:00' }],
        },
        { sensor: washing, 'process-type': 'SHIFTABLE', power: '2 kW', duration: 'PT2H' },
      ],
      'flex-context': { 'consumption-price-sensor': 3, 'site-consumption-capacity': '15 kW' },
    });
    expect(site.schedules).toMatchObject([
      { sensor: 2, resolution: 'PT15M', unit: 'MW' },
      { sensor: car, resolution: 'PT1H', unit: 'kW' },
      { sensor: washing, resolution: 'PT1H', unit: 'kW' },
    ]);
    const [first, second, third] = site.schedules.map(({ values }) => values);
    expect([first!.length, second!.length, third!.length]).toEqual([48, 12, 12]);
    // 20 kWh for the car within three hours, and 4 kWh for the washing.
    expect(second!.slice(0, 3).reduce((a, b) => a + b)).toBeCloseTo(20, 4);
    expect(third!.reduce((a, b) => a + b)).toBeCloseTo(4, 4);
    for (let hour = 0; hour < 12; hour++) {
      const quarters = first!.slice(4 * hour, 4 * hour + 4);
      expect(quarters[0]).toBe(quarters[1]);
      const mean = quarters.reduce((a, b) => a + b) / 4;
      expect(1000 * mean + second![hour]! + third![hour]!).toBeLessThanOrEqual(15 + 1e-3);
    }
    const { data: own } = await waitForSchedule(scene.as('member'), id, 'PT12H', car);
    // Clients know this name, also of schedules for sites.
    const scheduler_info = { scheduler: 'StorageScheduler' };
    expect(own).toMatchObject({ unit: 'kW', values: second, scheduler_info });
  });

  it('do not leave capacity for later devices when they are sequential', async () => {
    const change = (sequential: boolean) => ({
      duration: 'PT4H',
      sequential,
      'flex-model': [
        { ...battery, 'soc-targets': [{ value: '400 kWh', datetime: '2026-03-04T11:00:00+01:00' }] },
        {
          sensor: other,
          'soc-at-start': 0,
          'soc-max': '1 MWh',
          'power-capacity': '0.1 MW',
          'soc-targets': [{ value: '200 kWh', datetime: '2026-03-04T11:00:00+01:00' }],
        },
      ],
      'flex-context': { 'consumption-price-sensor': 3, 'site-consumption-capacity': '0.15 MW' },
    });
    expect((await done(change(false))).message).toBe('Request has been processed.');
    // The battery takes the cheapest hours, and the other device has too little capacity left.
    const oneByOne = await done(change(true));
    expect(oneByOne.message).toMatch(/soc-target 200 kWh at .* site-consumption-capacity 150 kW/);
    const job = await scene.send('GET', `/jobs/${oneByOne.id}`);
    expect(job.body).toMatchObject({ result: { gap: null } });
  });

  it('do not schedule devices without constraints', async () => {
    const { site, message } = await done({ 'flex-model': [battery, { sensor: await load() }] });
    expect(site.schedules.map(({ sensor }) => sensor)).toEqual([2]);
    expect(message).toContain('has 48 unknown value(s). 0 was assumed.');
  });

  /** A sensor of a building, which cannot be scheduled. */
  async function load(): Promise<number> {
    const id = await new Fresh(scene.sql).sensor();
    await scene.sql.query(
      `UPDATE generic_asset SET generic_asset_type_id = (SELECT id FROM generic_asset_type WHERE name = 'building')
       WHERE id = (SELECT generic_asset_id FROM sensor WHERE id = $1)`,
      [id],
    );
    return id;
  }

  it.each([
    [{ 'flex-model': undefined }, { 'flex-model': ['Missing data for required field.'] }],
    [{ 'flex-model': [] }, { 'flex-model': ['Missing data for required field.'] }],
    [{ 'flex-model': {} }, { 'flex-model': ['Not a valid list.'] }],
    [{ 'flex-model': ['x'] }, { 'flex-model.0': ['Not a valid mapping.'] }],
    [{ 'flex-model': [{}] }, { 'flex-model.0.sensor': ['Missing data for required field.'] }],
    [{ 'flex-model': [{ sensor: 9999 }] }, { 'flex-model.0.sensor': ['No sensor found with id 9999.'] }],
    [{ 'flex-model': [{ ...battery, foo: 1 }] }, { 'flex-model.0.foo': ['Unknown field.'] }],
    [
      { 'flex-model': [{ ...battery, 'soc-at-start': 'abc' }] },
      { 'flex-model.0.soc-at-start': ['Not a valid number.'] },
    ],
    [
      { 'flex-model': [{ ...battery, 'soc-minima': [{ value: 1 }] }] },
      { 'flex-model.0.soc-minima.0.datetime': ['Missing data for required field.'] },
    ],
    [
      { 'flex-model': [{ ...battery, 'soc-usage': ['1 kW', { sensor: 9999 }] }] },
      { 'flex-model.0.soc-usage.1.sensor': ['No sensor found with id 9999.'] },
    ],
    [
      { 'flex-model': [{ ...battery, 'soc-min': '2 MWh' }] },
      { 'flex-model.0.soc-min': ['2 MWh is above soc-max (0.45 MWh).'] },
    ],
    [
      { 'flex-model': [{ ...battery, power: '1 kW' }] },
      { 'flex-model.0.power': ['does not apply to a storage.'] },
    ],
    [{ 'flex-model': [battery, battery] }, { 'flex-model.1.sensor': ['Sensor 2 has two flex-models.'] }],
    [{ 'flex-context': { 'consumption-price': '5 kW' } }, { 'consumption-price': [expect.any(String)] }],
    [{ 'flex-context': { 'site-power-capacity': '5 EUR' } }, { 'site-power-capacity': [expect.any(String)] }],
    [{ 'flex-context': {} }, { 'consumption-price-sensor': [expect.stringContaining('market_id')] }],
    [{ sequential: 'perhaps' }, { sequential: ['Not a valid boolean.'] }],
    [
      { resolution: 'P1M' },
      { resolution: ['The resolution must have a fixed length: use hours, minutes or seconds.'] },
    ],
    [{ resolution: 'PT10M' }, { resolution: [expect.stringContaining('multiple or a divisor')] }],
    [{ resolution: 'PT10S' }, { resolution: [expect.stringContaining('or one minute')] }],
  ])('are refused with %j', async (change, reasons) => {
    expect(await trigger(change)).toMatchObject(unprocessable('json', reasons as Record<string, string[]>));
  });

  it('are rejected for sensors that do not measure power', async () => {
    const change = { ...HALF_A_DAY_OF_SITE, 'flex-model': [{ sensor: 3 }] };
    const reason = 'Sensor 3 has the unit EUR/MWh. Only power sensors can be scheduled.';
    expect(await scene.send('POST', '/assets/3/schedules/trigger', change, 'admin')).toMatchObject(
      unprocessable('json', { 'flex-model.0.sensor': [reason] }),
    );
  });

  it('belong to their asset', async () => {
    const { siteSchedule, schedule } = scene;
    const unknown = { status: 400, body: { status: 'UNRECOGNIZED_UDI_EVENT' } };
    expect(await scene.send('GET', `/assets/4/schedules/${siteSchedule}`)).toMatchObject(unknown);
    expect(await scene.send('GET', `/assets/3/schedules/${schedule}`)).toMatchObject(unknown);
    expect(await scene.send('GET', '/assets/3/schedules/abc')).toMatchObject(unknown);
    expect(await scene.send('GET', `/assets/9999/schedules/${siteSchedule}`)).toMatchObject({ status: 404 });
  });

  it('accept a coarser resolution for one sensor, and prices by name', async () => {
    const { status, body } = await scene.send('POST', '/sensors/2/schedules/trigger', {
      ...HALF_A_DAY,
      resolution: 'PT1H',
      'flex-context': { 'consumption-price': { sensor: 3 }, 'site-power-capacity': '100 kW' },
    });
    expect({ status, body }).toMatchObject({ status: 200 });
    const { data } = await waitForSchedule(
      scene.as('member'),
      (body as { schedule: string }).schedule,
      'PT12H',
    );
    const { values } = data!;
    expect(values).toHaveLength(48);
    values.forEach((value, quarter) => expect(value).toBe(values[quarter - (quarter % 4)]));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.1);
    const cost = values.reduce((sum, power, t) => sum + (power / 4) * PRICES[6 + Math.floor(t / 4)]!, 0);
    expect(cost).toBeLessThan(0);
  });

  it('are created on the command line too', async () => {
    const run = (...args: string[]) => flexmeasures(args, { databaseUri: scene.databaseUri });
    // What a scheduler repeats is not stored again, so its own beliefs are read, not the newest of all schedulers.
    const stored = async (sensor: number) => {
      const newest = await scene.sql.query<{ event_value: number }>(
        `SELECT DISTINCT ON (event_start) event_value FROM timed_belief
         WHERE sensor_id = $1 AND source_id = (SELECT id FROM data_source WHERE model = 'StorageScheduler')
         ORDER BY event_start, belief_horizon`,
        [sensor],
      );
      return newest.rows.map(({ event_value: value }) => value);
    };
    const window = ['--start', HALF_A_DAY.start, '--duration', 'PT12H'];
    const site = await run(
      ...['add', 'schedule', 'for-site', '--asset-id', '3', ...window],
      ...['--flex-model', JSON.stringify([{ ...battery, 'power-capacity': '50 kW' }])],
      ...['--flex-context', '{"consumption-price": {"sensor": 3}}'],
    );
    expect(site).toMatchObject({ code: 0, stdout: 'New schedules are stored.\n', stderr: '' });
    expect(Math.max(...(await stored(2)).map(Math.abs))).toBe(0.05);
    const storage = await run(
      ...['add', 'schedule', 'for-storage', '--sensor-id', '2', ...window, '--soc-at-start', '50%'],
      ...['--flex-model', '{"power-capacity": "40 kW"}'],
      ...[
        '--flex-context',
        '{"consumption-price": "10 EUR/MWh", "production-price": [{"value": "99 EUR/MWh"',
      ],
    );
    expect(storage.stderr).toContain('Must be a JSON object');
    const good = await run(
      ...['add', 'schedule', 'for-storage', '--sensor-id', '2', ...window, '--soc-at-start', '50%'],
      ...[
        '--flex-model',
        '{"power-capacity": "40 kW"}',
        '--flex-context',
        '{"consumption-price": "10 EUR/MWh"}',
      ],
    );
    expect(good).toMatchObject({ code: 0, stdout: 'New schedule is stored.\n' });
    expect(Math.max(...(await stored(2)).map(Math.abs))).toBe(0.04);
    const underOldName = await run(
      ...['add', 'schedule', '--sensor-id', '2', ...window, '--soc-at-start', '50%'],
      ...['--flex-context', '{"consumption-price": "10 EUR/MWh"}'],
    );
    expect(underOldName).toEqual({
      code: 0,
      stdout: 'New schedule is stored.\n',
      stderr: 'Warning: `add schedule` is deprecated: use `add schedule for-storage` instead.\n',
    });
    const wrong = await run(
      ...[
        'add',
        'schedule',
        'for-site',
        '--asset-id',
        '3',
        ...window,
        '--flex-model',
        '[{"sensor": 2, "foo": 1}]',
      ],
    );
    expect(wrong).toMatchObject({ code: 1, stderr: 'Error: flex-model.0.foo: Unknown field.\n' });
  });
});
