import { statSync } from 'node:fs';

/** Smaller files are read so fast that they need no progress bar. */
const MIN_BYTES = 1_000_000;

/** Shows the progress of reading a file. */
export interface ProgressBar {
  /** @param share of the file, 0 to 1 */
  update: (share: number) => void;
  /** Removes the bar. */
  stop: () => void;
}

/** Shows a progress bar on standard error; undefined without a terminal, or for a small file. */
export async function progressBar(path: string): Promise<ProgressBar | undefined> {
  if (!process.stderr.isTTY || statSync(path).size < MIN_BYTES) return undefined;
  const { Presets, SingleBar } = await import('cli-progress');
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {percentage}% {phase}, {duration_formatted}',
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { phase: 'read' });
  return {
    update: (share) => {
      bar.update(share, { phase: share < 1 ? 'read' : 'read, saving' });
    },
    stop: () => {
      bar.stop();
    },
  };
}
