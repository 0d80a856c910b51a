import loadHighs, { type Highs, type Model, type ModelData, type OptionValue } from 'highs';
import type { Basis, LinearProgram, Solution, SolutionStatus, SolveOptions, Solver } from './model';

/**
 * Absolute tolerances in the units of the program (HiGHS defaults to 1e-7). If a program is scaled to numbers of order
 * one, its cost is exact to well below 1e-6.
 */
const tightTolerances = {
  primal_feasibility_tolerance: 1e-9,
  dual_feasibility_tolerance: 1e-9,
  mip_feasibility_tolerance: 1e-9,
};

const baseOptions: Record<string, OptionValue> = {
  output_flag: false,
  random_seed: 0,
  ...tightTolerances,
};

/**
 * For programs without integers, which are sparse and small (some thousand rows), often networks. Measured on storage
 * programs of 48 to 10,000 steps: presolve and steepest-edge weights cost more than they save (two to four times the
 * total time at 192 steps).
 */
const linearOptions: Record<string, OptionValue> = {
  presolve: 'off',
  simplex_dual_edge_weight_strategy: 0,
};

/** For larger programs with rows that couple many columns. Measured on sites of 20 storages: 4 times faster. */
const coupledOptions: Record<string, OptionValue> = {
  presolve: 'on',
  simplex_dual_edge_weight_strategy: 1,
};

let loading: Promise<Highs> | undefined;

/** The WebAssembly module, compiled on first use and shared by all solvers of the thread. */
function load(): Promise<Highs> {
  loading ??= loadHighs().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Memory of HiGHS in this thread, bytes; it never shrinks. */
export async function solverMemoryBytes(): Promise<number> {
  return loading === undefined ? 0 : (await loading).memoryBytes;
}

/** Solves linear and mixed-integer programs with HiGHS, compiled to WebAssembly, in the calling thread. */
export class HighsSolver implements Solver {
  constructor(private readonly extraOptions: Readonly<Record<string, OptionValue>> = {}) {}

  async solve(program: LinearProgram, options: SolveOptions = {}): Promise<Solution> {
    const highs = await load();
    // HiGHS may fail from a basis that does not suit the program. Then it starts where it always does.
    const near = options.basis && attempt(() => this.run(highs, program, options));
    if (near && near.status !== 'failed') return near;
    return this.run(highs, program, { ...options, basis: undefined });
  }

  private run(highs: Highs, program: LinearProgram, options: SolveOptions): Solution {
    // withModel disposes the native model, which is not garbage-collected: about 0.7 MB per solve.
    return highs.withModel((model) => {
      const kindOptions = program.integer ? {} : options.isCoupled ? coupledOptions : linearOptions;
      model.options.set({ ...baseOptions, ...kindOptions, ...limits(options), ...this.extraOptions });
      model.passModel(toModelData(program));
      if (options.basis) {
        model.setBasis({ colStatus: options.basis.columns, rowStatus: options.basis.rows });
      }
      if (options.start) model.setSolution({ indices: options.start.columns, values: options.start.values });
      model.run();
      return readSolution(highs, model, program);
    });
  }
}

/** The result; undefined if there is an error. */
function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function limits({ timeLimitMs, mipGap }: SolveOptions): Record<string, OptionValue> {
  return {
    mip_rel_gap: mipGap ?? 0,
    mip_abs_gap: 0,
    ...(timeLimitMs === undefined ? {} : { time_limit: timeLimitMs / 1000 }),
  };
}

function toModelData(program: LinearProgram): ModelData {
  const { columnCount: numCols, rowCount: numRows } = program;
  return {
    numCols,
    numRows,
    colCost: program.cost,
    colLower: program.columnLower,
    colUpper: program.columnUpper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: 'csr',
      numRows,
      numCols,
      starts: program.rowStarts,
      indices: program.indices,
      values: program.values,
    },
    ...(program.integer === undefined ? {} : { integrality: Int32Array.from(program.integer) }),
  };
}

function readSolution(highs: Highs, model: Model, program: LinearProgram): Solution {
  const status = statusOf(highs, model);
  const feasible = highs.constants.solutionStatus.feasible;
  const hasSolution = model.info.get('primal_solution_status') === feasible;
  return {
    status,
    objective: hasSolution ? model.getObjectiveValue() : NaN,
    ...(hasSolution ? columnsOf(model, program) : { columns: undefined }),
    ...(status === 'optimal' && !program.integer && { basis: basisOf(model) }),
    ...(program.integer && { bound: Number(model.info.get('mip_dual_bound')) }),
    gap: gapOf(status, hasSolution && program.integer ? Number(model.info.get('mip_gap')) : undefined),
  };
}

function columnsOf(model: Model, program: LinearProgram) {
  const { colValue, rowDual } = model.getSolution();
  return program.integer ? { columns: colValue } : { columns: colValue, rowDuals: rowDual };
}

function basisOf(model: Model): Basis {
  const { colStatus: columns, rowStatus: rows } = model.getBasis();
  return { columns, rows };
}

function gapOf(status: SolutionStatus, mipGap: number | undefined): number {
  if (mipGap !== undefined) return mipGap;
  return status === 'optimal' ? 0 : Infinity;
}

function statusOf(highs: Highs, model: Model): SolutionStatus {
  const codes = highs.constants.modelStatus;
  switch (model.getModelStatus()) {
    case codes.optimal:
    case codes.empty:
      return 'optimal';
    case codes.infeasible:
      return 'infeasible';
    case codes.unbounded:
      return 'unbounded';
    case codes.unboundedOrInfeasible:
      return 'infeasible-or-unbounded';
    case codes.timeLimit:
      return 'time-limit';
    default:
      return 'failed';
  }
}
