import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startServer, stop, withBenchHome } from './bench-server';
import { DAY_MS, QUARTER_MS, YEAR } from './bench-app';
import { summarise, type Figure } from './figures';

const LOGIN = { email: 'toy-user@flexmeasures.io', password: 'toy-password' };
const RUNS = 7;
const WAIT_MS = 60_000;

/** Ids of the demo building and of its consumption. */
export const SITE = 1;
export const CONSUMPTION = 2;

/** A year that has no other data. */
const YEAR_START = Date.parse('2021-01-01T00:00Z');

/** A server with the demo building, and a browser that is logged in. */
export interface State {
  cookies: { name: string; value: string; url: string }[];
  browser: Browser;
  url: string;
}

/** The web pages of the demo building, in a real browser with an empty cache: time to usable, and scripts. */
export const benchWeb = (): Promise<Figure[]> =>
  withWebBench(async (state) => {
    await postYear(state.url);
    return benchPages(state);
  });

/** Runs `work` with a server of its own that has the demo building, and with a browser. */
export function withWebBench<T>(work: (state: State) => Promise<T>): Promise<T> {
  const commands = [['add', 'toy-account', '--kind', 'building']];
  return withBenchHome(commands, async (home, env) => {
    const server = await startServer(home, env);
    const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
    try {
      const cookies = await logIn(browser, server.url);
      return await work({ browser, url: server.url, cookies });
    } finally {
      await browser.close();
      await stop(server);
    }
  });
}

/** The table of types, what needs attention, and markers that can be clicked. */
const USABLE_DASHBOARD = [
  ...['body:has([data-part="types"] tbody tr)', ':has([data-part="attention"] :is(li, .state))'],
  ':has(fm-map :is(.map-marker, .marker-cluster))',
].join('');

async function benchPages(state: State): Promise<Figure[]> {
  const chart = 'fm-chart[data-state="ready"]';
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const week = `first=${day(Date.now() - 6 * DAY_MS)}&last=${day(Date.now())}`;
  const year = `first=${day(YEAR_START)}&last=${day(YEAR_START + (YEAR - 1) * QUARTER_MS)}`;
  return [
    await load('dashboard', '/dashboard', USABLE_DASHBOARD, state),
    await load('dashboard with the outlines of its map', '/dashboard', 'fm-map[data-state="ready"]', state),
    await load('list of assets', '/assets', 'tbody tr', state),
    await load('list of sensors', `/assets/${SITE}/sensors`, 'tbody tr', state),
    await load('graphs of a week', `/assets/${SITE}?${week}`, chart, state),
    await load(
      'energy balance of three days',
      `/assets/${SITE}/balance`,
      'fm-balance[data-state="ready"]',
      state,
    ),
    await load('a year in steps of 15 minutes', `/sensors/${CONSUMPTION}?${year}`, chart, state),
    await benchZoom(`/sensors/${CONSUMPTION}?${year}`, state),
  ];
}

/** The time from the request until an element is there, each time with an empty cache. */
async function load(name: string, path: string, selector: string, state: State): Promise<Figure> {
  const times: number[] = [];
  let scripts = 0;
  for (let run = 0; run < RUNS + 1; run++) {
    const page = await openPage(state);
    await page.addInitScript(recordTimeOf(selector));
    await page.goto(path, { waitUntil: 'commit' });
    await page.waitForSelector('html[data-usable-at]', { state: 'attached' });
    const elapsed = Number(await page.getAttribute('html', 'data-usable-at'));
    scripts = await page.evaluate<number>(SCRIPT_BYTES);
    // The first run warms up the server.
    if (run > 0) times.push(elapsed);
    await page.context().close();
  }
  return summarise(name, times, `${Math.round(scripts / 1000)} kB of scripts`);
}

/** A script that keeps when an element that matches is there. The page itself looks, so that questions from here take no time. */
const recordTimeOf = (selector: string): string => `{
  const observer = new MutationObserver(() => {
    if (!document.querySelector(${JSON.stringify(selector)})) return;
    observer.disconnect();
    document.documentElement.dataset.usableAt = performance.now();
  });
  observer.observe(document, { attributes: true, childList: true, subtree: true });
}`;

/** Bytes of scripts, as they were sent. */
const SCRIPT_BYTES = `performance.getEntriesByType('resource')
  .filter(({ name }) => /\\.js(\\?|$)/.test(name)).reduce((sum, { transferSize }) => sum + transferSize, 0)`;

/** How long the page works on a zoom of charts with a year, up to the next frame. */
async function benchZoom(path: string, state: State): Promise<Figure> {
  const page = await openPage(state);
  await page.goto(path);
  await page.waitForSelector('fm-chart[data-state="ready"]');
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    times.push(await page.evaluate<number>(ZOOM));
    await page.waitForTimeout(500);
  }
  await page.context().close();
  return summarise('redraw after a zoom', times);
}

const ZOOM = `new Promise((done) => {
  const start = performance.now();
  document.querySelector('[aria-label="Zoom in"]').click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})`;

export async function openPage({ browser, url, cookies }: State): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 } });
  await context.addCookies(cookies);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  return page;
}

async function logIn(browser: Browser, url: string): Promise<State['cookies']> {
  const page = await openPage({ browser, url, cookies: [] });
  await page.goto('/login');
  await page.fill('[name=email]', LOGIN.email);
  await page.fill('[name=password]', LOGIN.password);
  await page.click('main form button');
  await page.waitForURL((address) => !address.pathname.startsWith('/login'));
  const cookies = await page.context().cookies();
  await page.context().close();
  return cookies.map(({ name, value }) => ({ name, value, url }));
}

/** A year of 15-minute values. */
async function postYear(url: string): Promise<void> {
  const send = async (path: string, body: unknown, token?: string): Promise<unknown> => {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: token }) };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { auth_token: token } = (await send('/api/requestAuthToken', LOGIN)) as { auth_token: string };
  const values = Array.from({ length: YEAR }, (_, i) => Math.round(1000 * (1 + Math.sin(i / 30))) / 1000);
  const period = { start: new Date(YEAR_START).toISOString(), duration: `PT${YEAR / 4}H` };
  await send('/api/v3_0/sensors/data', { sensor: CONSUMPTION, unit: 'kW', ...period, values }, token);
}

/** @throws Error without a browser */
function findChromium(): string {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('There is no Chromium on the PATH. Set CHROMIUM_PATH.');
  return found;
}
