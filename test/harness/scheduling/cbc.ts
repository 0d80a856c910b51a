import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LinearProgram, Solution, Solver } from '#lib/solver/model';
import { commands, describeWith } from '../needs';

/** `describe` for tests that need Cbc. */
export const describeWithCbc = describeWith(commands('the solver Cbc (coinor-cbc)', 'cbc'));

const run = promisify(execFile);

const TOLERANCES = ['-primalT', '1e-9', '-dualT', '1e-9', '-integerT', '1e-9', '-ratio', '0', '-allow', '0'];

/** Cbc (COIN-OR branch and cut), a command of the system that exchanges programs and solutions in files. */
export class CbcSolver implements Solver {
  private readonly folder = mkdtempSync(join(tmpdir(), 'flexmeasures-cbc-'));

  async solve(program: LinearProgram): Promise<Solution> {
    const [model, answer] = [join(this.folder, 'program.mps'), join(this.folder, 'solution.txt')];
    writeFileSync(model, mpsOf(program));
    rmSync(answer, { force: true });
    await run('cbc', [model, '-sec', '120', ...TOLERANCES, '-solve', '-solu', answer, '-quit']);
    return readSolution(readFileSync(answer, 'utf8'), program);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Free MPS: rows r0.. and columns c0..; a row with two bounds is written as one with a range. */
function mpsOf(program: LinearProgram): string {
  const rows = Array.from(program.rowLower, (lower, i) => rowOf(lower, program.rowUpper[i]!));
  const entries = Array.from({ length: program.columnCount }, (): string[] => []);
  program.cost.forEach((cost, j) => entries[j]!.push(` c${j} cost ${cost}`));
  for (let i = 0; i < program.rowCount; i++) {
    for (let k = program.rowStarts[i]!; k < program.rowStarts[i + 1]!; k++) {
      const j = program.indices[k]!;
      entries[j]!.push(` c${j} r${i} ${program.values[k]!}`);
    }
  }
  return [
    'NAME program FREE',
    'ROWS',
    ' N cost',
    ...rows.map(({ kind }, i) => ` ${kind} r${i}`),
    'COLUMNS',
    ...entries.flat(),
    'RHS',
    ...rows.map(({ bound }, i) => ` RHS r${i} ${bound}`),
    'RANGES',
    ...rows.flatMap(({ range }, i) => (range === undefined ? [] : [` RNG r${i} ${range}`])),
    'BOUNDS',
    ...Array.from(program.columnLower, (lower, j) =>
      boundsOf(j, lower, program.columnUpper[j]!, program.integer?.[j] === 1),
    ).flat(),
    'ENDATA',
    '',
  ].join('\n');
}

function rowOf(lower: number, upper: number): { kind: 'E' | 'L' | 'G' | 'N'; bound: number; range?: number } {
  if (lower === upper) return { kind: 'E', bound: lower };
  if (lower === -Infinity) return upper === Infinity ? { kind: 'N', bound: 0 } : { kind: 'L', bound: upper };
  if (upper === Infinity) return { kind: 'G', bound: lower };
  return { kind: 'L', bound: upper, range: upper - lower };
}

function boundsOf(j: number, lower: number, upper: number, isWhole: boolean): string[] {
  const kind = isWhole ? 'I' : 'O';
  return [
    lower === -Infinity ? ` MI BND c${j}` : ` L${kind} BND c${j} ${lower}`,
    upper === Infinity ? ` PL BND c${j}` : ` U${isWhole ? 'I' : 'P'} BND c${j} ${upper}`,
  ];
}

/** The first line is the status; the others are index, name, value and reduced cost of the columns that are not 0. */
function readSolution(text: string, { columnCount }: LinearProgram): Solution {
  const [outcome = '', ...lines] = text.split('\n');
  const objective = Number(/objective value\s+(\S+)/.exec(outcome)?.[1]);
  if (/^Optimal/.test(outcome)) {
    const columns = new Float64Array(columnCount);
    for (const line of lines) {
      const [, j, value] = /\bc(\d+)\s+(\S+)/.exec(line) ?? [];
      if (j !== undefined) columns[Number(j)] = Number(value);
    }
    return { status: 'optimal', objective, columns, gap: 0 };
  }
  const status = /infeasible/i.test(outcome) ? 'infeasible' : /time/.test(outcome) ? 'time-limit' : 'failed';
  return { status, objective: NaN, columns: undefined, gap: Infinity };
}
