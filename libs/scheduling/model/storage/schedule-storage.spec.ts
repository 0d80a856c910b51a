import { HighsSolver, type Solver } from '#lib/solver';
import { aProblem } from '../reference/a-problem';
import { checkStorage } from './check-schedule';
import { scheduleStorage } from './schedule-storage';

const solver = new HighsSolver();

describe('scheduleStorage', () => {
  test('takes the convex relaxation where nothing overlaps', async () => {
    const result = await scheduleStorage(
      aProblem({ consumptionPrices: [10, 30, 20], socAtStartMwh: 0 }),
      solver,
    );
    expect(result).toEqual({
      powerMw: Float64Array.of(1, -1, 0),
      unroundedPowerMw: Float64Array.of(1, -1, 0),
      socMwh: Float64Array.of(0, 1, 0, 0),
      cost: -20,
      method: 'convex',
      gap: 0,
      fallback: false,
      warnings: [],
    });
  });

  test('takes the dynamic program where negative prices reward burning energy', async () => {
    const problem = aProblem({
      consumptionPrices: [-10, -100],
      socAtStartMwh: 4,
      roundtripEfficiency: 0.64,
    });
    const result = await scheduleStorage(problem, solver);
    expect(result.method).toBe('dynamic-programming');
    expect(result.powerMw[0]).toBeCloseTo(-0.64, 6);
    expect(checkStorage(problem, result.unroundedPowerMw, 1e-9).violations).toEqual([]);
  });

  test('is neither idle nor unbounded when production pays more than consumption costs', async () => {
    const problem = aProblem({
      consumptionPrices: [10, 10, 10, 10],
      productionPrices: [50, 50, 50, 50],
      roundtripEfficiency: 0.9,
    });
    const result = await scheduleStorage(problem, solver);
    expect(result.method).toBe('dynamic-programming');
    // All of the 2 MWh at start, and what can be bought and sold again in the time left, is sold.
    expect(result.cost).toBeLessThan(-100 + 1e-9);
    expect(checkStorage(problem, result.unroundedPowerMw, 1e-9).violations).toEqual([]);
  });

  test('at equal prices charges sooner and discharges later when asked to', async () => {
    const prices = { consumptionPrices: [10, 10, 10, 50, 50, 50], socAtStartMwh: 0, socMaxMwh: 1 };
    const { powerMw, cost } = await scheduleStorage(
      aProblem({ ...prices, preferChargingSooner: true }),
      solver,
    );
    expect([...powerMw]).toEqual([1, 0, 0, 0, 0, -1]);
    expect(cost).toBe(-40);
  });

  test('the state of charge at start may lie outside its bounds', async () => {
    const tooLow = aProblem({ consumptionPrices: [10, 10], socAtStartMwh: 0.5, socMinMwh: 1 });
    const result = await scheduleStorage(tooLow, solver);
    expect(result).toMatchObject({ fallback: false, cost: 5 });
  });

  test('an infeasible problem gives a marked fallback with a reason', async () => {
    const problem = aProblem({ consumptionPrices: [10, 10], socTargets: [{ step: 1, socMwh: 4 }] });
    const result = await scheduleStorage(problem, solver);
    expect(result).toMatchObject({
      method: 'fallback',
      fallback: true,
      powerMw: Float64Array.of(1, 1),
      cost: 20,
    });
    expect(result.fallbackReason).toContain(
      'soc-target 4 MWh 1 h after the start needs 2 MWh within 1 h, but power-capacity 1 MW allows 1 MWh',
    );
  });

  test('a target at the start must agree with the state of charge there', async () => {
    const at = (socMwh: number) => aProblem({ consumptionPrices: [10], socTargets: [{ step: 0, socMwh }] });
    expect(await scheduleStorage(at(2), solver)).toMatchObject({ fallback: false });
    expect(await scheduleStorage(at(3), solver)).toMatchObject({ fallback: true });
  });

  test('does without the linear program when the solver finds nothing', async () => {
    const noSolver: Solver = {
      solve: () =>
        Promise.resolve({ status: 'time-limit', objective: NaN, columns: undefined, gap: Infinity }),
    };
    const problem = aProblem({ consumptionPrices: [10, 30], socAtStartMwh: 0 });
    const result = await scheduleStorage(problem, noSolver, { maxPieces: 0 });
    expect(result).toMatchObject({ method: 'dynamic-programming', cost: -20 });
  });

  test('leaves what would take very many pieces to the linear program', async () => {
    const steps = 200;
    const lake = aProblem({
      consumptionPrices: Array.from({ length: steps }, (_, t) => 50 + 40 * Math.sin(t / 4) + (t % 7)),
      socAtStartMwh: 1e4,
      socMaxMwh: 2e4,
      socTargets: [{ step: steps, socMwh: 1e4 }],
      roundtripEfficiency: 0.9,
    });
    const result = await scheduleStorage(lake, solver, { maxPieces: 100 });
    expect(result).toMatchObject({ method: 'lp', warnings: [] });
    const convex = await scheduleStorage(lake, solver);
    expect(convex).toMatchObject({ method: 'convex', warnings: [] });
    expect(result.cost).toBeCloseTo(convex.cost, 5);
  });

  test('says so when a limit made the result approximate', async () => {
    const steps = 96;
    const problem = aProblem({
      stepHours: 0.25,
      consumptionPrices: Array.from(
        { length: steps },
        (_, t) => 60 * Math.sin(t * 0.7) - 50 + 30 * Math.sin(t * 2.9),
      ),
      inflexiblePowerMw: Float64Array.from({ length: steps }, (_, t) => 0.7 * Math.sin(t * 1.3)),
      roundtripEfficiency: 0.7,
    });
    const result = await scheduleStorage(problem, solver, { maxBreakpoints: 4 });
    expect(result.warnings).toEqual([
      'A limit on time or size was met: the schedule may not be the cheapest.',
    ]);
    expect(result.gap).toBeGreaterThan(0);
  });

  test.each([
    ['steps', { steps: 0 }],
    ['stepHours', { stepHours: 0 }],
    ['roundtripEfficiency', { roundtripEfficiency: 0 }],
    ['roundtripEfficiency', { roundtripEfficiency: 1.1 }],
    ['socAtStartMwh', { socAtStartMwh: NaN }],
    ['consumptionPrices', { consumptionPrices: [10, NaN] }],
    ['productionPrices', { productionPrices: [10] }],
    ['chargePowerMaxMw', { chargePowerMaxMw: -1 }],
    ['socMaxMwh', { socMaxMwh: Infinity }],
    ['siteConsumptionCapacityMw', { siteConsumptionCapacityMw: -1 }],
    ['siteProductionCapacityMw', { siteProductionCapacityMw: NaN }],
    ['socTargets', { socTargets: [{ step: 3, socMwh: 1 }] }],
  ])('refuses a malformed %s', async (field, wrong) => {
    const problem = aProblem({ consumptionPrices: [10, 10], ...wrong });
    await expect(scheduleStorage(problem, solver)).rejects.toThrow(RangeError);
    await expect(scheduleStorage(problem, solver)).rejects.toThrow(field);
  });
});
