/** What one entry of a series says about steps. */
export interface StepsEntry {
  /** First of its steps. */
  from: number;
  /** The step after its last one; entries without steps say nothing. */
  to: number;
  value: number;
}

/** Which entry holds in a step that several entries speak of. */
export type Precedence = 'latest' | 'lowest' | 'highest';

const inOrder: Record<Precedence, (entries: readonly StepsEntry[]) => StepsEntry[]> = {
  latest: (entries) => [...entries].reverse(),
  lowest: (entries) => [...entries].sort((one, other) => one.value - other.value),
  highest: (entries) => [...entries].sort((one, other) => other.value - one.value),
};

/**
 * One value per step, NaN where no entry says anything. Each step is set once, whatever the overlap of the entries: it
 * takes no longer for entries that all speak of the whole window.
 */
export function seriesOfEntries(
  entries: readonly StepsEntry[],
  steps: number,
  precedence: Precedence,
): Float64Array {
  const series = new Float64Array(steps).fill(NaN);
  // For each step, one at or after it from which the next step without a value is found; `steps` is beyond the last.
  const next = Uint32Array.from({ length: steps + 1 }, (_, step) => step);
  const nextUnset = (step: number): number => {
    let found = step;
    while (next[found] !== found) {
      next[found] = next[next[found]!]!;
      found = next[found]!;
    }
    return found;
  };
  for (const { from, to, value } of inOrder[precedence](entries)) {
    const end = Math.min(steps, to);
    for (let step = nextUnset(Math.min(steps, Math.max(0, from))); step < end; step = nextUnset(step)) {
      series[step] = value;
      next[step] = step + 1;
    }
  }
  return series;
}
