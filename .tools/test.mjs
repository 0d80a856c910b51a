import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root, tool } from './project.mjs';

const USAGE = `Usage: node .tools/test.mjs [all|unit|services|thorough] [options] [jest options]

all       checks (format, lint, types, import rules, contract) and tests; the default
unit      the tests beside the code, which need no database; --watch runs them again after each change
services  the tests that need Redis, Chromium, Cbc, pgbouncer or PostgreSQL, which then must be there
thorough  the tests that can try more than usual: ten times the random examples, every case at every door

--share k/n     only the k-th of n parts of the thorough tests
--counts file   adds the counts of an earlier run, kept in this file, and keeps the sum there`;

/** Option with which test files run one after the other. */
const ALONE = '--runInBand';

/** If more test files fail, they are not run again. */
const MAX_REPEATED = 5;

/** How often test files that fail are run again. */
const MAX_REPEATS = 2;

const CHECKS = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', ...cachedIn('prettier/cache'), '.']],
  ['lint', 'eslint', ['--config', '.tools/eslint.config.mjs', ...cachedIn('eslint/'), '.']],
  [
    'types',
    'tsc',
    ['--noEmit', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/types.tsbuildinfo'],
  ],
  ['types of web elements', 'tsc', ['--noEmit', '--project', 'apps/web']],
  ['import rules', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'test']],
  ['contract', undefined, ['.tools/openapi.mjs', 'check']],
];

