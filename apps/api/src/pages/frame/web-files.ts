import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { NextFunction, Request, Response } from 'express';
import type { PageSettings } from '#lib/config';
import { colourSheet, COLOURS_PATH } from './account-colours';
import { readBuiltWeb, webFilePath, WEB_FILES_PATH } from './built-web';
import { CUSTOM_CSS, CUSTOM_LOGO, findCustomFile } from './custom-files';

/** A name of a file contains a hash of its content, so browsers need not ask again. */
const FOREVER = 'public, max-age=31536000, immutable';
const A_DAY = 'public, max-age=86400';

const NAME = /^[\w-]+\.(?:js|css|svg|png|json|woff2)$/;
const ENDINGS = { br: '.br', gzip: '.gz' } as const;

/** Serves the files that pages load: those of the build, colours, and those that settings name. */
export const webFiles =
  (settings: PageSettings) => (request: Request, response: Response, next: NextFunction) => {
    const [path = ''] = request.originalUrl.split('?');
    if (!['GET', 'HEAD'].includes(request.method)) next();
    else if (path.startsWith(`${WEB_FILES_PATH}/`))
      sendBuilt(path.slice(WEB_FILES_PATH.length + 1), request, response, next);
    else if (path.startsWith(`${COLOURS_PATH}/`))
      sendColours(path.slice(COLOURS_PATH.length + 1), response, next);
    else if (path === ELEMENTS_PATH) sendElements(response);
    else sendCustom(path === CUSTOM_LOGO ? settings.menuLogo : settings.extraCss, response, next);
  };

/** Path of the script that pages of other servers load to use the elements (docs/embedding.md). */
const ELEMENTS_PATH = '/static/elements.js';

/** Pages of any server may load what is the same for everybody. */
const FOR_ALL = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };

/** Paths that `webFiles` serves. */
export const WEB_FILE_ROUTES = [
  ELEMENTS_PATH,
  `${WEB_FILES_PATH}/*file`,
  `${COLOURS_PATH}/*file`,
  CUSTOM_LOGO,
  CUSTOM_CSS,
];

function sendBuilt(name: string, request: Request, response: Response, next: NextFunction): void {
  const { files } = readBuiltWeb();
  if (!NAME.test(name) || !existsSync(join(files, name))) {
    next();
    return;
  }
  response.set({ 'Cache-Control': FOREVER, Vary: 'Accept-Encoding', ...FOR_ALL }).type(extname(name));
  const encoding = request.acceptsEncodings('br', 'gzip') as keyof typeof ENDINGS | false;
  const ending = encoding === false ? '' : ENDINGS[encoding];
  const isCompressed = ending !== '' && existsSync(join(files, name + ending));
  if (isCompressed) response.set('Content-Encoding', encoding as string);
  response.sendFile(name + (isCompressed ? ending : ''), { root: files, cacheControl: false }, (error) => {
    // A browser that goes to another page stops loading this one.
    const isAborted = error && 'code' in error && error.code === 'ECONNABORTED';
    if (error && !isAborted && !response.headersSent) next(error);
  });
}

/** Loads the script of the elements, whose name changes with its content, and its styles. */
function sendElements(response: Response): void {
  const script = [
    `import { defineElements } from '${webFilePath('embed.js')}';`,
    `const addressOf = (path) => new URL(path, import.meta.url).href;`,
    `const land = addressOf('${webFilePath('countries-110m.json')}');`,
    `const fineLand = addressOf('${webFilePath('countries-50m.json')}');`,
    `defineElements({ land, fineLand, styles: addressOf('${webFilePath('map.css')}') });`,
    `const link = document.createElement('link');`,
    `link.rel = 'stylesheet';`,
    `link.href = addressOf('${webFilePath('embed.css')}');`,
    `document.head.append(link);`,
  ];
  response
    .set({ 'Cache-Control': 'no-cache', ...FOR_ALL })
    .type('js')
    .send(`${script.join('\n')}\n`);
}

function sendColours(name: string, response: Response, next: NextFunction): void {
  const sheet = colourSheet(name);
  if (sheet === undefined) next();
  else response.set('Cache-Control', FOREVER).type('css').send(sheet);
}

function sendCustom(setting: string, response: Response, next: NextFunction): void {
  const file = findCustomFile(setting);
  if (file === undefined) next();
  else response.set('Cache-Control', A_DAY).sendFile(file, { cacheControl: false, dotfiles: 'allow' });
}
