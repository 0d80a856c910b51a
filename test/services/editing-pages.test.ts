import type { Browser } from 'playwright-core';
import { hiddenFields } from '../harness/browser/browser';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { openAs, openWalk, type Walk } from '../harness/browser/walk';
import { emailOf, PASSWORD, startScene, type Person, type Scene } from '../harness/scenes/api-scene';

describeWithBrowser('Editing in a browser', () => {
  let scene: Scene;
  let browser: Browser;
  let walk: Walk;

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startScene(), startBrowser()]);
    walk = await walkAs('accountAdmin', '/assets/3');
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
  });

  const walkAs = async (person: Person, path: string, javaScriptEnabled = true): Promise<Walk> => {
    const opened = await openWalk(browser, scene.api.url, { javaScriptEnabled });
    await openAs(opened, emailOf(person), PASSWORD, path);
    return opened;
  };
  const show = (panels: unknown) =>
    scene.sql.query('UPDATE generic_asset SET sensors_to_show = $1 WHERE id = 3', [JSON.stringify(panels)]);
  const shown = async (): Promise<unknown> =>
    (
      await scene.sql.query<{ shown: unknown }>(
        'SELECT sensors_to_show AS shown FROM generic_asset WHERE id = 3',
      )
    ).rows[0]!.shown;
  const sensorsOf = ({ page }: Walk) =>
    page
      .locator('[name^="sensors."]')
      .evaluateAll((all) => all.map((one) => (one as { value?: string }).value));

  it('adds, orders and removes what the graphs show, by buttons and by dragging', async () => {
    const { page } = walk;
    const odd = { title: 'Limits', plots: [{ sensor: 2 }] };
    await show([3, [2], odd]);
    await page.goto('/assets/3');
    await page.click('text=Choose graphs');
    expect(await walk.inspect('asset-panels')).toEqual([]);
    await page.click('[aria-label="Move panel 2 up"]');
    await page.waitForSelector('[name="sensors.0"][value="2"]');
    await page.click('text=Add panel');
    await page.fill('[name="title.3"]', 'Both');
    await page.fill('[name="sensors.3"]', '2, x');
    await page.click('button >> text="Save" >> nth=1');
    await page.waitForSelector('.is-invalid');
    await page.fill('[name="sensors.3"]', '2, 3');
    await page.locator('.panel-row').nth(3).dragTo(page.locator('.panel-row').nth(0));
    expect(await sensorsOf(walk)).toEqual(['2, 3', '2', '3']);
    await page.click('[aria-label="Remove panel 3"]');
    await page.click('button >> text="Save" >> nth=1');
    await page.waitForURL(/assets\/3$/);
    expect(await shown()).toEqual([{ title: 'Both', sensors: [2, 3] }, [2], odd]);
    expect(walk.complaints.filter((text) => !/status of 4/.test(text))).toEqual([]);
  });

  it('chooses graphs without scripts, by keyboard', async () => {
    await show([3, 2]);
    const plain = await walkAs('accountAdmin', '/assets/3/panels', false);
    const { page } = plain;
    await page.focus('[aria-label="Move panel 1 down"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[name="sensors.0"][value="2"]');
    await page.focus('[name="sensors.1"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/assets\/3$/);
    expect(await shown()).toEqual([2, 3]);
    await plain.close();
  });

  it('keeps what was typed when the session has expired', async () => {
    const { page } = walk;
    await page.goto('/assets/3/properties');
    await page.fill('[name=description]', 'typed before the session ended');
    await page.fill('[name=attributes]', '{"note": "kept"}');
    await page.context().clearCookies();
    await page.click('button >> text="Save"');
    await page.waitForURL(/\/login/);
    await page.fill('[name=email]', emailOf('accountAdmin'));
    await page.fill('[name=password]', 'wrong');
    await page.click('main form button');
    await page.waitForSelector('[role=alert]');
    await page.fill('[name=password]', PASSWORD);
    await page.click('main form button');
    await page.waitForURL('/assets/3/properties');
    await page.locator('text=What you typed is here again').waitFor();
    expect(await page.inputValue('[name=description]')).toBe('typed before the session ended');
    expect(await page.inputValue('[name=attributes]')).toBe('{"note": "kept"}');
    await page.click('button >> text="Save"');
    await page.locator('text=The changes are saved.').waitFor();
    expect(await page.inputValue('[name=description]')).toBe('typed before the session ended');
    await page.goto('/assets/3/properties');
    expect(await page.locator('text=What you typed is here again').count()).toBe(0);
  });

  it('keeps rows that were added, and a form of an older session', async () => {
    const { page } = walk;
    await show([3]);
    await page.goto('/assets/3/panels');
    await page.click('text=Add panel');
    await page.fill('[name="sensors.1"]', '2');
    await page.context().clearCookies();
    await page.click('text=Add panel');
    await page.waitForURL(/\/login/);
    await page.fill('[name=email]', emailOf('accountAdmin'));
    await page.fill('[name=password]', PASSWORD);
    await page.click('main form button');
    await page.locator('text=What you typed is here again').waitFor();
    expect(await sensorsOf(walk)).toEqual(['3', '2']);
    // Somebody logs in anew, in another tab.
    await page.fill('[name="title.1"]', 'Ours');
    await page.context().clearCookies();
    const { request } = page.context();
    const login = hiddenFields(await (await request.get('/login')).text());
    const form = { ...login, email: emailOf('accountAdmin'), password: PASSWORD };
    expect((await request.post('/login', { form, maxRedirects: 0 })).status()).toBe(303);
    await page.click('button >> text="Save" >> nth=1');
    await page.click('text=Open the form again');
    await page.locator('text=What you typed is here again').waitFor();
    expect(await page.inputValue('[name="title.1"]')).toBe('Ours');
    await page.click('button >> text="Save" >> nth=1');
    await page.waitForURL(/assets\/3$/);
    expect(await shown()).toEqual([3, { title: 'Ours', sensors: [2] }]);
  });

  it('moves an asset in the tree, to one of those that are offered', async () => {
    const { page } = walk;
    await page.goto('/assets/3/properties');
    const offered = await page.locator('#parents option').allTextContents();
    expect(offered).toContain('toy-building');
    expect(offered).not.toContain('toy-battery');
    const building = await page.getAttribute('#parents option:has-text("toy-building")', 'value');
    await page.fill('[name=parent_asset_id]', building!);
    await page.click('button >> text="Save"');
    await page.locator('text=The changes are saved.').waitFor();
    expect(await page.locator('.breadcrumb').innerText()).toContain('toy-building');
  });

  it('takes attributes larger than 16 kB, and says clearly what is too large', async () => {
    const { page } = walk;
    await page.goto('/assets/3/properties');
    await page.fill('[name=attributes]', JSON.stringify({ text: 'x'.repeat(30_000) }));
    await page.click('button >> text="Save"');
    await page.locator('text=The changes are saved.').waitFor();
    await page.fill('[name=attributes]', JSON.stringify({ text: 'x'.repeat(600_000) }));
    await page.click('button >> text="Save"');
    await page.locator('h1 >> text=This is too large').waitFor();
  });

  it('lets nobody change graphs whom the API would refuse', async () => {
    const reader = await walkAs('reader', '/assets/3');
    expect(await reader.page.locator('text=Choose graphs').count()).toBe(0);
    const csrf = (await reader.page.getAttribute('meta[name=csrf-token]', 'content'))!;
    expect((await reader.page.goto('/assets/3/panels'))!.status()).toBe(403);
    const answer = await reader.page.request.post('/assets/3/panels', { form: { csrf }, maxRedirects: 0 });
    expect(answer.status()).toBe(403);
    await reader.close();
  });
});
