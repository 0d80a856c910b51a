import { unprocessable } from '../../harness/contract/answers';
import { HALF_A_DAY_OF_SITE, startScene, type Scene } from '../../harness/scenes/api-scene';
import type { Schemas } from '../../../openapi/client';

type Preview = Schemas['SchedulePreview'];

/** The flex-model of the toy battery, to be stored. */
const BATTERY = { 'soc-min': '0 kWh', 'soc-max': '450 kWh', 'power-capacity': '500 kW' };
const PRICES = { 'consumption-price': { sensor: 3 } };
const PERIOD = { start: HALF_A_DAY_OF_SITE.start, duration: 'PT12H' };

describe('Previews of schedules', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const preview = (body: object) => scene.send('POST', '/assets/3/schedules/preview', { ...PERIOD, ...body });
  const previewed = async (body: object): Promise<Preview> => {
    const { status, body: answer } = await preview(body);
    expect({ status, answer }).toMatchObject({ status: 200 });
    return answer as Preview;
  };
  /** Numbers of rows of all that a schedule stores. */
  const stored = async (): Promise<unknown> =>
    (
      await scene.sql.query(
        `SELECT (SELECT count(*) FROM job) jobs, (SELECT count(*) FROM timed_belief) beliefs,
           (SELECT count(*) FROM data_source) sources,
           (SELECT json_agg(asset ORDER BY id)::text FROM generic_asset asset) assets`,
      )
    ).rows[0];

  it('are what a schedule would be, and store nothing', async () => {
    const before = await stored();
    const { 'flex-model': flexModel, 'flex-context': flexContext } = HALF_A_DAY_OF_SITE;
    const answer = await previewed({ 'flex-model': flexModel, 'flex-context': flexContext });
    const params = { path: { id: 3, uuid: scene.siteSchedule } };
    const { data } = await scene.as('member').GET('/api/v3_0/assets/{id}/schedules/{uuid}', { params });
    expect(answer).toMatchObject({
      start: data!.start,
      duration: 'PT12H',
      resolution: 'PT15M',
      currency: 'EUR',
    });
    expect(answer.cost).toBeCloseTo(data!.cost!, 9);
    const [device] = answer.devices;
    expect(device).toMatchObject({ sensor: 2, unit: 'MW' });
    device!.values.forEach((value, t) => expect(value).toBeCloseTo(data!.schedules[0]!.values[t]!, 5));
    expect(device!.state_of_charge).toHaveLength(49);
    expect(device!.state_of_charge![0]).toBe(225);
    expect(await stored()).toEqual(before);
  });

  it('say what would happen without flexibility: nothing, for a battery', async () => {
    const answer = await previewed({
      'flex-model': [{ asset: 3, 'soc-at-start': '225 kWh' }],
      flexibility: { flex_model: BATTERY, flex_context: PRICES },
    });
    expect(answer.without_flexibility).toMatchObject({ cost: 0, kpis: { consumed_in_mwh: 0 } });
    expect(answer.cost).toBeLessThan(0);
  });

  it('use flexibility that is not stored yet, in place of what is stored', async () => {
    await scene.sql.query('UPDATE generic_asset SET flex_model = $1, flex_context = $2 WHERE id = 3', [
      { ...BATTERY, 'power-capacity': '100 kW' },
      PRICES,
    ]);
    const start = { 'flex-model': [{ asset: 3, 'soc-at-start': '225 kWh' }] };
    const highest = ({ devices }: Preview): number => Math.max(...devices[0]!.values);
    expect(highest(await previewed(start))).toBeCloseTo(0.1, 6);
    expect(highest(await previewed({ ...start, flexibility: { flex_model: BATTERY } }))).toBeCloseTo(0.5, 6);
    const { rows } = await scene.sql.query('SELECT flex_model FROM generic_asset WHERE id = 3');
    expect(rows).toMatchObject([{ flex_model: { 'power-capacity': '100 kW' } }]);
  });

  it('say what could not be kept', async () => {
    const target = { value: '450 kWh', datetime: '2026-03-04T07:15:00+01:00' };
    const answer = await previewed({
      'flex-model': [{ asset: 3, 'soc-at-start': '0 kWh', 'soc-targets': [target] }],
      flexibility: { flex_model: BATTERY, flex_context: PRICES },
    });
    expect(answer.fallback_reason).toMatch(/soc-target 450 kWh at 2026-03-04T07:15:00\+01:00 needs 450 kWh/);
    expect(answer.unresolved).toMatchObject([{ asset: 3, 'soc-targets': [{}] }]);
  });

  it('name the field that is wrong in flexibility as if it were stored', async () => {
    const wrong = { flex_model: { 'soc-max': '450 EUR' }, flex_context: { 'site-power': '5 kW' } };
    const { status, body } = await preview({ flexibility: wrong });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      message: {
        json: {
          'flexibility.flex_model.soc-max': [expect.stringMatching(/EUR/) as string],
          'flexibility.flex_context.site-power': ['Unknown field.'],
        },
      },
    });
    expect(await preview({ flexibility: [] })).toMatchObject(
      unprocessable('json', { flexibility: ['Not a valid mapping.'] }),
    );
    expect((await preview({ flexibility: { flex_modal: {} } })).status).toBe(422);
  });

  it('name the field of a sensor that the user may not read', async () => {
    await scene.sql.query('UPDATE generic_asset SET account_id = 2 WHERE id = 4');
    const context = { 'production-price': { sensor: 3 } };
    const { status, body } = await preview({ flexibility: { flex_context: context } });
    expect(status).toBe(403);
    expect(JSON.stringify(body)).toContain('flexibility.flex_context.production-price');
    await scene.sql.query('UPDATE generic_asset SET account_id = NULL WHERE id = 4');
  });
});
