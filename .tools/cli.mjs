import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './project.mjs';

/** Prints and runs a command of `flexmeasures`. @returns its output; exits if the command fails */
export function flexmeasures(line, cwd = process.cwd()) {
  console.log(`\n$ flexmeasures ${line}`);
  const cli = join(root, 'apps', 'cli', 'bin', 'flexmeasures.js');
  const result = spawnSync(process.execPath, [cli, ...line.split(' ')], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(result.stdout ?? '');
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result.stdout;
}

/** The first group of a pattern in the output of a command; exits if it is not there. */
export function find(text, pattern) {
  const found = pattern.exec(text)?.slice(1).find(Boolean);
  if (found) return found;
  console.error(`Error: the output above has no match for ${pattern}, which the next command needs.`);
  process.exit(1);
}
