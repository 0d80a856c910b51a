import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { logInOn, openAs, openWalk } from '../harness/browser/walk';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../harness/scenes/people';
import { flexmeasures } from '../harness/servers/cli';
import { installDocumentedPlugins, type PluginFolder } from '../harness/servers/documented-plugins';
import { type ApiServer, startApi } from '../harness/servers/api';

describeWithBrowser('A plugin that was written by add plugin, in a browser', () => {
  let folder: string;
  let scene: PeopleScene<ApiServer>;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plugin-pages-'));
    await flexmeasures(['add', 'plugin', 'solar_club'], { cwd: folder });
    [scene, browser] = await Promise.all([
      startPeopleScene({ member: [1] }, { FLEXMEASURES_PLUGINS: join(folder, 'solar_club') }, startApi),
      startBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('stands in the menu and in the frame, is accessible and fits a phone', async () => {
    const walk = await openWalk(browser, scene.api.url);
    await logInOn(walk, emailOf('member'), PASSWORD);
    const { page } = walk;
    await page.click('nav >> text=Solar club');
    await page.waitForURL('**/solar-club');
    expect(await page.locator('h1').innerText()).toBe('Welcome');
    expect(await page.locator('main').innerText()).toContain('You have no assets yet.');
    expect(await page.locator('nav [aria-current="page"]').innerText()).toContain('Solar club');
    expect(await page.locator('footer').innerText()).toContain('Plugins: solar-club 0.1.0.');
    const border: string = await page.evaluate(
      "getComputedStyle(document.querySelector('h1')).borderBottomWidth",
    );
    expect(border).toBe('2px');
    expect(await walk.inspect('plugin')).toEqual([]);
    expect(walk.complaints).toEqual([]);
    await page.goto('/docs');
    await page.waitForSelector('text=List the names of assets that the user may read.');
    await walk.close();
  });
});

describeWithBrowser('The plugins of docs/plugins, in a browser', () => {
  let plugins: PluginFolder;
  let scene: PeopleScene<ApiServer>;
  let browser: Browser;

  beforeAll(async () => {
    plugins = installDocumentedPlugins(['showcase.md', 'customising.md', 'access.md']);
    plugins.write(
      'faulty/index.js',
      `const { definePlugin, view } = require('flexmeasures/plugin');
       const handle = () => { throw new Error('view secret'); };
       exports.plugin = definePlugin({ name: 'faulty', views: [view({ path: '/faulty', menu: { title: 'Faulty' }, handle })] });`,
    );
    const folders = [...plugins.names, 'faulty'].map((name) => join(plugins.folder, name));
    const env = {
      FLEXMEASURES_PLUGINS: JSON.stringify(folders),
      FLEXMEASURES_MENU_LISTED_VIEWS: '["my-page", "dashboard"]',
      SECURITY_LOGIN_USER_TEMPLATE: 'my_user_login.html',
      MY_PLUGIN_URL: 'https://example.com',
    };
    [scene, browser] = await Promise.all([
      startPeopleScene({ member: [1], stranger: [2] }, env, startApi),
      startBrowser(),
    ]);
    await scene.sql.query(
      `WITH role AS (INSERT INTO account_role (name) VALUES ('MyService-subscriber') RETURNING id)
       INSERT INTO roles_accounts (account_id, role_id) SELECT 1, id FROM role`,
    );
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
    plugins.remove();
  });

  it('show the teaser, the pages at / and /my-page, the menu, the logo, the icon, the style and the footer', async () => {
    const walk = await openWalk(browser, scene.api.url);
    const { page } = walk;
    await page.goto('/login');
    expect(await page.locator('h1', { hasText: 'Welcome to my plugin!' }).isVisible()).toBe(true);
    await logInOn(walk, emailOf('member'), PASSWORD);
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.title()).toBe('Our client dashboard - Our platform');
    expect(await page.locator('main').innerText()).toContain('I am a FlexMeasures plugin !');
    const active = page.locator('nav [aria-current="page"]');
    expect(await active.innerText()).toContain('My page');
    await page.click('nav >> text=Dashboard');
    await page.waitForURL('**/dashboard');
    await page.click('nav >> text=My page');
    await page.waitForURL('**/my-page');
    expect(await active.innerText()).toContain('My page');
    const footer = await page.locator('footer').innerText();
    expect(footer).toMatch(/Created by Seita Energy Flexibility, in cooperation with Our Client © 20\d\d/);
    expect(footer).toMatch(/Plugins: .*our-client 2\.0/);
    const hasLogo = await page.evaluate<boolean>(
      `document.querySelector('img[src="/static/custom/logo"]').naturalWidth > 0`,
    );
    expect(hasLogo).toBe(true);
    const icon = await page.evaluate<string>(
      `fetch(document.querySelector('link[rel=icon]').href).then((answer) => answer.text())`,
    );
    expect(icon).toContain('teal');
    await page.click('nav >> text=Styled');
    await page.waitForURL('**/styled');
    const spacing: string = await page.evaluate(
      "getComputedStyle(document.querySelector('h1')).letterSpacing",
    );
    expect(spacing).not.toBe('normal');
    expect(await walk.inspect('our-client')).toEqual([]);
    expect(walk.complaints).toEqual([]);
    await walk.close();
  });

  it('answer in the session of a browser by the roles of the account', async () => {
    const statusFor = async (name: string): Promise<number> => {
      const walk = await openWalk(browser, scene.api.url);
      await openAs(walk, emailOf(name), PASSWORD);
      const status = await walk.page.evaluate<number>(
        `fetch('/api/our-api/bananas').then(({ status }) => status)`,
      );
      await walk.close();
      return status;
    };
    expect([await statusFor('member'), await statusFor('stranger')]).toEqual([200, 403]);
  });

  it('are left alone by one that fails, whose page says so in the frame', async () => {
    const walk = await openWalk(browser, scene.api.url);
    const { page } = walk;
    await openAs(walk, emailOf('member'), PASSWORD);
    await page.click('nav >> text=Faulty');
    await page.waitForURL('**/faulty');
    const text = await page.locator('main').innerText();
    expect(text).toContain('The plugin faulty failed.');
    expect(text).not.toContain('secret');
    await page.click('nav >> text=My page');
    await page.waitForURL('**/my-page');
    expect(await page.locator('main').innerText()).toContain('I am a FlexMeasures plugin !');
    await walk.close();
  });
});
