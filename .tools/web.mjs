import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Files that browsers load, by the name under which templates ask for them. */
const ENTRIES = {
  balance: 'elements/balance.ts',
  chart: 'elements/chart.ts',
  embed: 'elements/embed.ts',
  live: 'elements/live.ts',
  flexibility: 'elements/flexibility.ts',
  documentation: 'elements/documentation.ts',
  site: 'styles/site.css',
};

/** Styles of some pages; bundled apart, because scripts and styles of one name would be one bundle. */
const STYLES_OF_SOME = {
  map: 'styles/map.css',
  embed: 'styles/embed.css',
  documentation: 'styles/documentation.css',
  teaser: 'styles/teaser.css',
};

/** Outlines of countries for maps, from Natural Earth: coarse and fine ones. */
const LANDS = ['world-atlas/countries-110m.json', 'world-atlas/countries-50m.json'];

/** Libraries for pages of others, which are served as they are. */
const LIBRARIES = [
  'vega/build/vega.min.js',
  'vega-lite/build/vega-lite.min.js',
  'vega-embed/build/vega-embed.min.js',
  'vega-interpreter/build/vega-interpreter.min.js',
];

/** What many pages load: each in one file, although others have some of its parts as well. */
const WHOLE = { page: 'elements/page.ts', map: 'elements/map.ts' };

/** Scripts that run before the page is drawn, so not as modules. */
const EARLY = { theme: 'elements/theme.ts' };

/** What gets smaller by compression; fonts and pictures are compressed already. */
const COMPRESSED = ['.js', '.css', '.svg', '.json'];

/**
 * Bundles everything that a browser gets: scripts, styles, fonts and pictures, under names with a hash of their content, each
 * also compressed. `manifest.json` has the name of each file by the name of its entry, `parts.json` those of
 * what a script imports. The folder `libraries` has the libraries.
 *
 * @param source folder apps/web
 * @param target folder `web` of the build
 */
export async function bundleWeb(source, target) {
  const { build } = await import('esbuild');
  const files = join(target, 'files');
  mkdirSync(files, { recursive: true });
  const bundle = (entries, options) =>
    build({
      entryPoints: Object.entries(entries).map(([out, file]) => ({ in: resolve(source, file), out })),
      outdir: files,
      ...{ bundle: true, minify: true, metafile: true, legalComments: 'none', logLevel: 'warning' },
      ...{
        target: 'es2022',
        entryNames: '[name]-[hash]',
        chunkNames: 'part-[hash]',
        assetNames: '[name]-[hash]',
      },
      loader: Object.fromEntries(['.woff2', '.svg', '.png'].map((ending) => [ending, 'file'])),
      ...options,
    });
  const outputs = [
    await bundle(ENTRIES, { format: 'esm', splitting: true }),
    await bundle(WHOLE, { format: 'esm' }),
    await bundle(EARLY, { format: 'iife' }),
    await bundle(STYLES_OF_SOME, {}),
    await bundle(copiedFiles(source), { loader: { '.svg': 'copy', '.json': 'copy' } }),
  ];
  const manifest = Object.fromEntries(outputs.flatMap(({ metafile }) => namedOutputs(metafile)));
  writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest, undefined, 2));
  const parts = Object.fromEntries(outputs.flatMap(({ metafile }) => importedParts(metafile)));
  writeFileSync(join(target, 'parts.json'), JSON.stringify(parts, undefined, 2));
  for (const name of readdirSync(files)) compress(join(files, name));
  for (const file of LIBRARIES)
    cpSync(resolve(source, '..', '..', 'node_modules', file), join(target, 'libraries', basename(file)));
  cpSync(join(source, 'templates'), join(target, 'templates'), { recursive: true });
}

/** Files that stay as they are, by their names: pictures, and the outlines of countries. */
function copiedFiles(source) {
  const images = readdirSync(join(source, 'images')).map((name) => join(source, 'images', name));
  const { resolve: find } = createRequire(import.meta.url);
  const files = [...images, ...LANDS.map((land) => find(land))];
  return Object.fromEntries(files.map((file) => [basename(file, extname(file)), file]));
}

/** The outputs of entries: [name and ending, hashed name]. */
const namedOutputs = (metafile) =>
  Object.entries(metafile.outputs)
    .filter(([, { entryPoint }]) => entryPoint !== undefined)
    .map(([output]) => {
      const file = basename(output);
      return [file.replace(/-[A-Z0-9]{8}(?=\.)/, ''), file];
    });

/** The parts that scripts import before they run: [name of the script, hashed names]. */
const importedParts = (metafile) =>
  namedOutputs(metafile).flatMap(([name, file]) => {
    const output = Object.keys(metafile.outputs).find((one) => basename(one) === file);
    const parts = partsOf(metafile, output);
    return parts.length > 0 ? [[name, parts.map((part) => basename(part))]] : [];
  });

function partsOf({ outputs }, output, found = new Set()) {
  for (const { path, kind } of outputs[output].imports)
    if (kind === 'import-statement' && path in outputs && !found.has(path)) {
      found.add(path);
      partsOf({ outputs }, path, found);
    }
  return [...found];
}

function compress(file) {
  if (!COMPRESSED.includes(extname(file))) return;
  const bytes = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
}
