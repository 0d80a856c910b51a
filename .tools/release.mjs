import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './project.mjs';

const CHANGES = 'docs/changes/general.md';

/** Builds the documentation and the package of the version in package.json, if it can be released. Publishes nothing. */
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const problems = problemsOf(version);
for (const problem of problems) console.error(`Error: ${problem}`);
if (problems.length > 0) process.exit(1);
// `npm pack` builds first: see "prepack" in package.json.
const code = run('npm', ['pack'], { shell: process.platform === 'win32' });
if (code === 0) console.log(`Version ${version} is ready. docs/releases.md says what to do with it.`);
process.exit(code);

/** What must be done before a release. */
function problemsOf(wanted) {
  const git = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  const found = [];
  if (git.status !== 0) found.push('This folder is not a Git repository.');
  else if (git.stdout !== '')
    found.push(`There are changes that are not committed:\n${git.stdout.trimEnd()}`);
  const entries = readFileSync(join(root, CHANGES), 'utf8').split('\n');
  if (!entries.includes(`## ${wanted}`)) found.push(`${CHANGES} has no entry "## ${wanted}".`);
  return found;
}
