import fc from 'fast-check';
import { scaledRuns, seedOrDefault } from '../../test/harness/effort';
import failingBasis from '../../test/fixtures/solver/failing-basis.json';
import { HighsSolver } from './highs';
import { type LinearProgram, ProgramBuilder } from './model';

const solver = new HighsSolver();

/** maximise 30 chairs + 50 tables; carpentry chairs + 2 tables <= 40, finishing 2 chairs + tables <= 50.5. */
function workshop(kind: 'continuous' | 'integer'): LinearProgram {
  const builder = new ProgramBuilder();
  const chairs = builder.addColumn(-30, 0, Infinity, kind);
  const tables = builder.addColumn(-50, 0, Infinity, kind);
  builder.addRow(-Infinity, 40, [chairs, tables], [1, 2]);
  builder.addRow(-Infinity, 50.5, [chairs, tables], [2, 1]);
  return builder.build();
}

/** A knapsack with nearly equal values per weight, which takes branch-and-bound a long time. */
function hardKnapsack(): LinearProgram {
  const builder = new ProgramBuilder();
  const items = Array.from({ length: 60 }, (_, i) => 10_000 + ((i * 7919) % 6007));
  const columns = items.map((weight, i) => builder.addColumn(-weight - ((i * 31) % 7), 0, 1, 'integer'));
  for (let row = 0; row < 5; row++) {
    builder.addRow(-Infinity, 301_234.5 + row, columns, items.map((weight, i) => weight + ((i * (row + 3)) % 11))); // prettier-ignore
  }
  return builder.build();
}

/** Infinities are texts in JSON. */
const numbers = (values: readonly (number | string)[]) => Float64Array.from(values, Number);

/** A small program with bounds, and rows with two of four columns each. */
const aProgram: fc.Arbitrary<LinearProgram> = fc
  .record({
    costs: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 4, maxLength: 4 }),
    rows: fc.array(
      fc.record({
        columns: fc.constantFrom([0, 1], [1, 2], [2, 3], [0, 3], [0, 2]),
        coefficients: fc.tuple(fc.constantFrom(-2, -1, 1, 3), fc.constantFrom(-1, 1, 2)),
        lower: fc.constantFrom(-Infinity, 0, 1),
        width: fc.constantFrom(0, 2, Infinity),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ costs, rows }) => {
    const builder = new ProgramBuilder();
    for (const cost of costs) builder.addColumn(cost, 0, 4);
    for (const { columns, coefficients, lower, width } of rows) {
      builder.addRow(lower, lower === -Infinity ? width : lower + width, columns, coefficients);
    }
    return builder.build();
  });

