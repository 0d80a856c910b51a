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
});
