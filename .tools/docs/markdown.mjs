import { posix } from 'node:path';

/** Links to other servers, to parts of the page, and to this server. */
const OUTSIDE = /^(?:[a-z]+:|#|\/)/;

/**
 * Adds to markdown-it what the pages of the documentation need: ids of headings, links between pages, tables that scroll, and
 * the text of each section for the search.
 *
 * @param find the page at a path from the root of the repository
 * @param sections gets the sections of each page, by its source
 */
export function extendMarkdown(markdown, find, sections) {
  markdown.set({ html: false, linkify: false });
  // Eleventy switches off blocks of code that are only indented.
  markdown.enable('code');
  markdown.core.ruler.push('sections', ({ tokens, env }) => {
    sections.set(sourceOf(env), nameSections(tokens));
  });
  const { rules } = markdown.renderer;
  const render = (tokens, index, options, _env, self) => self.renderToken(tokens, index, options);
  rules.link_open = (tokens, index, options, env, self) => {
    const link = resolveLink(tokens[index].attrGet('href'), sourceOf(env), find);
    if (link === undefined) tokens[index].tag = linkEnd(tokens, index).tag = 'span';
    tokens[index].attrs = link === undefined ? [] : [['href', link]];
    return render(tokens, index, options, env, self);
  };
  rules.image = (tokens, index, options, env, self) => {
    tokens[index].attrSet('class', 'img-fluid');
    tokens[index].attrSet('alt', self.renderInlineAsText(tokens[index].children, options, env));
    return self.renderToken(tokens, index, options);
  };
  rules.table_open = () => '<div class="table-scroll" tabindex="0"><table class="table docs-table">\n';
  // The security policy allows no styles in pages.
  for (const rule of ['th_open', 'td_open']) {
    rules[rule] = (tokens, index) => {
      const [, side] = /text-align:(\w+)/.exec(tokens[index].attrGet('style') ?? '') ?? [];
      return `<${tokens[index].tag}${side ? ` class="align-${side}"` : ''}>`;
    };
  }
  rules.table_close = () => '</table></div>\n';
  for (const rule of ['fence', 'code_block']) {
    rules[rule] = (tokens, index) => {
      const text = markdown.utils.escapeHtml(tokens[index].content);
      return `<div class="docs-code"><pre tabindex="0"><code>${text}</code></pre></div>\n`;
    };
  }
}

/** Eleventy puts `./` before paths. */
const sourceOf = (env) => env.source ?? posix.normalize(env.page.inputPath);

/** The address of a link in the site; undefined for files of the repository that the site does not have. */
function resolveLink(target, source, find) {
  if (OUTSIDE.test(target)) return target;
  const [path, heading] = target.split('#');
  const page = find(posix.join(posix.dirname(source), path).replace(/\/$/, ''));
  return page && page.url + (heading === undefined ? '' : `#${heading}`);
}

function linkEnd(tokens, index) {
  let depth = 0;
  return tokens.slice(index).find(({ type }) => {
    if (type === 'link_open') depth++;
    return type === 'link_close' && --depth === 0;
  });
}

/** Gives headings their ids. @returns sections with level, id, title and text */
function nameSections(tokens) {
  const found = [];
  const ids = new Set();
  tokens.forEach((token, index) => {
    if (token.type === 'heading_open') {
      const title = plainText(tokens[index + 1]);
      const id = uniqueId(idOf(tokens[index + 1].content), ids);
      token.attrSet('id', id);
      found.push({ level: Number(token.tag.slice(1)), id, title, text: '' });
    } else if (found.length > 0 && tokens[index - 1]?.type !== 'heading_open') {
      if (token.type === 'inline') found.at(-1).text += `${plainText(token)}\n`;
      if (['fence', 'code_block'].includes(token.type)) found.at(-1).text += `${token.content}\n`;
    }
  });
  return found;
}

/** The ids that Git servers give headings, so that links work in both places. */
const idOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

function uniqueId(id, ids) {
  let unique = id;
  for (let number = 1; ids.has(unique); number++) unique = `${id}-${number}`;
  ids.add(unique);
  return unique;
}

const plainText = ({ children }) =>
  children.map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
