import { events, readForms } from '../../../../test/harness/scheduling/flex-forms';
import type { ValueInterval } from './values/intervals';

describe('limits given by sensors', () => {
  it('case 2: lets the strictest of the minima and maxima hold that touch the end of a step', async () => {
    const quarters = (inside: number, outside: number) =>
      events(
        15,
        Array.from({ length: 16 }, (_, i) => (i >= 1 && i < 7 ? inside : outside)),
      );
    const { problem } = await readForms({
      flexModel: { 'soc-minima': { events: quarters(40, 0) }, 'soc-maxima': { events: quarters(10, 50) } },
    });
    expect(problem.devices[0]).toMatchObject({
      socMinima: { mwh: Float64Array.of(40, 40, 0, 0) },
      socMaxima: { mwh: Float64Array.of(10, 10, 50, 50) },
    });
  });

  it('case 3: lets the lowest capacity within a step hold', async () => {
    const { problem } = await readForms({
      flexContext: {
        'site-consumption-capacity': { events: events(15, [10, 10, 0, 10, ...Array<number>(12).fill(10)]) },
      },
    });
    expect(problem.consumptionCapacity).toMatchObject({ mw: Float64Array.of(0, 10, 10, 10) });
  });

  it('case 5: carries the last known capacity on, and the first one back, and says so', async () => {
    const unknown = [NaN, NaN];
    const { problem, warnings } = await readForms({
      steps: 7,
      flexContext: {
        'site-consumption-capacity': { events: events(60, [NaN, 5, ...unknown, 3, ...unknown]) },
      },
    });
    expect(problem.consumptionCapacity).toMatchObject({ mw: Float64Array.of(5, 5, 5, 5, 3, 3, 3) });
    expect(warnings).toEqual([
      'No values of site-consumption-capacity (sensor 1) known for the first step: the first known value was used.',
      'No values of site-consumption-capacity (sensor 1) known for 2 steps in between: the last value before was used.',
      'No values of site-consumption-capacity (sensor 1) known for the last 2 steps: the last known value was used.',
    ]);
  });

  it.each(['consumption-capacity', 'production-capacity', 'power-capacity', 'charging-efficiency'])(
    'case 5: carries %s on where it is not known',
    async (field) => {
      const { problem, warnings } = await readForms({
        flexModel: { [field]: { events: events(60, [0.5]) } },
      });
      const known = await readForms({ flexModel: { [field]: { events: events(60, [0.5, 0.5, 0.5, 0.5]) } } });
      expect(problem).toEqual(known.problem);
      expect(warnings).toEqual([expect.stringContaining(field) as string]);
      expect(known.warnings).toEqual([]);
    },
  );

  it('reads capacities without their sign, and usage and gain with it', async () => {
    const values = [-3, 2, -0.5, 0];
    const { problem } = await readForms({
      flexModel: {
        'power-capacity': { events: events(60, values) },
        'soc-usage': { events: events(60, values) },
      },
      flexContext: { 'site-production-capacity': { events: events(60, values) } },
    });
    expect(problem.productionCapacity?.mw).toEqual(Float64Array.of(3, 2, 0.5, 0));
    expect(problem.devices[0]).toMatchObject({
      chargePowerMaxMw: Float64Array.of(3, 2, 0.5, 0),
      stockInflowMw: Float64Array.of(3, -2, 0.5, 0),
    });
  });

  it('takes shares of a capacity that a sensor records, step by step', async () => {
    const { problem } = await readForms({
      flexModel: { 'power-capacity': { events: events(60, [8, 2, 0, 4]) }, 'consumption-capacity': '50%' },
      flexContext: {
        'site-power-capacity': { events: events(60, [6, 0, 2, 1]) },
        'site-production-capacity': '25%',
      },
    });
    expect(problem.productionCapacity?.mw).toEqual(Float64Array.of(1.5, 0, 0.5, 0.25));
    expect(problem.devices[0]).toMatchObject({ consumptionCapacity: { mw: Float64Array.of(4, 1, 0, 2) } });
  });

  it('case 5: carries the last capacity from before the window on, and says since when it was known', async () => {
    const capacityOf = async (given: ValueInterval[]) => {
      const { problem, warnings } = await readForms({
        flexContext: { 'site-consumption-capacity': { events: given } },
      });
      return { mw: problem.consumptionCapacity?.mw, warnings };
    };
    const before = events(60, [7], -180);
    const since = 'the last known value before, of 2026-11-30T21:00:00+01:00, was used.';
    expect(await capacityOf(before)).toEqual({
      mw: Float64Array.of(7, 7, 7, 7),
      warnings: [`No values of site-consumption-capacity (sensor 1) known for the first 4 steps: ${since}`],
    });
    expect(await capacityOf([...before, ...events(60, [3], 120)])).toEqual({
      mw: Float64Array.of(7, 7, 3, 3),
      warnings: [
        `No values of site-consumption-capacity (sensor 1) known for the first 2 steps: ${since}`,
        'No values of site-consumption-capacity (sensor 1) known for the last step: the last known value was used.',
      ],
    });
    expect((await capacityOf([])).warnings).toEqual([
      'No values of site-consumption-capacity (sensor 1) known: it was ignored.',
    ]);
  });

  it.each(['site-peak-consumption-price', 'site-consumption-breach-price'])(
    'plans as if there was no %s, with a warning, if its sensor has no data',
    async (name) => {
      const flexContext = { 'site-consumption-capacity': '3 MW', [name]: { events: [] } };
      const { problem, warnings } = await readForms({ flexContext });
      expect(problem.consumptionPeak).toBeUndefined();
      expect(problem.consumptionCapacity).toMatchObject({
        mw: Float64Array.of(3, 3, 3, 3),
        breach: undefined,
      });
      expect(warnings).toEqual([`No prices of ${name} (sensor 1) known: it was ignored.`]);
    },
  );

  it('takes the default of a sensor of prices that has no data', async () => {
    const price = { events: [], default: '5 EUR/MW' };
    const { problem, warnings } = await readForms({ flexContext: { 'site-peak-consumption-price': price } });
    expect(problem.consumptionPeak).toEqual({ previousMw: 0, pricePerMw: Float64Array.of(5, 5, 5, 5) });
    expect(warnings).toEqual([]);
  });

  it('takes the latest known peak before the window as the peak so far, without a word', async () => {
    const { problem, warnings } = await readForms({
      flexContext: {
        'site-peak-consumption-price': '2 EUR/MW',
        'site-peak-consumption': { events: events(60, [7], -180) },
      },
    });
    expect(problem.consumptionPeak).toEqual({ previousMw: Float64Array.of(7, 7, 7, 7), pricePerMw: 2 });
    expect(warnings).toEqual([]);
  });

  it('does not carry prices and limits of the stock on from before the window', async () => {
    const { problem } = await readForms({
      flexModel: {
        'soc-minima': { events: events(60, [20], -180) },
        'soc-targets': { events: events(60, [9], -180) },
      },
      flexContext: { 'consumption-price': { events: [...events(60, [9], -180), ...events(60, [4], 60)] } },
    });
    expect(problem.consumptionPrices).toEqual(Float64Array.of(4, 4, 4, 4));
    expect(problem.devices[0]).toMatchObject({
      socMinima: { mwh: Float64Array.of(NaN, NaN, NaN, NaN) },
      socTargets: [],
    });
  });

  it('case 7: takes a constant where a series of states of charge is allowed', async () => {
    const flexModel = { 'soc-minima': '5 kWh', 'soc-maxima': '50%', 'soc-targets': '20 MWh' };
    const { problem } = await readForms({ steps: 2, flexModel });
    expect(problem.devices[0]).toMatchObject({
      socMinima: { mwh: Float64Array.of(0.005, 0.005) },
      socMaxima: { mwh: Float64Array.of(25, 25) },
      socTargets: [
        { step: 1, socMwh: 20 },
        { step: 2, socMwh: 20 },
      ],
    });
  });

  it('case 5: says that limits of the stock are not known', async () => {
    const { problem, warnings } = await readForms({
      flexModel: { 'soc-minima': { events: events(60, [20]) } },
    });
    expect(problem.devices[0]).toMatchObject({ socMinima: { mwh: Float64Array.of(20, NaN, NaN, NaN) } });
    expect(warnings).toEqual([
      'No values of soc-minima (sensor 1) known in 3 of 4 steps: soc-min holds there.',
    ]);
  });
});