const jestOptions = process.argv.slice(2);
if (jestOptions.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const mode = /^(all|unit|services|thorough)$/.test(jestOptions[0]) ? jestOptions.shift() : 'all';
const [share = '1/1', countsFile] = ['--share', '--counts'].map(takeOption);

await ensureInstalled();
// In mode unit, unit tests run the sources, without a build.
if (mode !== 'unit') await ensureBuilt();
if (mode === 'services') process.env.REQUIRE_SERVICES = '1';
if (mode === 'thorough') process.env.TEST_THOROUGH = '1';

// Options for jest may select tests; then they all run together.
const measuring = jestOptions.length === 0 ? measuringTests() : [];
const isWatching = jestOptions.some((option) => /^--watch(All)?$/.test(option));
// What is built once does not follow changes.
if (mode !== 'unit' && !isWatching) process.env.TEST_BUILT = '1';
if (isWatching)
  process.exit(await run(tool('jest'), [...selection(), ...jestOptions, ...selectedPaths()], 'inherit'));
// Tests that measure response times run alone, after the others. The checks use the processor time that the last tests
// leave idle.
const runs = measuring.length > 0 ? [runOrdinaryTests, runMeasuringTests] : [runOrdinaryTests];
const counts = { passed: 0, failed: 0, skipped: 0, isGood: true };
let checks = Promise.resolve([]);
for (const runSome of runs.slice(0, -1)) add(counts, await runSome());
if (mode === 'all') checks = runChecks();
add(counts, await runs.at(-1)());
const broken = await checks;
if (!counts.isGood) broken.push('tests');
if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
const { passed, failed, skipped } = addEarlierCounts(counts);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(broken.length > 0 ? 1 : 0);

/** Removes an option of this script and its value from the arguments for jest. */
function takeOption(name) {
  const at = jestOptions.indexOf(name);
  return at === -1 ? undefined : jestOptions.splice(at, 2)[1];
}

/** Arguments for jest that select the tests. */
function selection() {
  const config = ['--config', 'test/jest.config.cjs'];
  if (mode === 'unit') return [...config, '--selectProjects', 'unit'];
  if (mode === 'services')
    return [...config, '--selectProjects', 'integration', '--testPathPatterns', 'test/services'];
  return config;
}

/** Runs the tests of the mode, without those that run alone. */
function runOrdinaryTests() {
  if (mode === 'thorough') return runTests(selectedPaths());
  return runTests(measuring.length > 0 ? ['--testPathIgnorePatterns', ...measuring.map(inFull)] : []);
}

/** Runs the tests of the mode that measure response times, one file at a time. */
function runMeasuringTests() {
  return runTests([ALONE, '--runTestsByPath', ...measuring]);
}

/** Arguments for jest that select the thorough tests which do not run alone; none in other modes. */
function selectedPaths() {
  if (mode !== 'thorough') return [];
  return ['--runTestsByPath', ...thoroughTests().filter((path) => !measuring.includes(path))];
}

/** The test files with a thorough mode; with --share, only every n-th of them. */
function thoroughTests() {
  const [part, parts] = share.split('/').map(Number);
  if (!(part >= 1 && part <= parts)) throw new Error(`--share: '${share}' is invalid; use a form like 2/5.`);
  return testsWith(/\b(?:isThorough|pickCases|scaledRuns)\b/).filter(
    (_, index) => index % parts === part - 1,
  );
}

/** The test files of this run that measure response times during an attack. */
function measuringTests() {
  const all = testsWith(/\/attack'/);
  if (mode === 'all') return all;
  return mode === 'thorough' ? thoroughTests().filter((path) => all.includes(path)) : [];
}

/** A pattern that matches only this path. */
function inFull(path) {
  return `/${path.replaceAll('\\', '/').replaceAll('.', '\\.')}$`;
}

/** The test files whose text matches. */
function testsWith(pattern) {
  return ['apps', 'libs', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
    )
    .filter((name) => /\.(spec|test)\.ts$/.test(name))
    .filter((name) => pattern.test(readFileSync(join(root, name), 'utf8')))
    .sort();
}

/** Adds the counts of one run to the total. */
function add(counts, { passed, failed, skipped, isGood }) {
  counts.passed += passed;
  counts.failed += failed;
  counts.skipped += skipped;
  counts.isGood &&= isGood;
}

async function runTests(more = [], repeats = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-test-'));
  const report = join(folder, 'report.json');
  const options = [...jestOptions, ...more];
  const isTold = options.some((option) => /^(-w|-i|--maxWorkers|--runInBand)/.test(option));
  const workers = isTold ? [] : ['--maxWorkers', String(availableParallelism() + 2)];
  const code = await run(
    tool('jest'),
    [...selection(), ...workers, '--json', '--outputFile', report, ...options],
    ['ignore', 'ignore', 'inherit'],
  );
  const read = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  rmSync(folder, { recursive: true, force: true });
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = read;
  const skipped = (read.numPendingTests ?? 0) + (read.numTodoTests ?? 0);
  const counts = { passed, failed, skipped, isGood: code === 0 };
  const failedFiles = (read.testResults ?? []).filter(({ status }) => status === 'failed');
  if (repeats === MAX_REPEATS || failedFiles.length === 0 || failedFiles.length > MAX_REPEATED) return counts;
  return repeatAlone(counts, failedFiles, repeats + 1);
}

/**
 * Runs test files that failed again, alone and after the checks, and says which files they are: if they pass then, they
 * depend on how busy the machine is, and should be mended. Their results replace those of the first run.
 */
async function repeatAlone({ passed, skipped }, files, repeats) {
  const paths = files.map(({ name }) => name);
  const first = files.flatMap(({ assertionResults }) => assertionResults);
  const countOf = (status) => first.filter((result) => result.status === status).length;
  await checks;
  const again = await runTests([ALONE, '--runTestsByPath', ...paths], repeats);
  console.log(`\nRun again alone, after a failure: ${paths.join(', ')}`);
  return {
    passed: passed - countOf('passed') + again.passed,
    failed: again.failed,
    skipped: skipped - countOf('pending') - countOf('todo') + again.skipped,
    isGood: again.isGood,
  };
}

/** @returns the names of the failed checks */
async function runChecks() {
  const broken = [];
  for (const [name, command, args] of CHECKS) {
    const output = [];
    const code = await run(command && tool(command), args, 'pipe', {
      take: (text) => output.push(text),
      priority: constants.priority.PRIORITY_LOW,
    });
    if (code !== 0) broken.push(name);
    process.stderr.write(`== ${name}: ${code === 0 ? 'passed' : `failed\n${output.join('')}`}\n`);
  }
  return broken;
}

/** @returns the exit code of a Node.js process */
function run(script, args, stdio, { take, priority } = {}) {
  const child = spawn(process.execPath, [...(script ? [script] : []), ...args], { cwd: root, stdio });
  // Its threads and processes, which it has not started yet, inherit the priority.
  if (priority !== undefined && child.pid !== undefined) setPriority(child.pid, priority);
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** The counts, plus those of earlier runs in the file. */
function addEarlierCounts(counts) {
  if (countsFile === undefined) return counts;
  const sum = existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) : {};
  for (const name of ['passed', 'failed', 'skipped']) sum[name] = (sum[name] ?? 0) + counts[name];
  writeFileSync(countsFile, JSON.stringify(sum));
  return sum;
}

function cachedIn(place) {
  return ['--cache', '--cache-location', `node_modules/.cache/${place}`];
}
