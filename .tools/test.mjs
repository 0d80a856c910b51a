import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, run, tool } from './project.mjs';

await ensureInstalled();
await ensureBuilt();

// Only the tests that need services such as Redis, which then must be there.
const servicesOnly = process.argv.includes('--services');
if (servicesOnly) process.env.REQUIRE_SERVICES = '1';

const checks = servicesOnly
  ? []
  : [
      ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
      [
        'lint',
        'eslint',
        [
          '--config',
          '.tools/eslint.config.mjs',
          '--cache',
          '--cache-location',
          'node_modules/.cache/eslint/',
          '.',
        ],
      ],
      ['types', 'tsc', ['--noEmit']],
      ['import rules', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'test']],
      ['contract', undefined, ['.tools/openapi.mjs', 'check']],
      ['client', undefined, ['.tools/openapi.mjs', 'client']],
    ];

const broken = [];
for (const [name, command, args] of checks) {
  console.log(`\n== ${name}`);
  if (run(process.execPath, [...(command ? [tool(command)] : []), ...args]) !== 0) broken.push(name);
}

console.log('\n== tests');
const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-test-'));
const report = join(folder, 'report.json');
const jest = run(
  process.execPath,
  [
    tool('jest'),
    ...['--config', 'test/jest.config.cjs', '--json', '--outputFile', report],
    ...(servicesOnly ? ['--selectProjects', 'integration', '--testPathPatterns', 'test/services'] : []),
    ...process.argv.slice(2).filter((argument) => argument !== '--services'),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
if (jest !== 0) broken.push('tests');

let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  broken.push('test report');
}
rmSync(folder, { recursive: true, force: true });

if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
const skipped = counts.numPendingTests + counts.numTodoTests;
console.log(`\n${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${skipped} skipped`);
process.exit(broken.length > 0 ? 1 : 0);
