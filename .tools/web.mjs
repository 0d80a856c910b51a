import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Files that browsers load, by the name under which templates ask for them. */
const ENTRIES = {
  page: 'elements/page.ts',
  chart: 'elements/chart.ts',
  site: 'styles/site.css',
  icons: 'styles/icons.css',
};

/** Scripts that run before the page is drawn, so not as modules. */
const EARLY = { theme: 'elements/theme.ts' };

/** What gets smaller by compression; fonts and pictures are compressed already. */
const COMPRESSED = ['.js', '.css', '.svg', '.json'];

/**
 * Bundles everything that a browser gets: scripts, styles, fonts and pictures, under names with a hash of their content, each
 * also compressed. `manifest.json` has the name of each file by the name of its entry.
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
      entryPoints: Object.entries(entries).map(([out, file]) => ({ in: join(source, file), out })),
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
    await bundle(EARLY, { format: 'iife' }),
    await bundle(imagesIn(source), { loader: { '.svg': 'copy' } }),
  ];
  const manifest = Object.fromEntries(outputs.flatMap(({ metafile }) => namedOutputs(metafile, source)));
  writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest, undefined, 2));
  for (const name of readdirSync(files)) compress(join(files, name));
  cpSync(join(source, 'templates'), join(target, 'templates'), { recursive: true });
}

/** The pictures of a folder, by their names. */
function imagesIn(source) {
  const folder = join(source, 'images');
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder).map((name) => [basename(name, extname(name)), join('images', name)]),
  );
}

/** The outputs of entries: [name and ending, hashed name]. */
const namedOutputs = (metafile, source) =>
  Object.entries(metafile.outputs)
    .filter(([, { entryPoint }]) => entryPoint !== undefined && entryPoint.includes(basename(source)))
    .map(([output]) => {
      const file = basename(output);
      return [file.replace(/-[A-Z0-9]{8}(?=\.)/, ''), file];
    });

function compress(file) {
  if (!COMPRESSED.includes(extname(file))) return;
  const bytes = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
}
