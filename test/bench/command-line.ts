import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '#lib/database';
import { measure, type Figure } from './figures';

const COMMAND = join(__dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'flexmeasures.js');
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
    ];
  } finally {
    new EmbeddedPostgres(home).stop();
    rmSync(realpathSync(join(home, 'postgres')), { recursive: true });
    rmSync(home, { recursive: true });
  }
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
