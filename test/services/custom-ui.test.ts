import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { DAY, startScene, type Scene } from '../harness/scenes/api-scene';
import {
  coloursOf,
  describeWithBrowser,
  PATIENCE_MS,
  servePage,
  startBrowser,
  type PageServer,
} from '../harness/browser/chromium';

const HTML = readFileSync(join(__dirname, '..', 'e2e', 'custom-ui', 'index.html'), 'utf8');
const NEXT_DAY = '2026-03-05';

describeWithBrowser('the custom user interface, in a browser', () => {
  let scene: Scene;
  let pages: PageServer;
  let browser: Browser;
  let page: Page;
  /** Errors and warnings of the browser, and the URLs that it requested. */
  const complaints: string[] = [];
  const origins = new Set<string>();

  beforeAll(async () => {
    pages = await servePage(() => HTML.replaceAll('{{server}}', scene.api.url));
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
    page.on('request', (request) => origins.add(new URL(request.url()).origin));
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
    await pages.stop();
  });

  const settled = (state: string) => page.waitForSelector(`body[data-state="${state}"]`);
  const rowsOf = (table: string): Promise<string[][]> =>
    page.evaluate(
      `Array.from(document.querySelectorAll('${table} tbody tr'), (row) => Array.from(row.cells, (cell) => cell.textContent))`,
    );
  const logIn = async (password: string) => {
    await page.fill('[name=email]', 'toy-user@flexmeasures.io');
    await page.fill('[name=password]', password);
    await page.click('#login button');
  };
  /** Number of pixels of a chart that have neither the background colour nor a shade of grey. */
  const colouredPixels = async (chart: string): Promise<number> => {
    const colours = await coloursOf(page, await page.locator(chart).screenshot());
    let coloured = 0;
    for (const [pixel, count] of colours) {
      const [red, green, blue] = [0, 8, 16].map((shift) => (Number(pixel) >>> shift) & 255) as [
        number,
        number,
        number,
      ];
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) coloured += count;
    }
    return coloured;
  };

  it('reports a failed login', async () => {
    await page.goto(pages.origin);
    await logIn('wrong');
    await settled('failed');
    expect(await page.textContent('#problem')).toContain('could not be properly authenticated');
    expect(await rowsOf('#assetTable')).toEqual([]);
    complaints.splice(0);
  });

  it('logs in, and shows users and assets of the account', async () => {
    await page.goto(pages.origin);
    await page.fill('[name=start]', DAY);
    await page.fill('[name=end]', NEXT_DAY);
    await logIn('toy-password');
    await settled('done');
    expect(await page.textContent('#user_email')).toBe('toy-user@flexmeasures.io');
    expect(await page.textContent('#user_timezone')).toBe('Europe/Amsterdam');
    expect(await rowsOf('#userTable')).toContainEqual([
      'toy-user',
      'toy-user@flexmeasures.io',
      'Europe/Amsterdam',
    ]);
    expect((await rowsOf('#assetTable')).toSorted()).toEqual([
      ['toy-battery', '3', '52.374', '4.88969'],
      ['toy-building', '2', '52.374', '4.88969'],
      ['toy-solar', '1', '52.374', '4.88969'],
    ]);
  });

  it('draws prices and the schedule in the width of the page', async () => {
    for (const chart of ['#sensor-chart', '#asset-chart']) {
      expect(await colouredPixels(`${chart} canvas`)).toBeGreaterThan(1000);
      const { width } = (await page.locator(`${chart} canvas`).boundingBox())!;
      expect(width).toBeGreaterThan(800);
      expect(width).toBeLessThanOrEqual(1000);
    }
    if (process.env['SCREENSHOT'] !== undefined)
      await page.screenshot({ path: process.env['SCREENSHOT'], fullPage: true });
  });

  it('draws another period on request', async () => {
    const before = await colouredPixels('#sensor-chart canvas');
    await page.fill('[name=start]', '2030-01-01');
    await page.fill('[name=end]', '2030-01-02');
    await page.click('#window button');
    await settled('done');
    expect(await colouredPixels('#sensor-chart canvas')).toBeLessThan(before / 10);
    // Vega logs a warning if there is no data.
    expect(complaints.splice(0).filter((complaint) => !complaint.includes('Infinite extent'))).toEqual([]);
    await page.fill('[name=start]', DAY);
    await page.fill('[name=end]', NEXT_DAY);
    await page.click('#window button');
    await settled('done');
    expect(await colouredPixels('#sensor-chart canvas')).toBe(before);
  });

  it('shows the value of a bar under the pointer', async () => {
    const canvas = (await page.locator('#sensor-chart canvas').boundingBox())!;
    await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + 250);
    const tooltip = page.locator('#vg-tooltip-element.visible');
    await tooltip.waitFor();
    expect(await tooltip.innerText()).toMatch(/Day ahead prices[^]*EUR\/MWh[^]*admin \(ID: \d+\)/);
  });

  it('requests only the page and the API, without errors or warnings', () => {
    expect([...origins].filter((origin) => origin !== 'null').toSorted()).toEqual(
      [pages.origin, scene.api.url].toSorted(),
    );
    expect(complaints).toEqual([]);
  });
});