describe('HighsSolver', () => {
  it('solves a linear program', async () => {
    const solution = await solver.solve(workshop('continuous'));
    expect(solution).toMatchObject({ status: 'optimal', gap: 0 });
    expect(solution.objective).toBeCloseTo(-(610 + 1475 / 3), 9);
    expect(solution.columns![0]).toBeCloseTo(61 / 3, 9);
    expect(solution.columns![1]).toBeCloseTo(29.5 / 3, 9);
  });

  it('solves a program with integers', async () => {
    const solution = await solver.solve(workshop('integer'));
    expect(solution).toMatchObject({ status: 'optimal', gap: 0, columns: Float64Array.of(20, 10) });
    expect(solution.bound).toBeCloseTo(-1100, 9);
    expect(solution.objective).toBeCloseTo(-1100, 9);
  });

  it('gives the same solution from any basis, also from one that it cannot use', async () => {
    const { basis, objective, columns } = await solver.solve(workshop('continuous'));
    expect(basis).toEqual({ columns: Int32Array.of(1, 1), rows: Int32Array.of(2, 2) });
    const useless = { columns: Int32Array.of(0, 0), rows: Int32Array.of(0, 0) };
    for (const start of [basis!, useless, { columns: Int32Array.of(1, 0), rows: Int32Array.of(1, 2) }]) {
      const again = await solver.solve(workshop('continuous'), { basis: start });
      expect(again.status).toBe('optimal');
      expect(again.objective).toBeCloseTo(objective, 9);
      expect(again.columns![0]).toBeCloseTo(columns![0]!, 9);
    }
  });

  it('starts without a basis if HiGHS fails from it', async () => {
    const { columns, rows, indices, values, basis } = failingBasis;
    const program: LinearProgram = {
      ...{ columnCount: columns.cost.length, rowCount: rows.lower.length, integer: undefined },
      ...{
        cost: numbers(columns.cost),
        columnLower: numbers(columns.lower),
        columnUpper: numbers(columns.upper),
      },
      ...{
        rowLower: numbers(rows.lower),
        rowUpper: numbers(rows.upper),
        rowStarts: Int32Array.from(rows.starts),
      },
      ...{ indices: Int32Array.from(indices), values: numbers(values) },
    };
    const start = { columns: Int32Array.from(basis.columns), rows: Int32Array.from(basis.rows) };
    const near = await solver.solve(program, { basis: start, isCoupled: true });
    expect(near.status).toBe('optimal');
    expect(near.objective).toBeCloseTo((await solver.solve(program)).objective, 4);
  });

  it('gives the same objective from all bases of random programs', async () => {
    await fc.assert(
      fc.asyncProperty(
        aProgram,
        fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
        async (program, statuses) => {
          const pick = (count: number) => Int32Array.from(statuses.take(count));
          const cold = await solver.solve(program);
          const basis = { columns: pick(program.columnCount), rows: pick(program.rowCount) };
          const near = await solver.solve(program, { basis });
          expect(near.status).toBe(cold.status);
          if (cold.status === 'optimal') expect(near.objective).toBeCloseTo(cold.objective, 6);
        },
      ),
      { numRuns: scaledRuns(300), seed: seedOrDefault(31) },
    );
  });

  it('gives the dual value of each row', async () => {
    const builder = new ProgramBuilder();
    const x = builder.addColumn(-3, 0, Infinity);
    const y = builder.addColumn(-2, 0, Infinity);
    builder.addRow(-Infinity, 4, [x, y], [1, 1]);
    builder.addRow(-Infinity, 3, [x], [1]);
    builder.addRow(-Infinity, 9, [y], [1]);
    // x = 3 and y = 1: one unit more in the first row increases y, one in the second replaces y by x.
    const { rowDuals } = await solver.solve(builder.build());
    expect([...rowDuals!].map((dual) => dual + 0)).toEqual([-2, -1, 0]);
  });

  it('recognises infeasible and unbounded programs', async () => {
    const infeasible = new ProgramBuilder();
    infeasible.addRow(3, 4, [infeasible.addColumn(1, 0, 1)], [1]);
    expect(await solver.solve(infeasible.build())).toEqual({
      status: 'infeasible',
      objective: NaN,
      columns: undefined,
      gap: Infinity,
    });
    const unbounded = new ProgramBuilder();
    unbounded.addRow(0, Infinity, [unbounded.addColumn(-1, 0, Infinity)], [1]);
    expect((await solver.solve(unbounded.build())).status).toBe('unbounded');
  });

  it('stops at the time limit', async () => {
    const solution = await solver.solve(hardKnapsack(), { timeLimitMs: 50 });
    expect(solution.status).toBe('time-limit');
    expect(solution.gap).toBeGreaterThan(0);
  });

  it('always gives the same solution, also for several requests at once', async () => {
    const program = workshop('continuous');
    const solutions = await Promise.all(Array.from({ length: 20 }, () => solver.solve(program)));
    for (const solution of solutions) expect(solution).toEqual(solutions[0]);
  });

  it('passes extra options to HiGHS and throws on unknown ones', async () => {
    const interiorPoint = new HighsSolver({ solver: 'ipm' });
    expect((await interiorPoint.solve(workshop('continuous'))).objective).toBeCloseTo(-(610 + 1475 / 3), 6);
    await expect(new HighsSolver({ no_such_option: 1 }).solve(workshop('continuous'))).rejects.toThrow();
  });
});
