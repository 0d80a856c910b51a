import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '#lib/database';
import { measure, type Figure } from './figures';

const COMMAND = join(__dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');
const QUARTERS_OF_YEAR = 35_040;
const SCHEDULE =
  'add schedule for-storage --sensor-id 2 --consumption-price-sensor 3 --start 2026-03-04T07:00+01:00 ' +
  '--duration PT12H --soc-at-start 50% --roundtrip-efficiency 90%';

/** Measures whole commands after a cold start with a running database: wall time and peak memory. */
export async function benchCommandLine(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-bench-'));
  const hours = Array.from(
    { length: 24 },
    (_, hour) => `2026-03-04T${String(hour).padStart(2, '0')}:00Z,${(hour * 7) % 24}`,
  );
  writeFileSync(join(home, 'prices.csv'), `Hour,Price\n${hours.join('\n')}\n`);
  // Each command reports its own peak memory as its last line on standard error.
  writeFileSync(
    join(home, 'peak.js'),
    "process.on('exit', () => require('fs').writeSync(2, '\\n' + process.resourceUsage().maxRSS));",
  );
  const timed = (name: string, line: string): Promise<Figure> =>
    measure(name, async () => `peak memory ${await runCommand(home, line)} MB`, { runs: 9, warmUps: 1 });
  try {
    for (const line of [
      'db upgrade',
      'add toy-account',
      'add beliefs --sensor-id 3 --source toy-user prices.csv',
    ])
      await runCommand(home, line);
    return [
      await timed('flexmeasures --help', '--help'),
      await timed('flexmeasures show account', 'show account --id 1'),
      await timed('flexmeasures add schedule for-storage (12 h)', SCHEDULE),
      await measureImport(home),
    ];
  } finally {
    new EmbeddedPostgres(home).stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    rmSync(home, { recursive: true });
  }
}

/** The import of a CSV file with a year of 15-minute values, each time of another year. */
async function measureImport(home: string): Promise<Figure> {
  let year = 2000;
  const work = () => runCommand(home, `add beliefs --sensor-id 2 --source toy-user ${year++}.csv`);
  const options = { runs: 9, warmUps: 1 };
  for (let i = 0; i < options.runs + options.warmUps; i++) writeYear(home, year + i);
  return measure(
    'flexmeasures add beliefs, a year of CSV',
    async () => `peak memory ${await work()} MB`,
    options,
  );
}

function writeYear(home: string, year: number): void {
  const start = Date.UTC(year, 0);
  const rows = Array.from(
    { length: QUARTERS_OF_YEAR },
    (_, i) => `${new Date(start + i * 900_000).toISOString()},${(i * 7919) % 1000}`,
  );
  writeFileSync(join(home, `${year}.csv`), `Start,Power\n${rows.join('\n')}\n`);
}

/** Runs one command. @returns its peak memory in MB */
function runCommand(home: string, line: string): Promise<number> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--require', join(home, 'peak.js'), COMMAND, ...line.split(' ')],
      { cwd: home, env: { ...process.env, FLEXMEASURES_HOME: home, SQLALCHEMY_DATABASE_URI: '' } },
      (error, _stdout, stderr) => {
        if (error) reject(new Error(stderr));
        else resolve(Math.round(Number(stderr.trim().split('\n').pop()) / 1024));
      },
    );
  });
}
