import { availableParallelism, loadavg } from 'node:os';
import { benchApi } from './api';
import { benchBackups } from './backups/backups';
import { benchBeliefs } from './beliefs/beliefs';
import { benchBeliefIndexes, benchBeliefPartitions, benchBeliefTable } from './beliefs/belief-storage';
import { benchCommandLine } from './command-line';
import { benchForecasting } from './forecasting/forecasting';
import { benchForecastingSpeed } from './forecasting/forecasting-speed';
import { benchEveryday, benchUndividedEveryday } from './beliefs/everyday';
import { formatFigures, type Figure } from './figures';
import { benchLegacy } from './legacy';
import { benchScheduling } from './scheduling/scheduling';
import { benchHomes } from './scheduling/scheduling-homes';
import { benchSchedulingJobs } from './scheduling/scheduling-jobs';
import { benchSites } from './scheduling/scheduling-sites';
import { benchWindows } from './scheduling/scheduling-windows';
import { benchPooledStack, benchStack } from './stack/stack';
import { benchStreams } from './streams';
import { benchWeb } from './web';
import { benchWebMemory } from './web-memory';

/** Benchmarks by name, in parts whose figures are printed as soon as they are measured. */
const BENCHMARKS: Record<string, (() => Promise<Figure[]>)[]> = {
  scheduling: [benchScheduling, benchWindows, benchSites, benchHomes, benchSchedulingJobs],
  beliefs: [benchBeliefs],
  forecasting: [benchForecasting],
  'command-line': [benchCommandLine],
  api: [benchApi],
  legacy: [benchLegacy],
  streams: [benchStreams],
};

/** Benchmarks that take many minutes, need other programs, or are part of another one; they run only by name. */
const LONG_BENCHMARKS: typeof BENCHMARKS = {
  web: [benchWeb, benchWebMemory],
  'web-memory': [benchWebMemory],
  stack: [benchStack],
  'stack-pgbouncer': [benchPooledStack],
  backups: [benchBackups],
  'scheduling-sites': [benchSites],
  'scheduling-homes': [benchHomes],
  'scheduling-jobs': [benchSchedulingJobs],
  'forecasting-speed': [benchForecastingSpeed],
  'belief-everyday': [benchEveryday],
  'belief-everyday-undivided': [benchUndividedEveryday],
  'belief-table': [benchBeliefTable],
  'belief-partitions': [benchBeliefPartitions],
  'belief-indexes': [benchBeliefIndexes],
};

async function main(names: string[]): Promise<void> {
  const all = { ...BENCHMARKS, ...LONG_BENCHMARKS };
  const unknown = names.find((name) => !(name in all));
  if (unknown !== undefined) {
    throw new Error(`There is no benchmark '${unknown}', only ${Object.keys(all).join(', ')}.`);
  }
  for (const [name, parts] of Object.entries(names.length > 0 ? all : BENCHMARKS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const [load = 0] = loadavg();
    console.log(`\n== ${name} (load of ${load.toFixed(1)} on ${availableParallelism()} processors before)`);
    for (const bench of parts) console.log(formatFigures(await bench()));
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
