import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DomainError } from '#lib/errors';
import { pluginFiles } from './plugin-files';

const NAME = /^[a-z][\w-]{0,62}$/i;

/** Writes a plugin to start with into a new or empty folder. @throws DomainError INVALID_OPTION */
export function addPlugin(given: string): void {
  const folder = resolve(given);
  const name = basename(folder);
  if (!NAME.test(name))
    throw invalid(`The folder must have a name of letters, digits, "-" and "_", and not ${name}.`);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw invalid(`The folder ${folder} exists and is not empty.`);
  const root = findRoot(__dirname);
  for (const [path, text] of Object.entries(pluginFiles(name, root))) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  linkPackage(root, join(folder, 'node_modules'));
  console.log(
    `The plugin is in ${folder}. Start a server with it, and run its tests:\n\n` +
      `  FLEXMEASURES_PLUGINS=${given} flexmeasures run\n` +
      `  node --test ${join(given, 'index.test.js')}\n\n` +
      'README.md in this folder says what is where.',
  );
}

/** The folder of this package. */
const findRoot = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));

/** Makes this package known to the tests of the plugin, and its types to editors. */
function linkPackage(root: string, modules: string): void {
  mkdirSync(modules, { recursive: true });
  symlinkSync(root, join(modules, 'flexmeasures'), 'junction');
}

const invalid = (message: string): DomainError => new DomainError('INVALID_OPTION', message, '<folder>');
