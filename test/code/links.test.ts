import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  headingsOf,
  isAmong,
  linkTargets,
  listPaths,
  mentionedFiles,
  mentionedPaths,
  mentionedScripts,
  type Mention,
} from './mentioned-paths';

const ROOT = join(__dirname, '../..');

const told = ({ where, path }: Mention): string => `${where}: ${path}`;

describe('the pages of the documentation', () => {
  const paths = listPaths(ROOT);
  const pages = paths.filter((path) => path.endsWith('.md'));

  it('link to files and headings that exist', () => {
    const links = pages.flatMap((page) => linkTargets(ROOT, page));
    const dead = links.filter(({ path: link }) => {
      const [path = '', heading] = link.split('#');
      return !paths.includes(path) || (heading !== undefined && !headingsOf(ROOT, path).includes(heading));
    });
    expect(links.length).toBeGreaterThan(30);
    expect(dead.map(told)).toEqual([]);
  });

  it('mention paths that exist', () => {
    const mentions = pages.flatMap((page) => mentionedPaths(ROOT, page));
    expect(mentions.length).toBeGreaterThan(60);
    expect(mentions.filter(({ path }) => !isAmong(paths, path)).map(told)).toEqual([]);
  });

  it('mention, in the README of a folder, code files of that folder', () => {
    const readmes = pages.filter((page) => /^(?:apps|libs|openapi|test)\/.*README\.md$/.test(page));
    const missing = readmes.flatMap((page) => {
      const folder = `${dirname(page)}/`;
      const names = paths
        .filter((path) => path.startsWith(folder))
        .map((path) => `/${path.slice(folder.length)}`);
      const endings = names.flatMap((name) =>
        [...name.matchAll(/\//g)].map(({ index }) => name.slice(index + 1)),
      );
      return mentionedFiles(ROOT, page).filter(({ path }) => !isAmong(endings, path));
    });
    expect(readmes.length).toBeGreaterThan(20);
    expect(missing.map(told)).toEqual([]);
  });

  it('mention npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const mentions = pages.flatMap((page) => mentionedScripts(ROOT, page));
    expect(mentions.length).toBeGreaterThan(10);
    expect(mentions.filter(({ path }) => !(path in scripts)).map(told)).toEqual([]);
  });
});
