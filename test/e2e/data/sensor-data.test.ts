import { readFileSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { PROCESSED, unprocessable } from '../../harness/contract/answers';
import { startScene, type Person, type Scene } from '../../harness/scenes/api-scene';

describe('POST and GET /sensors/data', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const send: Scene['send'] = (...request) => scene.send(...request);
  const get = (path: string, person?: Person) => send('GET', path, undefined, person);

  /** A GET with a JSON body, which `fetch` cannot send. */
  const getWithBody = (
    fields: object,
    search = '',
  ): Promise<{ status: number; body: Record<string, unknown> }> =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', Authorization: scene.tokenOf('accountAdmin') };
      const url = `${scene.api.url}/api/v3_0/sensors/data${search}`;
      const body = JSON.stringify(fields);
      const sent = sendRequest(
        url,
        { headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } },
        (response) => {
          void json(response).then((answer) =>
            resolve({ status: response.statusCode!, body: answer as Record<string, unknown> }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  const powerSensor = async (attributes: object): Promise<number> => {
    const { rows } = await scene.sql.query<{ id: number }>(
      `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id, attributes)
       VALUES ($1::text, 'MW', '15 minutes', 'Europe/Amsterdam', 3, $1::text::jsonb) RETURNING id`,
      [JSON.stringify(attributes)],
    );
    return rows[0]!.id;
  };

  const ADDRESS = 'ea1.2021-01.io.flexmeasures:fm1.2';
  const START = '2026-11-20T00:00:00+01:00';
  const post = (change: object) =>
    send('POST', '/sensors/data', {
      sensor: ADDRESS,
      start: START,
      duration: 'PT1H',
      unit: 'MW',
      values: [1, 2, 3, 4],
      ...change,
    });
  const read = (query: Record<string, string>) =>
    get(
      `/sensors/data?${new URLSearchParams({ sensor: ADDRESS, start: START, duration: 'PT1H', unit: 'MW', ...query }).toString()}`,
    );

  it('return posted data in any unit', async () => {
    expect(await post({ horizon: 'PT0H' })).toMatchObject({ status: 200, body: PROCESSED });
    expect(await read({ unit: 'kW' })).toMatchObject({
      status: 200,
      body: {
        ...PROCESSED,
        values: [1000, 2000, 3000, 4000],
        start: START,
        duration: 'PT1H',
        resolution: 'PT15M',
        unit: 'kW',
      },
    });
    expect((await read({ resolution: 'PT30M', unit: 'MW' })).body).toMatchObject({
      values: [1.5, 3.5],
      resolution: 'PT30M',
    });
    expect((await read({ unit: 'kWh' })).body).toMatchObject({ values: [250, 500, 750, 1000] });
  });

  it('return energy by calendar days of 23, 24 and 25 hours', async () => {
    const week = { start: '2026-03-28T00:00:00+01:00', duration: 'P3D' };
    await post({ ...week, values: Array.from({ length: 71 }, () => 1), horizon: 'PT0H' });
    const { body } = await read({ ...week, resolution: 'P1D', unit: 'MWh' });
    expect(body).toMatchObject({ values: [24, 23, 24], duration: 'PT71H', resolution: 'PT24H' });
  });

  it('report data that is stored already, and data that would replace it', async () => {
    expect(await post({ horizon: 'PT0H' })).toMatchObject({
      status: 200,
      body: {
        message: 'Some of the data has already been received and successfully processed.',
        results: 'PROCESSED',
        status: 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED',
      },
    });
    expect(await post({ horizon: 'PT0H', values: [100, 2, 3, 4] })).toMatchObject({
      status: 403,
      body: {
        message:
          'Some of the data represents a replacement, which is reserved for servers in play mode. ' +
          'Enable play mode or update the prior in your request.',
        results: 'Rejected',
        status: 'INVALID_REPLACEMENT',
      },
    });
  });

  it('accept a coarser resolution, energy, nulls and a single number', async () => {
    const hour = (number: number) => ({ start: `2026-11-21T0${number}:00:00+01:00` });
    await post({ ...hour(1), values: [100, 200], unit: 'kWh' });
    expect((await read(hour(1))).body).toMatchObject({ values: [0.2, 0.2, 0.4, 0.4] });
    await post({ ...hour(2), values: [1, null, null, '4'] });
    expect((await read(hour(2))).body).toMatchObject({ values: [1, null, null, 4] });
    await post({ ...hour(3), values: 3.7 });
    expect((await read(hour(3))).body).toMatchObject({ values: [3.7, 3.7, 3.7, 3.7] });
  });

  it('take no part of an energy for the whole, and the mean of known power', async () => {
    const hour = { start: '2026-11-21T12:00:00+01:00' };
    await post({ ...hour, values: [4, 4, null, 4] });
    const energy = { ...hour, unit: 'MWh', resolution: 'PT1H' };
    expect((await read(energy)).body).toMatchObject({
      values: [null],
      message: 'Request has been processed. Only a part of 1 step is known, so that the whole is not.',
    });
    expect((await read({ ...energy, partial: 'scale' })).body).toMatchObject({
      values: [4],
      message: 'Request has been processed. Only a part of 1 step is known, and was scaled up to the whole.',
    });
    expect((await read({ ...energy, unit: 'MW' })).body).toMatchObject({ values: [4], ...PROCESSED });
    // The last step reaches beyond the window, and is known.
    const window = { start: '2026-11-21T12:45:00+01:00', duration: 'PT30M', resolution: 'PT45M' };
    await post({ start: '2026-11-21T13:00:00+01:00', duration: 'PT75M', values: [8, 8, 8, 8, 8] });
    expect((await read({ ...window, unit: 'MWh', duration: 'PT1H' })).body).toMatchObject({ values: [5, 6] });
  });

  it('case 14: return the same after posts in any order', async () => {
    const at = { start: '2026-11-21T15:00:00+01:00', duration: 'PT15M' };
    const state = (value: number, hour: number) =>
      post({ ...at, values: undefined, value, prior: `2026-11-21T0${hour}:00:00+01:00` });
    await state(5, 1);
    await state(5, 3);
    await state(6, 2);
    expect((await read(at)).body).toMatchObject({ values: [5] });
    expect((await read({ ...at, prior: '2026-11-21T02:30:00+01:00' })).body).toMatchObject({ values: [6] });
  });

  it('accept a sensor under the plural name, alone or as a list of one', async () => {
    const at = { start: '2026-11-21T17:00:00+01:00' };
    expect(await post({ ...at, sensor: undefined, sensors: [2] })).toMatchObject({ status: 200 });
    expect((await read({ ...at })).body).toMatchObject({ values: [1, 2, 3, 4] });
    const query = new URLSearchParams({ ...at, sensors: '2', duration: 'PT15M', unit: 'MW' });
    expect((await get(`/sensors/data?${query.toString()}`)).body).toMatchObject({ values: [1] });
    expect(await post({ ...at, sensor: undefined, sensors: [2, 3] })).toMatchObject(
      unprocessable('json', { sensors: ['Must have exactly one item: each has its own request.'] }),
    );
  });

  it('take the parameters of a query from a JSON body', async () => {
    const at = { start: '2026-11-21T18:00:00+01:00' };
    await post(at);
    const fields = { ...at, sensor: ADDRESS, duration: 'PT30M', unit: 'kW', source: undefined };
    expect(await getWithBody(fields)).toMatchObject({
      status: 200,
      body: { values: [1000, 2000], unit: 'kW' },
    });
    expect(await getWithBody({ ...fields, source: 999 })).toMatchObject(
      unprocessable('query', { source: ['No data source found with id 999.'] }),
    );
    expect((await getWithBody(fields, '?unit=MW')).body).toMatchObject({ values: [1, 2], unit: 'MW' });
  });

  it.each([
    [
      { is_producer: true },
      [1, 0, -2],
      'Must not be negative: the sensor is a pure producer, and production',
    ],
    [
      { is_consumer: true, consumption_is_positive: true },
      [1, -2],
      'Must not be negative: the sensor is a pure',
    ],
    [{ is_strictly_non_positive: true }, [-1, 2], 'Must not be positive: attribute is_strictly_non_positive'],
  ])('reject power of the wrong sign for a sensor with %j', async (attributes, values, reason) => {
    const sensor = await powerSensor(attributes);
    const body = { start: START, sensor, unit: 'kW', duration: `PT${values.length * 15}M` };
    const last = `values.${values.length - 1}`;
    expect(await post({ ...body, values })).toMatchObject(
      unprocessable('json', { [last]: [expect.stringContaining(reason) as string] }),
    );
    expect(
      await post({ ...body, values: values.slice(0, -1), duration: `PT${(values.length - 1) * 15}M` }),
    ).toMatchObject({ status: 200 });
  });

  it('can be read by account and type of the source', async () => {
    const sensor = await powerSensor({ by: 'source' });
    const at = { sensor, start: START, duration: 'PT15M' };
    await send('POST', '/sensors/data', { ...at, unit: 'MW', values: [1], prior: START }, 'accountAdmin');
    const later = { ...at, unit: 'MW', values: [2], prior: '2026-11-20T01:00:00+01:00' };
    await send('POST', '/sensors/data', later, 'admin');
    await scene.sql.query(
      `INSERT INTO data_source (name, type) VALUES ('a forecaster', 'forecasting script'), ('a script', 'CLI script')`,
    );
    await scene.sql.query(
      `INSERT INTO timed_belief (sensor_id, source_id, event_start, event_value, belief_horizon, cumulative_probability)
       SELECT $1, source.id, $2, 3, -7200000, 0.5 FROM data_source source WHERE name = 'a forecaster'`,
      [sensor, START],
    );
    const valueFor = async (query: Record<string, string>) =>
      ((await read({ ...at, sensor: String(sensor), ...query })).body as { values: unknown[] }).values[0];
    expect(await valueFor({})).toBe(3);
    expect(await valueFor({ 'source-type': 'user' })).toBe(2);
    expect(await valueFor({ source_type: 'user', 'source-account': '1' })).toBe(1);
    for (const type of ['forecaster', 'forecasting script'])
      expect(await valueFor({ 'source-type': type })).toBe(3);
    expect(await valueFor({ 'source-account': '3' })).toBe(2);
    expect(await valueFor({ 'source-account': '2' })).toBeNull();
    expect(await valueFor({ 'source-type': 'user', 'source-account': '2' })).toBeNull();
    expect(await read({ 'source-type': 'unheard of' })).toMatchObject(
      unprocessable('query', { 'source-type': ['No data source has this type.'] }),
    );
    expect((await read({ 'source-account': 'x' })).status).toBe(422);
  });

  it('case 13: move data that starts between two steps to the step before, and say so', async () => {
    const at = (time: string) => ({ start: `2026-11-21T${time}+01:00` });
    const early = { prior: '2026-11-21T00:00:00+01:00', duration: 'PT30M' };
    expect((await post({ ...at('08:03:00'), ...early, values: [10, 20] })).body).toMatchObject({
      status: 'PROCESSED',
      message:
        'Request has been processed. The start was moved from 2026-11-21T08:03:00+01:00 to ' +
        "2026-11-21T08:00:00+01:00, because the sensor's events start every PT15M.",
    });
    const later = { ...early, prior: '2026-11-21T00:01:00+01:00' };
    expect((await post({ ...at('08:00:00'), ...later, values: [11, 21] })).body).toMatchObject(PROCESSED);
    expect((await read({ ...at('08:00:00'), duration: 'PT30M' })).body).toMatchObject({ values: [11, 21] });
  });

  it('keep starts between two steps if an attribute says so', async () => {
    const sensor = await powerSensor({ floor_datetimes_to_resolution: false });
    const body = { sensor, start: '2026-11-21T08:03:00+01:00', duration: 'PT30M', values: [10, 20] };
    expect((await post(body)).body).toEqual(PROCESSED);
    const { rows } = await scene.sql.query<{ start: Date }>(
      'SELECT event_start AS start FROM timed_belief WHERE sensor_id = $1 ORDER BY event_start',
      [sensor],
    );
    expect(rows.map(({ start }) => start.toISOString())).toEqual([
      '2026-11-21T07:03:00.000Z',
      '2026-11-21T07:18:00.000Z',
    ]);
    const window = { sensor: String(sensor), start: '2026-11-21T08:03:00+01:00', duration: 'PT30M' };
    expect((await read(window)).body).toMatchObject({ values: [10, 20] });
  });

  it('case 13: move data that barely misses the next step to that step', async () => {
    const start = '2026-11-21T09:14:59+01:00';
    await post({ start, prior: start, duration: 'PT30M', values: [1, 2] });
    const window = { start: '2026-11-21T09:00:00+01:00', duration: 'PT1H' };
    expect((await read(window)).body).toMatchObject({ values: [null, 1, 2, null] });
  });

  it.each([
    [{ start: '2021-06-07T00:00:00' }, { start: ['Not a valid aware datetime.'] }],
    [{ start: 'yesterday' }, { start: ['Not a valid datetime.'] }],
    [{ start: undefined }, { start: ['Missing data for required field.'] }],
    [{ unit: undefined }, { unit: ['Missing data for required field.'] }],
    [{ unit: 'blorp' }, { _schema: ['Required unit for this sensor is MW, got incompatible unit: blorp'] }],
    [{ sensor: 'ea1.2021-01.io.flexmeasures:fm1.999' }, { sensor: ["Sensor with id 999 doesn't exist."] }],
    [{ values: [] }, { values: ['Must have at least one value.'] }],
    [{ values: [1, 'x', 3, 4] }, { 'values.1': ['Not a valid number.'] }],
    [{ values: null }, { values: ['Field may not be null.'] }],
    [{ values: undefined, value: null }, { value: ['Field may not be null.'] }],
    [{ type: 'GetSensorDataRequest' }, { type: [expect.stringContaining('Must be one of') as string] }],
  ])('reject posted data with %j', async (change, reasons) => {
    expect(await post(change)).toMatchObject(unprocessable('json', reasons));
  });

  it('reject data with errors nested by the position of the invalid value', async () => {
    expect((await post({ values: [1, 'x', 3, {}] })).body).toMatchObject({
      message: { json: { values: { '1': ['Not a valid number.'], '3': ['Not a valid number.'] } } },
    });
  });

  it('take and return days where the clocks change', async () => {
    const id = await powerSensor({ days: true });
    await scene.sql.query(`UPDATE sensor SET event_resolution = '1 day', unit = 'kWh' WHERE id = $1`, [id]);
    const sensor = `ea1.2021-01.io.flexmeasures:fm1.${id}`;
    const days = { sensor, start: '2026-03-28T00:00:00+01:00', unit: 'kWh' };
    expect(await post({ ...days, duration: 'P3D', values: [24, 23, 48] })).toMatchObject({ status: 200 });
    const inDays = { ...days, duration: 'P3D' };
    expect(await read(inDays)).toMatchObject({ body: { values: [24, 23, 48] } });
    expect(await read({ ...inDays, unit: 'kW' })).toMatchObject({ body: { values: [1, 1, 2] } });
  });

  it('reject data with a resolution that the sensor cannot store', async () => {
    const reason = "Resolution of 0:10:00 is incompatible with the sensor's required resolution of 0:15:00.";
    expect(await post({ values: [1, 1, 1, 1, 1, 1] })).toMatchObject(
      unprocessable('json', { _schema: [reason] }),
    );
  });

  it.each([
    [{ unit: 'm³/h' }, { _schema: [expect.stringContaining('incompatible unit: m³/h') as string] }],
    [{ source: '999' }, { source: ['No data source found with id 999.'] }],
    [{ duration: 'P1000Y' }, { duration: [expect.stringContaining('events') as string] }],
    [{ resolution: 'PT10M' }, { resolution: [expect.stringContaining('15 minutes') as string] }],
    [{ type: 'GetPriceDataRequest' }, { _schema: [expect.stringContaining('price') as string] }],
  ])('reject a query with %j', async (change, reasons) => {
    expect(await read(change)).toMatchObject(unprocessable('query', reasons));
  });

  it('return meter data or a prognosis, with the offset of the request', async () => {
    const times = { start: '2026-11-22T01:00:00+01:00', duration: 'PT15M' };
    await post({ ...times, value: 1, values: undefined, horizon: 'PT6H', type: 'PostSensorDataRequest' });
    await post({ ...times, value: 2, values: undefined, horizon: '-PT5M' });
    const readAs = async (type: string) =>
      (await read({ start: '2026-11-22T00:00:00Z', duration: 'PT15M', type })).body;
    expect(await readAs('GetMeterDataRequest')).toMatchObject({
      values: [2],
      start: '2026-11-22T00:00:00+00:00',
    });
    expect(await readAs('GetPrognosisRequest')).toMatchObject({ values: [1] });
  });

  describe('upload of files', () => {
    const DAY = '2026-11-25';
    const csv = (hour: number, ...values: (number | string)[]) =>
      new File(
        [
          values
            .map((value, i) => `${DAY}T${String(hour).padStart(2, '0')}:${15 * i || '00'}:00Z,${value}\n`)
            .join(''),
        ],
        'x.csv',
      );
    const upload = (files: File[], fields: Record<string, string> = {}) => {
      const form = new FormData();
      for (const file of files) form.append('uploaded-files', file);
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      return scene.api.fetch(
        new Request(`${scene.api.url}/api/v3_0/sensors/2/data/upload`, {
          method: 'POST',
          headers: { Authorization: scene.tokenOf('accountAdmin') },
          body: form,
        }),
      );
    };
    const values = async (hour: number, more: Record<string, string> = {}) =>
      (
        (await read({ start: `${DAY}T${hour}:00:00Z`, duration: 'PT30M', ...more })).body as {
          values: unknown;
        }
      ).values;

    it('stores all files, with the belief time of meters if they measured instantly', async () => {
      const answer = await upload([csv(10, 1, 2), csv(11, 3, 4)], {
        'belief-time-measured-instantly': 'true',
      });
      expect(await answer.json()).toEqual(PROCESSED);
      expect([await values(10), await values(11)]).toEqual([
        [1, 2],
        [3, 4],
      ]);
      expect(await values(10, { prior: `${DAY}T10:15:00Z` })).toEqual([1, null]);
    });

    it('case 20: reads files as people export them, with the options of the command', async () => {
      const create = async (unit: string, event_resolution: string) => {
        const sensor = { name: `${unit} of files`, unit, event_resolution, generic_asset_id: 3 };
        const { body } = await send('POST', '/sensors', { ...sensor, timezone: 'Europe/Brussels' });
        return (body as { id: number }).id;
      };
      const sendFile = async (id: number, name: string, fields: [string, string][]) => {
        const form = new FormData();
        const bytes = readFileSync(join(__dirname, '..', '..', 'fixtures', 'exports', name));
        form.append('uploaded-files', new File([new Uint8Array(bytes)], name));
        for (const [field, value] of fields) form.append(field, value);
        const headers = { Authorization: scene.tokenOf('accountAdmin') };
        const url = `${scene.api.url}/api/v3_0/sensors/${id}/data/upload`;
        const response = await scene.api.fetch(new Request(url, { method: 'POST', headers, body: form }));
        return { status: response.status, body: await response.json() };
      };
      const stored = async (id: number) =>
        (
          await scene.sql.query<{ count: number; sum: number }>(
            `SELECT count(*)::int AS count, sum(event_value)::float AS sum FROM timed_belief WHERE sensor_id = $1`,
            [id],
          )
        ).rows[0];

      const energy = await create('kWh', 'PT15M');
      const fluvius: [string, string][] = [
        ...([
          ['delimiter', ';'],
          ['decimal', ','],
          ['valuecol', 'Volume'],
          ['unit', 'kWh'],
        ] as [string, string][]),
        ...([
          ['timezone', 'Europe/Brussels'],
          ['datecol', 'Van (datum)'],
          ['datecol', 'Van (tijdstip)'],
        ] as [string, string][]),
      ];
      // Without a filter, each start has the values of two registers.
      expect((await sendFile(energy, 'fluvius.csv', fluvius)).status).toBe(422);
      const filter: [string, string][] = [
        ['filter_column', 'Register'],
        ['filter_value', 'Afname Dag'],
      ];
      expect((await sendFile(energy, 'fluvius.csv', [...fluvius, ...filter])).status).toBe(200);
      expect(await stored(energy)).toEqual({ count: 29, sum: expect.closeTo(0.425, 9) as number });

      const weather = await create('°C', 'PT1H');
      const dwd: [string, string][] = [
        ...([
          ['delimiter', ';'],
          ['datecol', 'MESS_DATUM'],
          ['valuecol', 'TT_TU'],
        ] as [string, string][]),
        ...([
          ['na_values', '-999'],
          ['timezone', 'UTC'],
          ['prior', '2026-01-01T00:00Z'],
        ] as [string, string][]),
      ];
      expect((await sendFile(weather, 'dwd_h.csv', dwd)).status).toBe(200);
      expect(await stored(weather)).toEqual({ count: 29, sum: expect.closeTo(157.5, 9) as number });
    });

    it('stores no file if one is refused, and names it', async () => {
      const answer = await upload([csv(12, 1, 2), csv(13, 3, 'four')]);
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({
        message: { form: { 'uploaded-files': { '1': [expect.stringContaining("'four'") as string] } } },
      });
      expect(await values(12)).toEqual([null, null]);
    });

    it.each([
      [[], {}, 'uploaded-files', 'Missing data for required field.'],
      [
        [csv(14, 1, 2)],
        { 'belief-time-measured-instantly': 'true', horizon: 'PT1H' },
        'belief-time-measured-instantly',
        'Leave out prior and horizon',
      ],
      [[csv(14, 1, 2)], { colour: 'red' }, 'colour', 'Unknown field.'],
      [Array.from({ length: 21 }, () => csv(14, 1, 2)), {}, 'uploaded-files', 'Send at most 20 files.'],
    ] as [File[], Record<string, string>, string, string][])(
      'refuses invalid forms',
      async (files, fields, field, reason) => {
        const answer = await upload(files, fields);
        expect(answer.status).toBe(422);
        expect(await answer.json()).toMatchObject({
          message: { form: { [field]: [expect.stringContaining(reason) as string] } },
        });
      },
    );
  });
});
