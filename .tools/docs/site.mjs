import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addGenerated } from './generated.mjs';
import { extendMarkdown } from './markdown.mjs';
import { BASE, readContents } from './pages.mjs';
import { searchIndex } from './search-index.mjs';

const FILES = '/static/web';
const HERE = dirname(fileURLToPath(import.meta.url));

/**
 * Builds the site of the documentation from docs/ and the READMEs of the code.
 *
 * @param root of the project, which must be built and be the working directory
 * @param target folder of the site
 */
export async function buildSite(root, target) {
  const { default: Eleventy } = await import('@11ty/eleventy');
  const contents = readContents();
  const sections = new Map();
  // By a rename, so that a server never has a part of the site.
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const site = new Eleventy('docs', relative(root, fresh), {
    ...{ quietMode: true, configPath: false },
    config: (config) => configure(config, root, contents, sections),
  });
  await site.write();
  writeFileSync(join(fresh, 'search.json'), searchIndex(contents.pages, sections));
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

/** Files from which the site is made, besides the compiled code. */
export const docsSources = (root) => [
  ...[...readContents().pages.keys()].map((source) => join(root, source)),
  ...['docs/contents.json', 'docs/data-model.svg', 'package.json'].map((file) => join(root, file)),
  ...[join(root, 'openapi', 'generated'), HERE].flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  ),
];

function configure(config, root, contents, sections) {
  const names = JSON.parse(readFileSync(join(root, 'dist', 'web', 'manifest.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const layouts = relative(join(root, 'docs'), HERE);
  const pageOf = (data) => contents.pages.get(data.source ?? data.page.inputPath.replace(/^\.\//, ''));
  config.setTemplateFormats('md');
  config.addPassthroughCopy('docs/**/*.svg');
  config.setUseGitIgnore(false);
  config.setLayoutsDirectory(layouts);
  config.addGlobalData('layout', 'layout.njk');
  config.addGlobalData('site', { sections: contents.sections, version, base: BASE });
  config.addGlobalData('eleventyComputed', {
    permalink: (data) => pageOf(data).file,
    entry: pageOf,
  });
  // Code in pages may look like templates.
  config.addGlobalData('templateEngineOverride', 'md');
  config.addFilter('file', (name) => `${FILES}/${names[name]}`);
  config.addFilter('onThisPage', ({ source }) =>
    (sections.get(source) ?? []).filter(({ level }) => level === 2),
  );
  config.addPreprocessor('generated', 'md', (_data, text) => addGenerated(text, root));
  config.amendLibrary('md', (markdown) => extendMarkdown(markdown, contents.find, sections));
  for (const { source, text } of contents.pages.values())
    if (!source.startsWith('docs/'))
      config.addTemplate(`code-${source.replaceAll('/', '-')}`, text, { source });
}
