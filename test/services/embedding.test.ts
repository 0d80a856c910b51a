import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  coloursOf,
  describeWithBrowser,
  PATIENCE_MS,
  servePage,
  startBrowser,
  type PageServer,
} from '../harness/browser/chromium';
import { startScene, type Scene } from '../harness/scenes/api-scene';

/** The page of the documentation. */
const DOCS = readFileSync(join(__dirname, '..', '..', 'docs', 'embedding.md'), 'utf8');
const HTML = /```html\n([\s\S]*?)```/.exec(DOCS)![1]!;

/** A policy that allows only what the documentation says. */
const policy = (server: string): string =>
  `default-src 'self'; script-src ${server}; style-src ${server}; connect-src ${server}; img-src ${server}`;

describeWithBrowser('Elements on a page of another server', () => {
  let scene: Scene;
  let pages: PageServer;
  let browser: Browser;
  let page: Page;
  let token = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    pages = await servePage(
      () =>
        `<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${policy(scene.api.url)}">` +
        `<title>Our site</title></head><body><h1>Our site</h1>` +
        `${HTML.replaceAll('https://flexmeasures.example', scene.api.url).replaceAll('THE-TOKEN', token)}</body></html>`,
    );
    [scene, browser] = await Promise.all([
      startScene({ CORS_ORIGINS: `['${pages.origin}']` }),
      startBrowser(),
    ]);
    page = await browser.newPage({ viewport: { width: 1000, height: 1400 }, timezoneId: 'Europe/Amsterdam' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
    await pages.stop();
  });

  it('draw the charts of an asset and of a sensor, and the energy balance, with one script tag and a token', async () => {
    token = scene.tokenOf('accountAdmin');
    await page.goto(pages.origin);
    await page.waitForSelector('fm-chart[asset] fm-panels[data-state="ready"]');
    await page.waitForSelector('fm-flows[data-state="ready"]');
    expect(await page.locator('fm-chart[asset] .chart-heading h2').allInnerTexts()).toEqual([
      expect.stringContaining('Day ahead prices'),
      expect.stringContaining('discharging (MW)'),
    ]);
    const empty = await browser.newPage();
    const colours = await coloursOf(
      empty,
      await page.locator('fm-chart[asset] .chart-plot').first().screenshot(),
    );
    await empty.close();
    const coloured = [...colours].reduce((sum, [key, count]) => {
      const channels = [0, 8, 16].map((shift) => (Number(key) >> shift) & 255);
      return Math.max(...channels) - Math.min(...channels) > 60 ? sum + count : sum;
    }, 0);
    expect(coloured).toBeGreaterThan(200);
    // Nobody measured the battery.
    expect(await page.locator('fm-flows [role=status]').innerText()).toBe(
      'Nothing of this period is measured or planned.',
    );
    // Asset 3 is on a map, with its name in the popup.
    await page.waitForSelector('fm-map fm-places[data-state="ready"]');
    await page.evaluate(
      "document.addEventListener('fm-asset', ({ detail }) => (document.body.dataset.chosen = detail.name))",
    );
    await page.locator('fm-map .map-marker').click();
    const popup = page.locator('fm-map .map-popup');
    await popup.locator('text=toy-battery').first().waitFor();
    expect(await popup.innerText()).toMatch(/toy-battery\s+battery, Toy Account\s+Graphs of toy-battery/);
    expect(await page.evaluate('document.body.dataset.chosen')).toBe('toy-battery');
    // The page keeps its own address and its own look.
    expect(page.url()).toBe(`${pages.origin}/`);
    const fontOfTitle = "getComputedStyle(document.querySelector('h1')).fontFamily";
    expect(await page.evaluate<string>(fontOfTitle)).not.toContain('system-ui');
    expect(complaints).toEqual([]);
  });

  it('say that a token is not valid', async () => {
    token = 'wrong';
    await page.goto(pages.origin);
    await page.waitForSelector('fm-chart[asset][data-state="failed"]');
    await page.waitForSelector('fm-map[data-state="failed"]');
    expect(await page.locator('fm-chart[asset] [role=alert]').innerText()).toContain('Log in again');
  });
});
