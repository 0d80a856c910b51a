import { benchBeliefs } from './beliefs';
import { benchBeliefStorage } from './belief-storage';
import { benchCommandLine } from './command-line';
import { formatFigures, type Figure } from './figures';
import { benchScheduling } from './scheduling';

const BENCHMARKS: Record<string, () => Promise<Figure[]>> = {
  scheduling: benchScheduling,
  beliefs: benchBeliefs,
  'belief-storage': benchBeliefStorage,
  'command-line': benchCommandLine,
};

async function main(names: string[]): Promise<void> {
  const unknown = names.find((name) => !(name in BENCHMARKS));
  if (unknown !== undefined) {
    throw new Error(`There is no benchmark '${unknown}', only ${Object.keys(BENCHMARKS).join(' and ')}.`);
  }
  for (const [name, bench] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n== ${name}`);
    console.log(formatFigures(await bench()));
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
