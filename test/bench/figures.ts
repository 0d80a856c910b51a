/** The result of a measurement. */
export interface Figure {
  name: string;
  medianMs: number;
  minMs: number;
  maxMs: number;
  runs: number;
  /** Additional information, such as a rate or peak memory. */
  note?: string;
}

/** Runs `work` several times, the first `warmUps` unmeasured. */
export async function measure(
  name: string,
  work: () => Promise<unknown>,
  { runs = 9, warmUps = 2 } = {},
): Promise<Figure> {
  const times: number[] = [];
  let note: string | undefined;
  for (let run = 0; run < warmUps + runs; run++) {
    const start = performance.now();
    const said = await work();
    const elapsed = performance.now() - start;
    if (run >= warmUps) times.push(elapsed);
    if (typeof said === 'string') note = said;
  }
  return summarise(name, times, note);
}

/** @param times of the runs, in ms */
export function summarise(name: string, times: readonly number[], note?: string): Figure {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    name,
    medianMs: sorted[Math.floor(sorted.length / 2)]!,
    minMs: sorted[0]!,
    maxMs: sorted[sorted.length - 1]!,
    runs: times.length,
    note,
  };
}

/** One line per figure. */
export function formatFigures(figures: Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return figures
    .map(({ name, medianMs, minMs, maxMs, runs, note }) => {
      const spread = `${minMs.toFixed(1)} to ${maxMs.toFixed(1)} ms, ${runs} runs`;
      return `${name.padEnd(width)}  median ${medianMs.toFixed(1).padStart(8)} ms  (${spread})${note ? `  ${note}` : ''}`;
    })
    .join('\n');
}

/**
 * Measures several ways of doing the same in turns, so that whatever else the machine does meets all of them alike.
 * A way may give what is to be done after its run, unmeasured.
 */
export async function measureAlternating(
  ways: { name: string; work: () => Promise<unknown> }[],
  { runs = 9, warmUps = 2 } = {},
): Promise<Figure[]> {
  const times = ways.map((): number[] => []);
  for (let run = 0; run < warmUps + runs; run++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const way = (run + turn) % ways.length;
      const start = performance.now();
      const after = await ways[way]!.work();
      if (run >= warmUps) times[way]!.push(performance.now() - start);
      if (typeof after === 'function') await (after as () => Promise<void>)();
    }
  }
  return ways.map(({ name }, way) => summarise(name, times[way]!));
}
