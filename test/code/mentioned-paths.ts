import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', '.dist', '.git', '.flexmeasures', 'coverage']);

/** A path that a page mentions, as a pattern of paths from the root of the project: `*` is any part of a name. */
export interface Mention {
  /** Page and line. */
  where: string;
  path: string;
}

/** All files and folders of the project, as paths from its root. */
export function listPaths(root: string): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = join(folder, entry.name);
      found.push(relative(root, path).replaceAll('\\', '/'));
      if (entry.isDirectory()) visit(path);
    }
  };
  visit(root);
  return found;
}

/** Targets of the links of a page that lead to files of the project. Indented lines are code. */
export function linkTargets(root: string, page: string): Mention[] {
  return matches(root, page, /(?<!^(?: {4}).*)\[[^[\]]+\]\(([^()\s]+)\)/g)
    .filter(({ path }) => !/^[a-z]+:/.test(path))
    .map(({ where, path }) => ({ where, path: path.startsWith('#') ? page + path : fromRoot(page, path) }));
}

/** Paths that a page mentions from the root of the project, such as `libs/time/clock.ts`. */
export function mentionedPaths(root: string, page: string): Mention[] {
  return matches(
    root,
    page,
    /(?<![\w./:<@-])((?:apps|docker|docs|libs|openapi|test|\.ci|\.tools)\/[\w.*<>{},/-]*[\w*>}])/g,
  )
    .filter(({ path }) => !path.split('/').includes('dist'))
    .map(({ where, path }) => ({ where, path: path.replace(/<[^<>]*>/g, '*') }));
}

/** Code files that the README of a folder mentions in backticks, relative to that folder or to one inside it. */
export function mentionedFiles(root: string, page: string): Mention[] {
  return matches(root, page, /`([\w*<>{},/-][\w.*<>{},/-]*\.(?:[cm]?ts|cjs|mjs))`/g)
    .filter(({ path }) => !/^(?:\*\.|(?:apps|docker|docs|libs|openapi|test)\/)/.test(path))
    .map(({ where, path }) => ({ where, path: path.replace(/<[^<>]*>/g, '*') }));
}

/** Names of npm scripts that a page mentions as `npm run <name>`. */
export function mentionedScripts(root: string, page: string): Mention[] {
  return matches(root, page, /\bnpm run ([\w:-]+)/g);
}

/** Headings of a page, as the part of an address after `#`. */
export function headingsOf(root: string, page: string): string[] {
  return matches(root, page, /^#+ (.+)$/g).map(({ path }) =>
    path
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Whether a pattern (`*`, `{a,b}`) stands for one of some paths. */
export function isAmong(paths: readonly string[], pattern: string): boolean {
  const source = pattern
    .replace(/[.+?^$()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replace(/\{([^{}]*)\}/g, (_, names: string) => `(?:${names.replaceAll(',', '|')})`);
  const whole = new RegExp(`^${source}$`);
  return paths.some((path) => whole.test(path));
}

function matches(root: string, page: string, pattern: RegExp): Mention[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    [...line.matchAll(pattern)].map(([, path = '']) => ({ where: `${page}:${index + 1}`, path })),
  );
}

function fromRoot(page: string, target: string): string {
  return posix.join(dirname(page), target).replace(/\/(?=#|$)/, '');
}
