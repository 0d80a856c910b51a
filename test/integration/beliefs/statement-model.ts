import type { BeliefColumns } from '#lib/beliefs/model';
import { rowsOf } from './random-history';

/** One point of what a source stated: event, minus the horizon, source, probability and value. */
type Row = number[];

/** A source's belief at one horizon. */
interface Statement {
  rows: Row[];
  /** The distribution as text, to compare. */
  points: string;
}

const keyOf = (row: Row): string => row.slice(0, 4).join(' ');
const groupOf = ([event, minusHorizon, source]: Row): string =>
  `${event!} ${source!} ${minusHorizon! < 0 ? 'forecast' : 'measurement'}`;

/**
 * What is stored after statements in any order, written in the plainest way: the reference for the SQL that saves beliefs.
 * All statements are remembered. Those that do not repeat their source's previous one about the event are beliefs.
 */
export class StatementModel {
  private stored = new Map<string, Row>();
  private repeats = new Map<string, number[]>();
  private readonly statements = new Map<string, Row>();

  /** The beliefs in the table. */
  get rows(): Row[] {
    return [...this.stored.values()];
  }

  /** The beliefs with the horizons of their repeats, the latest first; null if there are none. */
  get rowsWithRepeats(): [...Row, number[] | null][] {
    return this.rows.map((row) => [...row, this.repeats.get(keyOf(row)) ?? null]);
  }

  /** Whether a batch contradicts what a source stated about an event at the same time. */
  contradicts(batch: BeliefColumns): boolean {
    return rowsOf(batch).some((row) => {
      const known = this.statements.get(keyOf(row));
      return known !== undefined && known[4] !== row[4];
    });
  }

  /** Saves a batch that contradicts nothing. @returns how many of its beliefs were added */
  save(batch: BeliefColumns): number {
    const fresh: Row[] = [];
    for (const row of rowsOf(batch)) {
      if (this.statements.has(keyOf(row))) continue;
      this.statements.set(keyOf(row), row);
      fresh.push(row);
    }
    const runs = [...groupBy([...this.statements.values()], groupOf).values()].flatMap(runsOf);
    const beliefs = runs.flatMap(([first]) => first!.rows);
    this.stored = new Map(beliefs.map((row) => [keyOf(row), row]));
    this.repeats = new Map(runs.filter((run) => run.length > 1).flatMap(repeatsOf));
    return fresh.filter((row) => this.stored.has(keyOf(row))).length;
  }
}

/** Statements of one source about one event, from the oldest on, in runs of equal ones. */
function runsOf(rows: Row[]): Statement[][] {
  const byTime = groupBy(rows, ([, minusHorizon]) => minusHorizon!);
  const runs: Statement[][] = [];
  for (const [, points] of [...byTime].sort(([one], [other]) => one - other)) {
    const text = JSON.stringify(points.map((row) => row.slice(3)).sort(([one], [other]) => one! - other!));
    const statement = { rows: points, points: text };
    if (runs.at(-1)?.[0]!.points === text) runs.at(-1)!.push(statement);
    else runs.push([statement]);
  }
  return runs;
}

/** The horizons of a run after the first one, the latest first, for each point of the first one. */
function repeatsOf([first, ...repeats]: Statement[]): [string, number[]][] {
  const horizons = repeats.map(({ rows }) => -rows[0]![1]!).reverse();
  return first!.rows.map((row) => [keyOf(row), horizons]);
}

function groupBy<K>(rows: readonly Row[], keyOfRow: (row: Row) => K): Map<K, Row[]> {
  const groups = new Map<K, Row[]>();
  for (const row of rows) groups.set(keyOfRow(row), [...(groups.get(keyOfRow(row)) ?? []), row]);
  return groups;
}
