import { FieldSites } from '../../harness/scenes/field-sites';
import { startServedApp, type ServedApp } from '../../harness/servers/served-app';

/** The numbers of the cases are those of the specs beside the code as well. */
describe('schedules of cases from the field', () => {
  let served: ServedApp;
  let sites: FieldSites;

  beforeAll(async () => {
    served = await startServedApp();
    sites = new FieldSites(served);
  });
  afterAll(() => served.stop());

  it('case 2: hold minima and maxima that a sensor records in quarters, in hourly steps', async () => {
    const quarters = (inside: number, outside: number) =>
      Array.from({ length: 36 }, (_, i) => (i >= 25 && i < 31 ? inside : outside));
    const flexModel = { 'soc-at-start': '50 kWh', 'soc-max': '50 kWh', 'power-capacity': '50 kW' };
    const dear = { 'consumption-price': sites.prices([...Array<number>(7).fill(1), 0.1, 0.1]) };
    const minima = await sites.recorded('kWh', quarters(40, 0), 15);
    const sold = await sites.schedule(await sites.device(), 9, { ...flexModel, 'soc-minima': minima }, dear);
    expect(stockAt(7, 50, sold.values)).toBeCloseTo(40, 6);
    const cheap = { 'consumption-price': sites.prices([...Array<number>(7).fill(-1), 0.1, 0.1]) };
    const maxima = await sites.recorded('kWh', quarters(10, 50), 15);
    const bought = await sites.schedule(
      await sites.device(),
      9,
      { ...flexModel, 'soc-maxima': maxima },
      cheap,
    );
    expect(stockAt(7, 50, bought.values)).toBeCloseTo(10, 6);
  });

  it('case 3: keep a capacity that is lower for a quarter, and say why a target is missed', async () => {
    const capacity = await sites.recorded('kW', [10, 10, 0, ...Array<number>(9).fill(10)], 15);
    const { values, message } = await sites.schedule(
      await sites.device(),
      3,
      {
        ...{ 'soc-at-start': '0 kWh', 'soc-max': '100 kWh', 'power-capacity': '10 kW' },
        'soc-targets': [{ value: '25 kWh', datetime: '2026-12-01T03:00:00+01:00' }],
      },
      { 'consumption-price': '1 EUR/kWh', 'site-consumption-capacity': capacity },
    );
    expect(values).toEqual([0, 10, 10]);
    expect(message).toContain('soc-target 25 kWh at 2026-12-01T03:00:00+01:00 needs 25 kWh within 3 h');
  });

  it('case 5: carry the last known capacity on, and say so', async () => {
    const capacity = await sites.recorded('kW', [5, NaN, NaN, 3, NaN]);
    const { values, message } = await sites.schedule(
      await sites.device(),
      5,
      { 'soc-at-start': '0 kWh', 'soc-max': '100 kWh', 'power-capacity': '10 kW' },
      { 'consumption-price': '-1 EUR/kWh', 'site-consumption-capacity': capacity },
    );
    expect(values).toEqual([5, 5, 5, 3, 3]);
    expect(message).toMatch(
      /No values of site-consumption-capacity \(sensor \d+\) known for 2 steps in between/,
    );
  });

  it('case 6: take a target that is above soc-max by a rounding error', async () => {
    const { values } = await sites.schedule(
      await sites.device(),
      2,
      {
        ...{ 'soc-at-start': 1.65, 'soc-max': 1.65, 'soc-unit': 'MWh', 'power-capacity': '10 kW' },
        'soc-targets': [{ value: 1.6500000000000004, datetime: '2026-12-01T02:00:00+01:00' }],
      },
      { 'consumption-price': '1 EUR/kWh' },
    );
    expect(values).toEqual([0, 0]);
  });

  it('case 7: take a constant for soc-minima, and refuse what is none', async () => {
    const flexModel = { 'soc-at-start': '10 kWh', 'soc-max': '10 kWh', 'power-capacity': '10 kW' };
    const flexContext = { 'consumption-price': '1 EUR/kWh' };
    const device = await sites.device();
    const { values } = await sites.schedule(device, 2, { ...flexModel, 'soc-minima': '5 kWh' }, flexContext);
    expect(values.reduce((sum, kw) => sum + kw)).toBeCloseTo(-5, 6);
    const refused = await sites.trigger(device, 2, { ...flexModel, 'soc-minima': 'five' }, flexContext);
    expect(refused).toMatchObject({ status: 422 });
    expect(JSON.stringify(refused.body)).toContain('soc-minima');
  });

  it('case 8: never discharge a one-way charger, whatever prices and soft limits say', async () => {
    const flexModel = { 'soc-at-start': '20 kWh', 'soc-max': '50 kWh', 'power-capacity': '10 kW' };
    const flexContext = { 'consumption-price': sites.prices([0.1, 0.1, 0.1, 0.1, 5, 5, 5, 5]) };
    const idle = Array<number>(8).fill(0);
    const oneWay = await sites.device('one-way_evse');
    expect((await sites.schedule(oneWay, 8, flexModel, flexContext)).values).toEqual(idle);
    const soft = {
      ...flexContext,
      'production-breach-price': '0 EUR/kW',
      'soc-maxima-breach-price': '9 EUR/kWh',
    };
    const limited = { ...flexModel, 'production-capacity': '0 kW', 'soc-maxima': '10 kWh' };
    expect((await sites.schedule(oneWay, 8, limited, soft)).values).toEqual(idle);
    expect(
      (await sites.schedule(oneWay, 8, { ...limited, 'soc-max': '15 kWh' }, flexContext)).values,
    ).toEqual(idle);
    const twoWay = await sites.device('two-way_evse');
    expect(Math.min(...(await sites.schedule(twoWay, 8, flexModel, flexContext)).values)).toBe(-10);
  });

  it('case 9: do not charge and discharge for nothing at a flat price', async () => {
    const flexModel = { 'soc-at-start': '6 kWh', 'soc-max': '12 kWh', 'power-capacity': '5 kW' };
    const flat = { 'consumption-price': '0.3 EUR/kWh', 'production-price': '0 EUR/kWh' };
    const { values } = await sites.schedule(await sites.device(), 8, flexModel, flat);
    expect(values).toEqual(Array(8).fill(0));
  });

  it('case 10: exceed a capacity as little as possible, say so, and still minimise the cost', async () => {
    const device = await sites.device();
    const load = await sites.recorded('kW', [1, 1, 9, 1, 1, 1]);
    const { values, message, cost } = await sites.schedule(
      device,
      6,
      { 'soc-at-start': '5 kWh', 'soc-max': '10 kWh', 'power-capacity': '5 kW' },
      {
        'consumption-price': sites.prices([10, 20, 50, 40, 60, 30]),
        'inflexible-device-sensors': [load.sensor],
        'site-consumption-capacity': '3 kW',
      },
    );
    expect(values).toEqual([2, 2, -5, 1, -5, 0]);
    expect(cost).toBeCloseTo(160, 4);
    expect(message).toContain(
      'site-consumption-capacity 3 kW at 2026-12-01T02:00:00+01:00 needs 6 kW less consumption',
    );
  });

  it('case 11: make a new plan of the same request once what it is made from has changed', async () => {
    const device = await sites.device('battery', { attributes: { max_soc_in_mwh: 0.01 } });
    const prices = await sites.sensor('EUR/kWh');
    const load = await sites.sensor('kW', { attributes: { consumption_is_positive: true } });
    const capacity = await sites.sensor('kW');
    await sites.save(prices, [1, 2, 3]);
    await sites.save(load, [0, 0, 0]);
    await sites.save(capacity, [9, 9, 9]);
    const plan = () =>
      sites.schedule(
        device,
        3,
        { 'soc-at-start': '0 kWh', 'power-capacity': '5 kW' },
        {
          'consumption-price': { sensor: prices.id },
          'production-price': '0 EUR/kWh',
          'inflexible-device-sensors': [load.id],
          'site-consumption-capacity': { sensor: capacity.id },
        },
      );
    let last = await plan();
    expect(await plan()).toEqual(last);
    const changes: [string, () => Promise<unknown>][] = [
      ['prices', () => sites.save(prices, [3, 2, 1])],
      ['loads', () => sites.save(load, [8, 8, 8])],
      ['limits', () => sites.save(capacity, [7.5, 9, 9])],
      ['attributes', () => sites.setAttributes(device, { max_soc_in_mwh: 0.001 })],
    ];
    for (const [name, change] of changes) {
      await change();
      const next = await plan();
      expect([name, next.id]).not.toEqual([name, last.id]);
      expect([name, (await plan()).id]).toEqual([name, next.id]);
      last = next;
    }
    expect(Math.max(...last.values)).toBeLessThanOrEqual(1);
  });

  it('case 12: run a process of 90 min for one and a half hourly steps, and say so', async () => {
    const flexModel = { 'process-type': 'SHIFTABLE', power: '2 kW', duration: 'PT90M' };
    const { values, message } = await sites.schedule(await sites.device('process'), 4, flexModel, {
      'consumption-price': sites.prices([9, 1, 2, 9]),
    });
    expect(values).toEqual([0, 2, 1, 0]);
    expect(message).toContain(
      'duration is not a whole number of steps: in one step, it runs at 50 % of its power.',
    );
  });

  it('say that a later schedule with the same prior has replaced their values', async () => {
    const device = await sites.device();
    const flexModel = { 'soc-at-start': '5 kWh', 'soc-max': '10 kWh', 'power-capacity': '10 kW' };
    const plan = (prices: number[]) =>
      sites.schedule(
        device,
        2,
        flexModel,
        { 'consumption-price': sites.prices(prices) },
        {
          prior: '2026-11-29T00:00:00+01:00',
        },
      );
    const first = await plan([1, 2]);
    const reread = async () => {
      const path = `/api/v3_0/sensors/${device.id}/schedules/${first.id}`;
      const { body } = await served.api.request('GET', path, { token: served.token });
      return (body as { message: string }).message;
    };
    expect(await reread()).toBe('Request has been processed.');
    const second = await plan([2, 1]);
    expect(second.message).toBe('Request has been processed.');
    expect(await reread()).toBe(
      'Request has been processed. The values were changed after this schedule was made, such as by a later schedule ' +
        'with the same prior.',
    );
  });

  it('start at full hours in a zone at half an hour', async () => {
    const start = '2026-12-01T10:00:00+05:30';
    const sensor = await sites.sensor('kW', { timezone: 'Asia/Kolkata' });
    const flexModel = { 'soc-at-start': '5 kWh', 'soc-max': '10 kWh', 'power-capacity': '10 kW' };
    const plan = await sites.schedule(sensor, 2, flexModel, { 'consumption-price': '1 EUR/kWh' }, { start });
    expect(plan).toMatchObject({ start, message: 'Request has been processed.', values: [0, -5] });
  });

  it('are stored to a thousandth of a watt by sensors in kW', async () => {
    const flexModel = { 'soc-at-start': '0 kWh', 'soc-max': '0.123456789 kWh', 'power-capacity': '5 kW' };
    const { values } = await sites.schedule(await sites.device(), 2, flexModel, {
      'consumption-price': sites.prices([1, 2]),
    });
    expect(values).toEqual([0.123457, -0.123457]);
  });
});

/** kWh after some hours, without losses. */
const stockAt = (hour: number, startKwh: number, values: readonly number[]): number =>
  values.slice(0, hour).reduce((stock, kw) => stock + kw, startKwh);
