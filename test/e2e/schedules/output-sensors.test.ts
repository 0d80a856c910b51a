import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../../harness/eventually';
import {
  DAY,
  HALF_A_DAY,
  startScene,
  uniqueNumber,
  waitForSchedule,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';

type Json = Record<string, unknown>;

interface Answer {
  values: number[];
  unit: string;
  duration: string;
  message: string;
}

const HOURS = 12;

describe('Sensors that schedules are recorded to', () => {
  let scene: Scene;
  /** Another asset of the toy account, and one of a stranger's account. */
  let asset: number;
  let strangers: number;

  beforeAll(async () => {
    scene = await startScene();
    asset = await insertAsset(1);
    strangers = await insertAsset(2);
  });
  afterAll(() => scene.stop());

  const insert = async (statement: string, values: unknown[]): Promise<number> =>
    (await scene.sql.query<{ id: number }>(`${statement} RETURNING id`, values)).rows[0]!.id;
  const insertAsset = (accountId: number | null, parentId: number | null = null) =>
    insert(
      `INSERT INTO generic_asset (name, generic_asset_type_id, account_id, parent_asset_id) VALUES ($1, 5, $2, $3)`,
      [`asset ${uniqueNumber()}`, accountId, parentId],
    );
  const sensor = (unit: string, minutes: number, { owner = asset, attributes = {} } = {}): Promise<number> =>
    insert(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id, attributes)
       VALUES ($1, $2, $3 * interval '1 minute', 'Europe/Amsterdam', $4, $5)`,
      [`sensor ${uniqueNumber()}`, unit, minutes, owner, JSON.stringify(attributes)],
    );
  const to = (id: number): { sensor: number } => ({ sensor: id });

  const trigger = (model: Json, context: Json = {}, person?: Person) =>
    scene.send(
      'POST',
      '/sensors/2/schedules/trigger',
      {
        ...HALF_A_DAY,
        force_new_job_creation: true,
        'flex-model': { ...HALF_A_DAY['flex-model'], ...model },
        'flex-context': { 'consumption-price': { sensor: 3 }, ...context },
      },
      person,
    );
  const triggerSite = (model: Json, context: Json = {}, person?: Person) =>
    scene.send(
      'POST',
      '/assets/3/schedules/trigger',
      {
        ...HALF_A_DAY,
        force_new_job_creation: true,
        'flex-model': [{ sensor: 2, ...HALF_A_DAY['flex-model'], ...model }],
        'flex-context': { 'consumption-price': { sensor: 3 }, ...context },
      },
      person,
    );
  const idOf = ({ status, body }: Awaited<ReturnType<typeof trigger>>): string => {
    if (status !== 200) throw new Error(JSON.stringify(body));
    return (body as { schedule: string }).schedule;
  };
  const read = async (id: number, job: string, query = ''): Promise<Answer> => {
    const answer = await scene.send('GET', `/sensors/${id}/schedules/${job}?duration=PT12H${query}`);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body as Answer;
  };
  const dataOf = async (id: number, unit: string): Promise<number[]> => {
    const query = `start=${encodeURIComponent(HALF_A_DAY.start)}&duration=PT12H&unit=${unit}`;
    const { body } = await scene.send('GET', `/sensors/${id}/data?${query}`);
    return (body as { values: number[] }).values;
  };
  const hourly = (quarters: number[]): number[] =>
    Array.from({ length: HOURS }, (_, h) => quarters.slice(4 * h, 4 * h + 4).reduce((a, b) => a + b) / 4);
  const expectClose = (values: number[], expected: number[], digits = 5): void => {
    expect(values).toHaveLength(expected.length);
    values.forEach((value, i) => expect([i, value]).toEqual([i, expect.closeTo(expected[i]!, digits)]));
  };

  it('record both directions of a device, and its state of charge, in their units and resolutions', async () => {
    const [consumed, produced, soc] = [await sensor('kW', 60), await sensor('MW', 15), await sensor('%', 0)];
    const job = idOf(
      await trigger({ consumption: to(consumed), production: to(produced), 'state-of-charge': to(soc) }),
    );
    await waitForSchedule(scene.as('accountAdmin'), job);
    const { values: mw } = await read(2, job);
    expect([Math.max(...mw), Math.min(...mw)]).toEqual([0.5, -0.5]);
    const [charged, discharged] = [mw.map((one) => Math.max(0, one)), mw.map((one) => Math.max(0, -one))];
    expectClose(
      await dataOf(consumed, 'kW'),
      hourly(charged).map((one) => 1000 * one),
      3,
    );
    expectClose(await dataOf(produced, 'MW'), discharged);
    // Consumption is positive in answers, unless something else is asked for.
    expectClose(
      (await read(produced, job)).values,
      discharged.map((one) => -one),
    );
    expectClose((await read(produced, job, '&sign-convention=wysiwyg')).values, discharged);
    expectClose(
      (await read(consumed, job, '&unit=W')).values,
      hourly(charged).map((one) => 1e6 * one),
      0,
    );
    // 225 kWh of 450 kWh at the start, which is soc-max.
    const states = await read(soc, job);
    expect(states).toMatchObject({ unit: '%', duration: 'PT12H' });
    expect([states.values.length, states.values[0]]).toEqual([4 * HOURS + 1, 50]);
    const efficiency = Math.sqrt(0.9);
    let mwh = 0.225;
    mw.forEach((power, t) => {
      mwh += (power > 0 ? power * efficiency : power / efficiency) / 4;
      expect(states.values[t + 1]).toBeCloseTo((100 * mwh) / 0.45, 3);
    });
    const part = await scene.send('GET', `/sensors/${soc}/schedules/${job}?duration=PT1H`);
    expect(part.body).toMatchObject({ duration: 'PT1H', values: states.values.slice(0, 5) });
  });

  it('record all power with the direction of the only field as positive, and get its sign', async () => {
    const [consumed, produced] = [await sensor('MW', 15), await sensor('MW', 15)];
    const first = idOf(await trigger({ consumption: to(consumed) }));
    const second = idOf(await trigger({ production: to(produced) }));
    for (const job of [first, second]) await waitForSchedule(scene.as('accountAdmin'), job);
    const { values: mw } = await read(2, second);
    expectClose(await dataOf(consumed, 'MW'), mw);
    expectClose(
      await dataOf(produced, 'MW'),
      mw.map((one) => -one),
    );
    for (const [id, job] of [
      [consumed, first],
      [produced, second],
    ] as const) {
      expectClose((await read(id, job)).values, mw);
      const negative = mw.map((one) => -one + 0);
      expectClose((await read(id, job, '&sign-convention=production-positive')).values, negative);
    }
    const { body } = await scene.send('GET', `/sensors/${consumed}`);
    expect(JSON.parse((body as { attributes: string }).attributes)).toEqual({
      consumption_is_positive: true,
    });
    const other = await sensor('kW', 15, { attributes: { consumption_is_positive: true } });
    expect(await trigger({ production: to(other) })).toMatchObject({
      status: 422,
      body: {
        message: { json: { production: [expect.stringContaining('records consumption as positive')] } },
      },
    });
  });

  it('record the power of the site, inflexible devices included', async () => {
    const load = await sensor('kW', 15, { attributes: { consumption_is_positive: true } });
    const posted = { sensor: load, values: Array(48).fill(300), start: HALF_A_DAY.start, duration: 'PT12H' };
    const { status } = await scene.send('POST', '/sensors/data', {
      ...posted,
      unit: 'kW',
      prior: '2026-03-03T12:00:00+01:00',
    });
    expect(status).toBe(200);
    const [imported, exported, power] = [
      await sensor('kW', 15),
      await sensor('kW', 60),
      await sensor('MW', 15),
    ];
    const job = idOf(
      await triggerSite(
        {},
        {
          'inflexible-device-sensors': [to(load)],
          'aggregate-consumption': to(imported),
          'aggregate-production': to(exported),
          'aggregate-power': to(power),
        },
      ),
    );
    await waitForSchedule(scene.as('accountAdmin'), job);
    const net = (await read(2, job)).values.map((mw) => 1000 * mw + 300);
    expect([Math.max(...net), Math.min(...net)]).toEqual([500, -200]);
    expectClose(
      await dataOf(imported, 'kW'),
      net.map((kw) => Math.max(0, kw)),
      3,
    );
    expectClose(await dataOf(exported, 'kW'), hourly(net.map((kw) => Math.max(0, -kw))), 3);
    // Without an attribute, production is positive.
    expectClose(
      await dataOf(power, 'MW'),
      net.map((kw) => -kw / 1000),
    );
    expectClose((await read(power, job, '&unit=kW')).values, net, 3);
  });

  const FIELDS = ['consumption', 'production', 'state-of-charge'];
  const SITE_FIELDS = ['aggregate-consumption', 'aggregate-production', 'aggregate-power'];
  const unitOf = (field: string): [string, number] => (field === 'state-of-charge' ? ['kWh', 0] : ['kW', 15]);

  it.each([...FIELDS, ...SITE_FIELDS])('are not written for a user who may not: %s', async (field) => {
    const theirs = await sensor(...unitOf(field), { owner: strangers });
    const open = await sensor(...unitOf(field), { owner: await insertAsset(null) });
    const fields = { [field]: to(theirs) };
    const [model, context] = FIELDS.includes(field) ? [fields, {}] : [{}, fields];
    const name = new RegExp(`${field}\\.sensor: user \\d+ may not read sensor ${theirs}`);
    for (const send of [trigger, triggerSite])
      expect(await send(model, context)).toMatchObject({
        status: 403,
        body: { message: expect.stringMatching(name) as unknown },
      });
    // Everyone may read the sensors of public assets, but not post data to them.
    const [openModel, openContext] = FIELDS.includes(field)
      ? [{ [field]: to(open) }, {}]
      : [{}, { [field]: to(open) }];
    expect(await trigger(openModel, openContext)).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining(`may not post data to sensor ${open}`) as unknown },
    });
    const column = FIELDS.includes(field) ? 'flex_model' : 'flex_context';
    for (const id of [theirs, open])
      expect(await scene.send('PATCH', '/assets/3', { [column]: { [field]: to(id) } })).toMatchObject({
        status: 403,
      });
    // Not by flexibility that got into the database another way, also for admins, who may write everywhere.
    const stored = (value: unknown) =>
      scene.sql.query(`UPDATE generic_asset SET ${column} = $1 WHERE id = 3`, [JSON.stringify(value)]);
    for (const id of [theirs, open]) {
      await stored({ [field]: to(id) });
      for (const person of ['accountAdmin', 'admin'] as const)
        for (const send of [trigger, triggerSite])
          expect(await send({}, {}, person)).toMatchObject({ status: 403 });
    }
    await stored({});
    // Attributes name no such sensors.
    const attributes = { [field]: to(theirs), [column.replace('_', '-')]: { [field]: to(theirs) } };
    const { rows } = await scene.sql.query<{ attributes: object }>(
      'SELECT attributes FROM generic_asset WHERE id = 3',
    );
    await scene.sql.query('UPDATE generic_asset SET attributes = attributes || $1 WHERE id = 3', [
      attributes,
    ]);
    const job = idOf(await trigger({}));
    await waitForSchedule(scene.as('accountAdmin'), job);
    await scene.sql.query('UPDATE generic_asset SET attributes = $1 WHERE id = 3', [rows[0]!.attributes]);
    const count = await scene.sql.query('SELECT FROM timed_belief WHERE sensor_id = ANY($1)', [
      [theirs, open],
    ]);
    expect(count.rows).toEqual([]);
  });

  it('are not written for a user who may not: aggregate-power of a commodity', async () => {
    const open = await sensor('kW', 15, { owner: await insertAsset(null) });
    const context = {
      commodities: [{ commodity: 'gas', 'consumption-price': '5 EUR/MWh', 'aggregate-power': to(open) }],
    };
    const refused = {
      status: 403,
      body: { message: expect.stringContaining(`may not post data to sensor ${open}`) as unknown },
    };
    expect(await triggerSite({}, context)).toMatchObject(refused);
    expect(await scene.send('PATCH', '/assets/3', { flex_context: context })).toMatchObject({ status: 403 });
    // Not by flexibility that got into the database another way, also for admins, who may write everywhere.
    const stored = (value: unknown) =>
      scene.sql.query(`UPDATE generic_asset SET flex_context = $1 WHERE id = 3`, [JSON.stringify(value)]);
    await stored(context);
    for (const person of ['accountAdmin', 'admin'] as const)
      expect(await triggerSite({}, {}, person)).toMatchObject({ status: 403 });
    await stored({});
  });

  it('are refused with a wrong unit or resolution, or if they are named twice', async () => {
    const power = await sensor('kW', 15);
    const refused = async (model: Json, context: Json, field: string, reason: string) => {
      const answer = await trigger(model, context);
      expect(answer.status).toBe(422);
      expect(JSON.stringify(answer.body)).toContain(`"${field}"`);
      expect(JSON.stringify(answer.body)).toContain(reason);
    };
    await refused(
      { 'state-of-charge': to(await sensor('kWh', 15)) },
      {},
      'state-of-charge',
      'not instantaneous',
    );
    await refused(
      { 'state-of-charge': to(await sensor('kW', 0)) },
      {},
      'state-of-charge',
      'a unit of energy or %',
    );
    await refused(
      { consumption: to(await sensor('kWh', 15)) },
      {},
      'consumption',
      'a power sensor is needed',
    );
    await refused({ consumption: to(await sensor('kW', 0)) }, {}, 'consumption', 'the resolution of sensor');
    await refused({ consumption: to(await sensor('kW', 10)) }, {}, 'consumption', 'the resolution of sensor');
    const twice = { 'aggregate-consumption': to(power) };
    await refused({ consumption: to(power) }, twice, 'aggregate-consumption', 'records something else');
    await refused({}, { 'aggregate-power': to(2) }, 'aggregate-power', 'records something else');
  });

  it('are used as assets store them, those of a site only for the site', async () => {
    const site = await insertAsset(1);
    const below = await insertAsset(1, site);
    const [power, soc, net] = [
      await sensor('kW', 15, { owner: below }),
      await sensor('kWh', 0, { owner: below }),
      await sensor('kW', 15, { owner: site }),
    ];
    const model = { 'soc-max': '10 kWh', 'power-capacity': '5 kW', 'state-of-charge': to(soc) };
    const context = { 'consumption-price': { sensor: 3 }, 'aggregate-power': to(net) };
    const patched = [
      await scene.send('PATCH', `/assets/${below}`, { flex_model: model }),
      await scene.send('PATCH', `/assets/${site}`, { flex_context: context }),
    ];
    expect(patched.map(({ status }) => status)).toEqual([200, 200]);
    const known = { unit: 'kWh', prior: '2026-03-03T12:00:00+01:00' };
    const posted = await scene.send('POST', '/sensors/data', {
      ...{ sensor: soc, values: [4], start: `${DAY}T06:55:00+01:00`, duration: 'PT0M' },
      ...known,
    });
    expect({ status: posted.status, body: posted.body }).toMatchObject({ status: 200 });
    const start = { start: HALF_A_DAY.start };
    for (const [path, recorded] of [
      [`/sensors/${power}`, false],
      [`/assets/${site}`, true],
    ] as const) {
      const receipt = await scene.send('POST', `${path}/schedules/trigger`, start);
      const job = idOf(receipt);
      expect(receipt.body).toMatchObject({
        job,
        'job-url': `/api/v3_0/jobs/${job}`,
        'results-url': `/api/v3_0${path}/schedules/${job}`,
      });
      expect((await waitForSchedule(scene.as('accountAdmin'), job, 'PT12H', power)).data).toBeDefined();
      expect((await read(soc, job)).values[0]).toBe(4);
      const status = (await scene.send('GET', `/sensors/${net}/schedules/${job}`)).status;
      expect([path, status]).toEqual([path, recorded ? 200 : 400]);
    }
    await scene.send('DELETE', `/sensors/${soc}`);
    await scene.send('DELETE', `/sensors/${net}`);
    const expected = [
      { flex_model: {}, flex_context: { 'consumption-price': { sensor: 3 } } },
      { flex_model: { 'soc-max': '10 kWh', 'power-capacity': '5 kW' }, flex_context: {} },
    ];
    const query = 'SELECT flex_model, flex_context FROM generic_asset WHERE id = ANY($1) ORDER BY id';
    const stored = async () => (await scene.sql.query(query, [[site, below]])).rows as unknown;
    await eventually(stored, (rows) => isDeepStrictEqual(rows, expected));
  });
});
