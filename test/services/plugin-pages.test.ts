import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { logInOn, openWalk } from '../harness/browser/walk';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../harness/scenes/people';
import { flexmeasures } from '../harness/servers/cli';

describeWithBrowser('A plugin that was written by add plugin, in a browser', () => {
  let folder: string;
  let scene: PeopleScene;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plugin-pages-'));
    await flexmeasures(['add', 'plugin', 'solar_club'], { cwd: folder });
    [scene, browser] = await Promise.all([
      startPeopleScene({ member: [1] }, { FLEXMEASURES_PLUGINS: join(folder, 'solar_club') }),
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
