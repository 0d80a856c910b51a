import fc from 'fast-check';
import {
  addFlows,
  addTotals,
  coarsen,
  FLOWS,
  sumFlows,
  toFlows,
  type Flows,
  type PartKind,
  type PartPower,
} from '.';

const part = (kind: PartKind, ...powerKw: number[]): PartPower => ({
  kind,
  powerKw: Float64Array.from(powerKw),
});
const at = (flows: Flows, step: number) => Object.fromEntries(FLOWS.map((flow) => [flow, flows[flow][step]]));
const NOTHING = Object.fromEntries(FLOWS.map((flow) => [flow, 0]));

describe('toFlows', () => {
  it('counts what a battery takes from the grid as import, and what solar panels give it as production', () => {
    const flows = toFlows(
      [part('storage', 3, 3, -2), part('production', 0, -4, 0), part('load', 1, 1, 1)],
      3,
    );
    expect(at(flows, 0)).toEqual({ ...NOTHING, import: 4, charge: 3, inflexible: 1 });
    expect(at(flows, 1)).toEqual({ ...NOTHING, production: 4, charge: 3, inflexible: 1 });
    expect(at(flows, 2)).toEqual({ ...NOTHING, discharge: 2, export: 1, inflexible: 1 });
  });

  it('does not know import and export where a part is not known, but keeps the known flows', () => {
    const flows = toFlows([part('storage', NaN), part('load', 2)], 1);
    expect(at(flows, 0)).toEqual({ ...NOTHING, import: NaN, export: NaN, charge: NaN, inflexible: 2 });
  });

  it('balances in each step, whatever the parts do', () => {
    const kinds = fc.constantFrom<PartKind>('production', 'storage', 'flexible', 'load');
    const power = fc.double({ min: -50, max: 50, noNaN: true });
    const parts = fc.array(fc.tuple(kinds, fc.array(power, { minLength: 4, maxLength: 4 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, (given) => {
        const flows = toFlows(
          given.map(([kind, powers]) => part(kind, ...powers)),
          4,
        );
        for (const shown of [flows, coarsen(flows, 2)])
          shown.import.forEach((imported, step) => {
            const [into, out] = [
              imported + shown.production[step]! + shown.discharge[step]!,
              shown.export[step]! + shown.charge[step]! + shown.flexible[step]! + shown.inflexible[step]!,
            ];
            expect(into).toBeCloseTo(out, 9);
          });
      }),
      { seed: 18 },
    );
  });
});

describe('sumFlows', () => {
  const PRICES = { consumption: Float64Array.of(0.2, 0.4, NaN), production: Float64Array.of(0.1, 0.1, NaN) };
  const QUARTERS = { from: 0, until: 2, stepHours: 0.25 };

  it('adds energy and money', () => {
    const flows = toFlows([part('load', 4, -8, 0)], 3);
    expect(sumFlows(flows, PRICES, QUARTERS)).toEqual({
      energyKwh: { ...NOTHING, import: 1, export: 2, inflexible: 1, production: 2 },
      cost: 0.2,
      revenue: 0.2,
      unknownHours: 0,
    });
    // Without energy, the unknown price does not matter.
    expect(sumFlows(flows, PRICES, { ...QUARTERS, until: 3 }).cost).toBe(0.2);
    expect(sumFlows(flows, undefined, QUARTERS)).toMatchObject({ cost: null, revenue: null });
  });

  it('tells unknown prices and unknown steps', () => {
    const steps = { from: 0, until: 3, stepHours: 1 };
    expect(sumFlows(toFlows([part('load', 1, 1, 1)], 3), PRICES, steps)).toMatchObject({
      cost: null,
      revenue: 0,
    });
    const unknown = sumFlows(toFlows([part('load', 1, NaN, 0)], 3), PRICES, steps);
    expect(unknown).toMatchObject({ cost: 0.2, unknownHours: 1, energyKwh: { import: 1, inflexible: 1 } });
  });
});

it('adds sites: the export of one does not cancel the import of another', () => {
  const sites = [toFlows([part('load', 5)], 1), toFlows([part('production', -3)], 1)];
  expect(at(addFlows(sites, 1), 0)).toEqual({
    ...NOTHING,
    import: 5,
    export: 3,
    inflexible: 5,
    production: 3,
  });
  const totals = sites.map((flows) => sumFlows(flows, undefined, { from: 0, until: 1, stepHours: 1 }));
  expect(addTotals(totals)).toMatchObject({ energyKwh: { import: 5, export: 3 }, cost: null });
});
