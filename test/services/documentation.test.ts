import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { openWalk, type Walk } from '../harness/browser/walk';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import { startApiHere, type Api } from '../harness/servers/api';

const ROOT = join(__dirname, '..', '..');
const SITE = join(ROOT, 'dist', 'documentation');

/** The address of a page, by its file. */
const addressOf = (file: string) =>
  `/documentation/${file.replace(/(?:^|\/)index\.html$/, '').replace(/\.html$/, '')}`.replace(/\/$/, '');

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

describeWithBrowser('The documentation', () => {
  let database: TestDatabase;
  let api: Api;
  let browser: Browser;
  let walk: Walk;
  let pages: Map<string, string>;

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, '.tools', 'docs.mjs')], { cwd: ROOT });
    const files = readdirSync(SITE, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
    pages = new Map(
      files
        .filter((file) => file.endsWith('.html'))
        .map((file) => [addressOf(file), readFileSync(join(SITE, file), 'utf8')]),
    );
    database = await createTestDatabase();
    [api, browser] = await Promise.all([startApiHere(database.uri), startBrowser()]);
    walk = await openWalk(browser, api.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterAll(async () => {
    await browser.close();
    await api.stop();
    await database.drop();
  });

  it('has links that lead to pages and headings that exist', () => {
    const dead = [...pages].flatMap(([page, html]) =>
      all(html, /<a href="([^"]+)"/g)
        .filter((link) => link.startsWith('#') || link.startsWith('/documentation'))
        .filter((link) => {
          const [path, id] = link.split('#');
          const target = pages.get(path === '' ? page : path!);
          return target === undefined || (id !== undefined && !target.includes(` id="${id}"`));
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(pages.size).toBeGreaterThan(60);
    expect(dead).toEqual([]);
  });

  it('loads only files that the build has made, and has no scripts or styles inside of pages', () => {
    const files = new Set(
      [...pages.values()].flatMap((html) => all(html, /(?:src|href)="(\/static\/[^"]+)"/g)),
    );
    expect(
      [...files].filter(
        (file) =>
          !existsSync(join(ROOT, 'dist', file.slice('/static/'.length).replace('web/', 'web/files/'))),
      ),
    ).toEqual([]);
    expect(
      [...pages].filter(([, html]) => /<style|\sstyle="|\son\w+="|<script(?![^>]*\ssrc=)/.test(html)),
    ).toEqual([]);
  });

  it('describes every operation of the contract and every command', () => {
    const { paths } = JSON.parse(
      readFileSync(join(ROOT, 'openapi', 'generated', 'openapi.json'), 'utf8'),
    ) as {
      paths: Record<string, object>;
    };
    const reference = pages.get('/documentation/api/v3_0')!;
    expect(Object.keys(paths).filter((path) => !reference.includes(`${path}</h3>`))).toEqual([]);
    const commands = all(pages.get('/documentation/commands')!, /<h3[^>]*>([^<]+)/g);
    expect(commands).toEqual(
      expect.arrayContaining(['add schedule for-storage', 'db-ops dump', 'jobs run-worker']),
    );
  });

  it('is linked from the pages of the server, and says which page does not exist', async () => {
    const { page } = walk;
    await page.goto('/login');
    await page.click('footer >> text=Documentation');
    expect(await page.title()).toContain('FlexMeasures for Node');
    const { status } = await api.request('GET', '/documentation/no-such-page');
    expect(status).toBe(404);
  });

  it('shows the picture of the data model', async () => {
    const { page } = walk;
    await page.goto('/documentation/data-model');
    const picture = page.locator('img[src="data-model.svg"]');
    await picture.scrollIntoViewIfNeeded();
    const width = await picture.evaluate(
      (image) => (image as unknown as { naturalWidth: number }).naturalWidth,
    );
    expect(width).toBeGreaterThan(1000);
  });

  it.each([
    ['start', '/documentation'],
    ['commands', '/documentation/commands'],
    ['api', '/documentation/api/v1'],
    ['settings', '/documentation/configuration'],
  ])('shows the page %s accessibly, in light and dark, from phones to wide screens', async (name, path) => {
    await walk.page.goto(path);
    expect(await walk.inspect(`docs-${name}`)).toEqual([]);
  });

  it('finds pages by words, with the keyboard', async () => {
    const { page } = walk;
    await page.goto('/documentation');
    await page.keyboard.press('/');
    await page.keyboard.type('roundtrip effic');
    await page.waitForSelector('.docs-results a');
    if (process.env['SCREENSHOTS'])
      await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'docs-search.png') });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/documentation\/.+/);
    expect(await page.innerText('main')).toMatch(/roundtrip.efficiency/i);
    await page.fill('#docs-query', 'qqqqqq');
    await page.waitForSelector('text=Nothing found for "qqqqqq".');
  });

  it('copies examples of code', async () => {
    const { page } = walk;
    await page.goto('/documentation/commands');
    const example = page.locator('.docs-code').first();
    await example.locator('button').click();
    // The browser writes to the clipboard before the button says so.
    await example.locator('button', { hasText: /^Copied$/ }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      await example.locator('code').textContent(),
    );
  });

  it('asks no other server, and has no errors', () => {
    expect(walk.complaints).toEqual([]);
  });
});
