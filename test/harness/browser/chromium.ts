import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describeWith, findOnPath } from '../needs';

/** The Chromium to use: CHROMIUM_PATH, or by default the first on the PATH. */
const executablePath =
  process.env['CHROMIUM_PATH'] ??
  ['chromium', 'chromium-browser', 'google-chrome'].map(findOnPath).find((file) => file !== undefined);

/** `describe` for tests in a browser. */
export const describeWithBrowser = describeWith({
  name: 'a browser (chromium)',
  isThere: executablePath !== undefined,
});

/** How long to wait for what a page must show: `page.setDefaultTimeout`. */
export const PATIENCE_MS = 120_000;

/** Starts a headless browser. */
export function startBrowser(): Promise<Browser> {
  // Chromium does not run as root in its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** Serves one HTML page on a separate origin. */
export interface PageServer {
  origin: string;
  stop: () => Promise<void>;
}

/** @param html called for each request */
export async function servePage(html: () => string): Promise<PageServer> {
  const server: Server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(html());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Number of pixels of each colour of a picture; the browser decodes the PNG. */
export async function coloursOf(page: Page, png: Buffer): Promise<Map<string, number>> {
  const counted: Record<string, number> = await page.evaluate(
    `(${COUNT_COLOURS})('data:image/png;base64,${png.toString('base64')}')`,
  );
  return new Map(Object.entries(counted));
}

/** Runs in the page, whose types are not available here. */
const COUNT_COLOURS = `async (url) => {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const counted = {};
  for (const pixel of pixels) counted[pixel] = (counted[pixel] ?? 0) + 1;
  return counted;
}`;
