import { join } from 'node:path';
import { type Calculation, SolverPool, type SolverPoolOptions } from '#lib/compute';
import { ProgramBuilder } from '#lib/solver';
import * as calculations from '../../harness/scheduling/calculations.cjs';

const ENTRY = join(__dirname, '..', '..', '..', 'dist', 'libs', 'compute', 'threads', 'solver-thread.js');
const MODULE = require.resolve('../../harness/scheduling/calculations.cjs');

const named = <Input, Output>(name: keyof typeof calculations): Calculation<Input, Output> => ({
  module: MODULE,
  name,
  calculate: () => Promise.reject(new Error('This must run in a thread.')),
});

/** An integer program that branch-and-bound does not solve within a minute. */
function hardProgram() {
  const builder = new ProgramBuilder();
  const weights = Array.from({ length: 60 }, (_, i) => 10_000 + ((i * 7919) % 6007));
  const columns = weights.map((weight, i) => builder.addColumn(-weight - ((i * 31) % 7), 0, 1, 'integer'));
  for (let row = 0; row < 5; row++) {
    const coefficients = weights.map((weight, i) => weight + ((i * (row + 3)) % 11));
    builder.addRow(-Infinity, 301_234.5 + row, columns, coefficients);
  }
  return builder.build();
}

function easyProgram(cost: number) {
  const builder = new ProgramBuilder();
  builder.addRow(1, Infinity, [builder.addColumn(cost, 0, 5)], [1]);
  return builder.build();
}

describe('SolverPool', () => {
  let pool: SolverPool;
  const aPool = (options: SolverPoolOptions = {}): SolverPool =>
    (pool = new SolverPool({ threads: 1, entry: ENTRY, ...options }));
  afterEach(() => pool.close());

  it('solves more programs than it has threads', async () => {
    aPool({ threads: 2 });
    const solutions = await Promise.all([1, 2, 3, 4, 5].map((cost) => pool.solve(easyProgram(cost))));
    expect(solutions.map(({ objective }) => objective)).toEqual([1, 2, 3, 4, 5]);
  });

  it('does not modify the input and returns typed arrays', async () => {
    const prices = Float64Array.of(1, 2, 3);
    const output = await aPool().run(named<object, object>('arrays'), { prices });
    expect(output).toEqual({ doubled: Float64Array.of(2, 4, 6) });
    expect(prices).toEqual(Float64Array.of(1, 2, 3));
  });

  it('does not block the calling thread', async () => {
    const solving = aPool({ hardLimitMs: 1500 })
      .solve(hardProgram())
      .catch(() => 'given up');
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    expect(await solving).toBe('given up');
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it.each([
    ['loop', 'SOLVER_STUCK', 'The solver did not finish within 3 s and was stopped.'],
    ['leave', 'SOLVER_CRASHED', 'The solver thread crashed: it exited with code 7.'],
    ['fail', 'SOLVER_FAILED', 'The calculation failed: no luck'],
    ['refuse', 'REFUSED', 'Not like this.'],
  ] as const)('fails only the calculation that does %s, with code %s', async (name, code, message) => {
    aPool({ hardLimitMs: 3000 });
    const bad = pool.run(named(name), undefined);
    const good = pool.solve(easyProgram(3));
    await expect(bad).rejects.toMatchObject({ code, message });
    expect((await good).objective).toBe(3);
  });

  it('stops a program that takes too long inside the solver', async () => {
    await expect(aPool({ hardLimitMs: 3000 }).solve(hardProgram())).rejects.toThrow('did not finish');
    expect((await pool.solve(easyProgram(2))).objective).toBe(2);
  });

  it('keeps working after a calculation that exceeds the memory limit', async () => {
    const bad = aPool({ maxHeapMb: 64 }).run(named('hoard'), undefined);
    await expect(bad).rejects.toMatchObject({ code: 'SOLVER_CRASHED' });
    expect((await pool.solve(easyProgram(2))).objective).toBe(2);
  });

  it('replaces threads after a number of calculations, or if their solver uses too much memory', async () => {
    aPool({ maxCalculations: 2 });
    const counts = [];
    for (let i = 0; i < 5; i++) counts.push(await pool.run(named<undefined, number>('count'), undefined));
    expect(counts).toEqual([1, 2, 1, 2, 1]);
    await pool.close();
    aPool({ maxMemoryBytes: 1 });
    expect(await pool.run(named('count'), undefined)).toBe(1);
    await pool.solve(easyProgram(1));
    expect(await pool.run(named('count'), undefined)).toBe(1);
  });

  it('fails running and waiting calculations when it is closed', async () => {
    const [running, waiting] = [aPool().run(named('wait'), 10_000), pool.run(named('wait'), 1)];
    const failures = Promise.allSettled([running, waiting]);
    await pool.close();
    for (const { status } of await failures) expect(status).toBe('rejected');
  });
});
