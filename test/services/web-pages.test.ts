import type { Browser } from 'playwright-core';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { logInOn, openWalk, type Walk } from '../harness/browser/walk';
import { emailOf, PASSWORD, startScene, type Person, type Scene } from '../harness/scenes/api-scene';

describeWithBrowser('The web pages in a browser', () => {
  let scene: Scene;
  let browser: Browser;

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startScene(), startBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
  });

  const walkAs = async (person?: Person, path = '/'): Promise<Walk> => {
    const walk = await openWalk(browser, scene.api.url);
    if (person) await logInOn(walk, emailOf(person), PASSWORD, path);
    else await walk.page.goto(path);
    return walk;
  };

  describe('for visitors', () => {
    let walk: Walk;
    beforeAll(async () => {
      walk = await walkAs(undefined, '/login');
    });
    afterAll(() => walk.close());

    it.each([
      ['login', '/login', 'Log in'],
      ['start', '/', 'You are not logged in.'],
      ['forgot-password', '/reset-password', 'Send the link'],
      ['no-link', '/reset-password/x', 'This link is no longer valid'],
      ['not-found', '/nothing', 'There is no such page'],
    ])('%s is in the frame, accessible and fits a phone', async (name, path, text) => {
      await walk.page.goto(path);
      expect(await walk.page.locator('main').innerText()).toContain(text);
      expect(await walk.page.locator('footer').innerText()).toMatch(/Version [\d.]+, running since/);
      expect(await walk.inspect(name)).toEqual([]);
    });

    it('loads nothing from other servers and has no errors', () => {
      // The browser logs each page with an error status.
      expect(walk.complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
    });

    it('switches between the colours of the system, light and dark, and remembers it', async () => {
      const { page } = walk;
      await page.goto('/login');
      const mode = () => page.getAttribute('html', 'data-bs-theme');
      expect(await mode()).toBe('light');
      await page.click('[data-colour-mode-button]');
      await page.click('[data-colour-mode-button]');
      expect(await mode()).toBe('dark');
      await page.reload();
      expect(await mode()).toBe('dark');
      await page.click('[data-colour-mode-button]');
    });
  });

  it('works without scripts: logs in, shows the menu of the user, logs out', async () => {
    const walk = await openWalk(browser, scene.api.url, { javaScriptEnabled: false });
    await logInOn(walk, emailOf('admin'), PASSWORD, '/tasks/recorded');
    const { page } = walk;
    expect(await page.locator('h1').innerText()).toBe('Jobs');
    expect(await page.locator('nav[aria-label=Main] a[aria-current]').innerText()).toContain('Tasks');
    await page.click('.frame-tools summary');
    await page.click('text=Log out');
    await page.waitForURL('/');
    expect(await page.locator('main').innerText()).toContain('You are not logged in.');
    await walk.close();
  });

  it('shows tasks to admins, and a page about missing permissions to others', async () => {
    const admin = await walkAs('admin', '/tasks/recorded');
    expect(await admin.inspect('tasks')).toEqual([]);
    expect(admin.complaints).toEqual([]);
    await admin.close();
    const member = await walkAs('member', '/tasks/recorded');
    expect(await member.page.locator('main').innerText()).toContain('You may not see this page');
    await member.close();
  });
});
