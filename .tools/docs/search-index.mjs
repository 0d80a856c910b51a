import MiniSearch from 'minisearch';

/** Options of the index; the page that searches needs the same ones, so they are in the file. */
const OPTIONS = {
  idField: 'url',
  fields: ['title', 'page', 'text'],
  storeFields: ['title', 'page', 'excerpt'],
};

/** Characters of a section that results show. */
const EXCERPT = 160;

/**
 * The search index as JSON: an entry per section of a page.
 * @param pages of the site, by their sources
 * @param sections of the pages, by their sources
 */
export function searchIndex(pages, sections) {
  const index = new MiniSearch(OPTIONS);
  for (const [source, page] of pages) {
    index.addAll(
      sections.get(source).map(({ id, title, text }, position) => ({
        url: position === 0 ? page.url : `${page.url}#${id}`,
        page: page.title,
        ...{ title, text },
        excerpt: text.replace(/\s+/g, ' ').slice(0, EXCERPT),
      })),
    );
  }
  return JSON.stringify({ options: OPTIONS, index });
}
