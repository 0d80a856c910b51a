import type { Browser } from 'playwright-core';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { openAs, openWalk, type Walk } from '../harness/browser/walk';
import { emailOf, PASSWORD, startScene, type Person, type Scene } from '../harness/scenes/api-scene';

const DAY = '2026-02-02';
/** Two lines of remarks, then quarter-hourly energy with a comma as decimal point. */
const METER = [
  'Meter 7;',
  'Zeit;Verbrauch',
  ...['00:15;2,5', '00:30;5', '00:45;1,25', '01:00;0'].map((row) => `${DAY} ${row}`),
].join('\n');

describeWithBrowser('Pages of sensors in a browser', () => {
  let scene: Scene;
  let browser: Browser;
  let walk: Walk;

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startScene(), startBrowser()]);
    walk = await walkAs('accountAdmin', '/sensors/2');
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
  const meter = { name: 'meter.csv', mimeType: 'text/csv', buffer: Buffer.from(METER) };
  const powers = async (): Promise<number[]> =>
    (
      await scene.sql.query<{ event_value: number }>(
        `SELECT event_value FROM timed_belief WHERE sensor_id = 2 AND event_start < '2026-02-03' ORDER BY event_start`,
      )
    ).rows.map((row) => row.event_value);
  const choose = async ({ page }: Walk, choices: Record<string, string>) => {
    const closed = page.locator('form details:not([open]) > summary');
    while ((await closed.count()) > 0) await closed.first().click();
    for (const [name, text] of Object.entries(choices)) await page.fill(`[name=${name}]`, text);
  };

  it('reads the first rows of a file as chosen, and imports it only when asked', async () => {
    const { page } = walk;
    await page.click('text=Upload data');
    expect(await walk.inspect('sensor-upload')).toEqual([]);
    await page.setInputFiles('[name=file]', meter);
    await page.click('text=Show the first rows');
    await page.locator('#upload-result .alert-danger').waitFor();
    expect(await page.locator('#file-note').innerText()).toMatch(/\S/);
    await choose(walk, {
      datecol: 'Zeit',
      valuecol: 'Verbrauch',
      unit: 'miles',
      delimiter: ';',
      decimal: ',',
    });
    await page.selectOption('[name=stamps]', 'end');
    await page.click('text=Show the first rows');
    await page.waitForSelector('[name=unit][aria-invalid]:focus');
    const wrong = page.locator('#upload-result .alert-danger');
    expect(await wrong.innerText()).toBe(
      `Unit of the values: ${await page.locator('#unit-note').innerText()}`,
    );
    expect(await page.locator('#file.is-invalid').count()).toBe(0);
    expect(await page.inputValue('[name=datecol]')).toBe('Zeit');
    await page.fill('[name=unit]', 'kWh');
    await page.click('text=Show the first rows');
    await page.locator('text=How the first rows are read').waitFor();
    const result = page.locator('#upload-result');
    expect(await result.innerText()).toMatch(/Columns of the file: Zeit, Verbrauch/);
    expect(await result.innerText()).toMatch(
      /2026-02-02 00:00\+01:00\s+0\.01\n2026-02-02 00:15\+01:00\s+0\.02/,
    );
    expect(await page.locator('.is-invalid').count()).toBe(0);
    expect(await powers()).toEqual([]);
    expect(await walk.inspect('sensor-upload-preview')).toEqual([]);
    await page.click('button >> text="Import"');
    await page.locator('text=The file is imported.').waitFor();
    expect(await powers()).toEqual([0.01, 0.02, 0.005, 0]);
    expect(walk.complaints.filter((text) => !/status of 4/.test(text))).toEqual([]);
  });

  it('uploads without scripts, and names what is wrong with a choice at its field', async () => {
    const plain = await walkAs('member', '/sensors/2/upload', false);
    const { page } = plain;
    await page.setInputFiles('[name=file]', meter);
    await choose(plain, {
      datecol: 'Zeit',
      valuecol: 'Verbrauch',
      delimiter: ';',
      decimal: ',',
      timezone: 'Mars',
    });
    await page.click('text=Show the first rows');
    await page.waitForSelector('[name=timezone].is-invalid');
    expect(await page.inputValue('[name=datecol]')).toBe('Zeit');
    await page.setInputFiles('[name=file]', meter);
    await page.fill('[name=timezone]', 'Europe/Berlin');
    await page.click('text=Show the first rows');
    await page.locator('text=How the first rows are read').waitFor();
    await plain.close();
  });

  it('counts what would be deleted, asks, and deletes it', async () => {
    const { page } = walk;
    await page.goto('/sensors/2');
    await page.click('text=Delete data');
    await page.fill('[name=start]', `${DAY}T00:00`);
    await page.fill('[name=until]', `${DAY}T00:05`);
    await page.click('text=Count what would be deleted');
    expect(await page.locator('#until-note').innerText()).toMatch(/Must be at least PT15M after start/);
    await page.fill('[name=until]', `${DAY}T00:30`);
    await page.selectOption('[name=source]', { index: 0 });
    await page.click('text=Count what would be deleted');
    await page.locator('text=Delete 2 values?').waitFor();
    expect(await walk.inspect('sensor-delete-data')).toEqual([]);
    expect(await powers()).toHaveLength(4);
    await page.click('button >> text="Delete 2 values"');
    await page.locator('text=2 values were deleted.').waitFor();
    expect(await powers()).toEqual([0.005, 0]);
  });

  it.each([
    ['sensor', '/sensors/2'],
    ['asset', '/assets/3'],
    ['account', '/accounts/1'],
  ])('lists, adds, changes and deletes annotations of a %s', async (name, path) => {
    const { page } = walk;
    await page.goto(`${path}/annotations`);
    await page.fill('[name=start]', `${DAY}T10:00`);
    await page.fill('[name=end]', `${DAY}T09:00`);
    await page.fill('[name=content]', `test of the ${name}`);
    await page.click('button >> text="Add annotation"');
    await page.waitForSelector('[name=end].is-invalid');
    await page.fill('[name=end]', `${DAY}T12:00`);
    await page.click('button >> text="Add annotation"');
    await page.locator('text=The annotation is saved.').waitFor();
    expect(await page.locator('tbody tr').first().innerText()).toMatch(
      new RegExp(`${DAY} 10:00\\S*\\s+${DAY} 12:00\\S*\\s+label\\s+test of the ${name}\\s+accountAdmin`),
    );
    expect(await walk.inspect(`annotations-of-${name}`)).toEqual([]);
    const row = page.locator('tbody tr', { hasText: `test of the ${name}` });
    await row.locator('text=Change').click();
    expect(await page.inputValue('[name=start]')).toBe(`${DAY}T10:00`);
    await page.fill('[name=end]', `${DAY}T09:00`);
    await page.fill('[name=content]', `renamed ${name}`);
    await page.click('button >> text="Change annotation"');
    await page.waitForSelector('[name=end].is-invalid');
    expect(await page.inputValue('[name=content]')).toBe(`renamed ${name}`);
    await page.fill('[name=end]', `${DAY}T11:30`);
    await page.selectOption('[name=type]', 'warning');
    await page.click('button >> text="Change annotation"');
    await page.locator('text=The annotation is saved.').waitFor();
    expect(await page.locator('tbody tr').first().innerText()).toMatch(
      new RegExp(`${DAY} 10:00\\S*\\s+${DAY} 11:30\\S*\\s+warning\\s+renamed ${name}\\s+accountAdmin`),
    );
    await page
      .locator('tbody tr', { hasText: `renamed ${name}` })
      .locator('text=Delete')
      .click();
    await page.locator(`text=Delete "renamed ${name}", from ${DAY} 10:00`).waitFor();
    expect(await walk.inspect(`annotation-of-${name}-delete`)).toEqual([]);
    await page.click('button >> text="Delete annotation"');
    await page.locator('text=The annotation is deleted.').waitFor();
    expect(await page.locator('main').innerText()).not.toContain(`renamed ${name}`);
  });

  it('allows no more than the API', async () => {
    const reader = await walkAs('reader', '/sensors/2');
    for (const text of ['Upload data', 'Delete data'])
      expect(await reader.page.locator(`main >> text="${text}"`).count()).toBe(0);
    const csrf = (await reader.page.getAttribute('meta[name=csrf-token]', 'content'))!;
    const paths = ['sensors/2/delete-data', 'sensors/2/delete-data/count', 'sensors/2/annotations'];
    for (const path of [...paths, 'assets/3/annotations', 'accounts/1/annotations']) {
      const answer = await reader.page.request.post(`/${path}`, { form: { csrf }, maxRedirects: 0 });
      expect([path, answer.status()]).toEqual([path, 403]);
    }
    const multipart = { file: meter };
    for (const path of ['/sensors/2/upload', '/sensors/2/upload/preview']) {
      const answer = await reader.page.request.post(`${path}?csrf=${csrf}`, { multipart });
      expect([path, answer.status()]).toEqual([path, 403]);
      const forged = await walk.page.request.post(path, { multipart });
      expect([path, forged.status()]).toEqual([path, 403]);
    }
    const member = await walkAs('member', '/sensors/2');
    expect((await member.page.goto('/sensors/2/delete-data'))!.status()).toBe(403);
    const stranger = await walkAs('stranger', '/');
    for (const path of [
      '/sensors/2/upload',
      '/sensors/2/annotations',
      '/assets/3/annotations',
      '/accounts/1/annotations',
    ])
      expect([path, (await stranger.page.goto(path))!.status()]).toEqual([path, 403]);
    for (const one of [reader, member, stranger]) await one.close();
  });
});
