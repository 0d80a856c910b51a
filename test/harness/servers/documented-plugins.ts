import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

const EXAMPLE = /<!-- file: (\S+) -->\s*(?:<!-- prettier-ignore -->\s*)?```\w+\n([\s\S]*?)\n?```/g;

/** A folder with plugins, as an author has it. */
export interface PluginFolder {
  folder: string;
  /** Names of the folders of plugins. */
  names: string[];
  /** Writes a file, relative to the folder. */
  write: (path: string, text: string) => void;
  remove: () => void;
}

/** A folder outside of the project, in which this package is installed for its types. */
export function createPluginFolder(): PluginFolder {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plugins-')));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules', 'flexmeasures'));
  symlinkSync(join(ROOT, 'node_modules', '@nestjs'), join(folder, 'node_modules', '@nestjs'));
  return {
    folder,
    names: [],
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes the examples of pages of docs/plugins, checks their types and compiles them. */
export function installDocumentedPlugins(pages: readonly string[]): PluginFolder {
  const plugins = createPluginFolder();
  for (const page of pages) {
    const text = readFileSync(join(ROOT, 'docs', 'plugins', page), 'utf8');
    for (const [, path, content] of text.matchAll(EXAMPLE)) plugins.write(path!, `${content!}\n`);
  }
  compilePlugins(plugins.folder);
  plugins.names = readdirSync(plugins.folder).filter(
    (name) => !['node_modules', 'tsconfig.json'].includes(name),
  );
  return plugins;
}

/**
 * Compiles all TypeScript files of a folder, as docs/plugins/showcase.md says.
 * @throws Error with what the compiler prints
 */
function compilePlugins(folder: string): void {
  const examples = readFileSync(join(ROOT, 'docs', 'plugins', 'showcase.md'), 'utf8').matchAll(EXAMPLE);
  const [, , options] = [...examples].find(([, path]) => path === 'our_client/tsconfig.json')!;
  writeFileSync(join(folder, 'tsconfig.json'), options!);
  const types = ['--typeRoots', join(ROOT, 'node_modules', '@types')];
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules', '.bin', 'tsc'), '--project', '.', ...types], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    throw new Error(`The examples do not compile:\n${(error as { stdout: string }).stdout}`, {
      cause: error,
    });
  }
}
