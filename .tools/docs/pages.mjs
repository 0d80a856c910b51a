import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Path under which the server has the documentation. */
export const BASE = '/documentation';

/** Folders whose subfolders may each have a README about their code. */
const FOLDERS_OF_CODE = ['apps', 'libs'];
const READMES = ['README.md', 'openapi/README.md', 'test/README.md'];

/**
 * The sections of the table of contents with their pages, in their order: those of docs/contents.json, then pages that it does
 * not list, then the READMEs of the code.
 *
 * @returns sections, and `find`: the page at a path from the root of the repository, if there is one
 * @throws Error if contents.json lists a page that does not exist
 */
export function readContents() {
  const listed = JSON.parse(readFileSync(join(root, 'docs', 'contents.json'), 'utf8'));
  const sections = listed.map(({ title, pages }) => ({
    title,
    pages: pages.map((name) => pageAt(`docs/${name}`)),
  }));
  const known = new Set(sections.flatMap(({ pages }) => pages.map(({ source }) => source)));
  const others = markdownFiles('docs').filter((file) => !known.has(file));
  if (others.length > 0) sections.push({ title: 'More pages', pages: others.map(pageAt) });
  sections.push({ title: 'Code', pages: readmes().map(pageAt) });
  const pages = new Map(sections.flatMap((section) => section.pages).map((page) => [page.source, page]));
  linkNeighbours([...pages.values()]);
  return {
    sections,
    pages,
    find: (path) => pages.get(path) ?? pages.get(posix.join(path, 'README.md')),
  };
}

/** A page: its source, its title (the first heading), its address, and the name of its file in the site. */
function pageAt(source) {
  const text = readFileSync(join(root, source), 'utf8');
  const title = /^# (.+)$/m.exec(text)?.[1].replaceAll('`', '');
  if (title === undefined) throw new Error(`${source} has no heading of the first level.`);
  const place = (source.startsWith('docs/') ? source.slice('docs/'.length) : `code/${source}`)
    .replace(/\.md$/, '')
    .replace(/(^|\/)README$/, '');
  const isFolder = /(^|\/)README\.md$/.test(source);
  return {
    ...{ source, text, title },
    url: place === '' ? BASE : `${BASE}/${place}`,
    file: isFolder ? posix.join(place, 'index.html') : `${place}.html`,
  };
}

function linkNeighbours(pages) {
  pages.forEach((page, index) => {
    const [before, after] = [pages[index - 1], pages[index + 1]];
    page.previous = before && { url: before.url, title: before.title };
    page.next = after && { url: after.url, title: after.title };
  });
}

const markdownFiles = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md'))
    .sort();

const readmes = () => [
  ...READMES,
  ...FOLDERS_OF_CODE.flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => `${folder}/${name}/README.md`)
      .filter((file) => existsSync(join(root, file))),
  ),
];
