import type { Browser } from 'playwright-core';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { openAs, openWalk, type Walk } from '../harness/browser/walk';
import { emailOf, Fresh, PASSWORD, startScene, type Person, type Scene } from '../harness/scenes/api-scene';

describeWithBrowser('Flexibility and schedules of sites in a browser', () => {
  let scene: Scene;
  let browser: Browser;
  let walk: Walk;

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startScene(), startBrowser()]);
    await scene.sql.query(
      `UPDATE generic_asset SET flex_context = '{"site-power-capacity": "300 kW"}' WHERE id = 2`,
    );
    await scene.sql.query('UPDATE generic_asset SET parent_asset_id = 2 WHERE id = 3');
    walk = await walkAs('accountAdmin', '/assets/3/flexibility');
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
  const inputOf = (field: string) => `[name="${field}"]`;
  const open = (section: string) => walk.page.locator('summary', { hasText: section }).first().click();
  const type = async (field: string, kind: string, text: string): Promise<void> => {
    await walk.page.selectOption(inputOf(`${field}.kind`), kind);
    await walk.page.fill(inputOf(field), text);
  };
  const noteOf = (field: string) => walk.page.locator(`[id="${field}-note"]`);
  const storedOf = async (id: number) =>
    (await scene.sql.query('SELECT flex_model, flex_context FROM generic_asset WHERE id = $1', [id]))
      .rows[0] as {
      flex_model: unknown;
      flex_context: unknown;
    };

  it('shows fields in sections, with inherited values and where they come from', async () => {
    const { page } = walk;
    await open('State of charge');
    await open('Grid connection');
    const capacity = page.locator('[data-field="site-power-capacity"]');
    expect(await capacity.innerText()).toMatch(/Now 300 kW from toy-building/);
    expect(await walk.inspect('flexibility')).toEqual([]);
  });

  it('offers sensors to record schedules only to those who may post data to them', async () => {
    const { page } = walk;
    const ofPublic = await new Fresh(scene.sql).sensor(null);
    const html = await (await page.request.get('/assets/3/flexibility')).text();
    const offeredFor = (field: string) =>
      page.evaluate<string[]>(`(() => {
        const shown = new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html');
        const { measure } = shown.querySelector('[data-field="${field}"]').dataset;
        return [...shown.querySelectorAll('#sensors-' + measure + ' option')].map(({ value }) => value);
      })()`);
    expect(await offeredFor('inflexible-device-sensors')).toEqual(
      expect.arrayContaining(['2', String(ofPublic)]),
    );
    for (const field of ['sensor', 'consumption', 'aggregate-power']) {
      expect(await offeredFor(field)).toContain('2');
      expect(await offeredFor(field)).not.toContain(String(ofPublic));
    }
  });

  it('tells what is wrong while someone types, in the words of the server', async () => {
    const { page } = walk;
    await type('flex-model.soc-max', 'value', '450 EUR');
    expect(await noteOf('flex-model.soc-max').innerText()).toMatch(/EUR/);
    const shown = await noteOf('flex-model.soc-max').innerText();
    await page.click('button >> text="Save"');
    await page.waitForSelector('[id="flex-model.soc-max"].is-invalid');
    expect(await noteOf('flex-model.soc-max').innerText()).toBe(shown);
    await type('flex-model.soc-max', 'value', '450 kWh');
    expect(await noteOf('flex-model.soc-max').innerText()).toBe('');
  });

  it('tries what was typed without saving it', async () => {
    const { page } = walk;
    await type('flex-model.soc-min', 'value', '10%');
    await open('Power');
    await type('flex-model.power-capacity', 'value', '100 kW');
    await open('Prices');
    await type('flex-context.consumption-price', 'sensor', '3');
    await page.fill('[name=start]', '2026-03-04T07:00');
    await page.selectOption('[name=duration]', 'PT12H');
    await page.fill(inputOf('soc.3'), '50%');
    await page.click('text=Show what a schedule would do');
    await page.waitForSelector('#plan');
    const text = await page.locator('#plan').innerText();
    expect(text).toMatch(/Earns\s+[\d.]+ EUR[\s\S]*Saves compared with no flexibility\s+[\d.]+ EUR/);
    expect(text).toMatch(/This plan\s+Without flexibility[\s\S]*Highest power taken\s+100 kW\s+0 kW/);
    expect(await page.locator('.plan-picture').count()).toBe(2);
    expect(await page.inputValue(inputOf('flex-model.power-capacity'))).toBe('100 kW');
    expect(await storedOf(3)).toMatchObject({ flex_model: {}, flex_context: {} });
    expect(await walk.inspect('flexibility-plan')).toEqual([]);
  });

  it('says what a plan could not keep', async () => {
    const { page } = walk;
    await page.fill(inputOf('target.3'), '450 kWh');
    await page.fill(inputOf('target_time.3'), '2026-03-04T07:15');
    await page.click('text=Show what a schedule would do');
    await page.locator('#plan >> text=Could not be kept: soc-targets').waitFor();
    expect(await page.locator('#plan').innerText()).toMatch(/needs [\d.]+ kWh within 15 min/);
    await page.fill(inputOf('target.3'), 'full');
    await page.click('text=Show what a schedule would do');
    await page.waitForSelector('[id="target.3"].is-invalid');
    await page.fill(inputOf('target.3'), '');
    await page.fill(inputOf('target_time.3'), '');
  });

  it('shows what was typed as JSON and back, names the line of an error, and saves', async () => {
    const { page } = walk;
    await page.click('text=Show as JSON');
    await page.waitForSelector('[name=flex_model]');
    expect(JSON.parse(await page.inputValue('[name=flex_model]'))).toEqual({
      'soc-min': '10%',
      'soc-max': '450 kWh',
      'power-capacity': '100 kW',
    });
    await page.fill('[name=flex_context]', '{\n  "consumption-price" {}\n}');
    await page.click('text=Show as form');
    await page.waitForSelector('.is-invalid');
    expect(await page.locator('#flex_context-note').innerText()).toBe('Not valid JSON: see line 2.');
    expect(await page.inputValue('[name=flex_context]')).toContain('"consumption-price" {}');
    await page.fill('[name=flex_context]', '{"consumption-price": {"sensor": 3, "default": "50 EUR/MWh"}}');
    await page.click('text=Show as form');
    await page.waitForSelector(inputOf('flex-model.soc-max'));
    expect(await page.inputValue(inputOf('flex-context.consumption-price.kind'))).toBe('json');
    await page.click('button >> text="Save"');
    await page.waitForSelector('text=The flexibility is saved.');
    expect(await storedOf(3)).toEqual({
      flex_model: { 'soc-min': '10%', 'soc-max': '450 kWh', 'power-capacity': '100 kW' },
      flex_context: { 'consumption-price': { sensor: 3, default: '50 EUR/MWh' } },
    });
    expect(walk.complaints.filter((text) => !/status of 4/.test(text))).toEqual([]);
  });

  it('does not overwrite what someone else has saved meanwhile, unless asked twice', async () => {
    const { page } = walk;
    await scene.sql.query(`UPDATE generic_asset SET flex_model = '{"soc-max": "1 MWh"}' WHERE id = 3`);
    await page.fill(inputOf('flex-model.soc-max'), '440 kWh');
    // A form that was shown in another way meanwhile was still opened before.
    await page.click('text=Show as JSON');
    await page.click('text=Show as form');
    await page.click('button >> text="Save"');
    await page.waitForSelector('text=Someone else has changed the flexibility');
    expect(await page.inputValue(inputOf('flex-model.soc-max'))).toBe('440 kWh');
    await page.click('button >> text="Save"');
    await page.waitForSelector('text=The flexibility is saved.');
    expect(await storedOf(3)).toMatchObject({ flex_model: { 'soc-max': '440 kWh', 'soc-min': '10%' } });
  });

  it('is there again, as it was typed, after the session has expired on a page that was only sent', async () => {
    const { page } = walk;
    await page.click('text=Show as JSON');
    await page.waitForSelector('[name=flex_model]');
    await page.fill('[name=flex_context]', '{"site-power-capacity": "77 kW"}');
    await page.context().clearCookies();
    await page.click('button >> text="Save"');
    await page.waitForURL(/\/login/);
    await page.fill('[name=email]', emailOf('accountAdmin'));
    await page.fill('[name=password]', PASSWORD);
    await page.click('main form button');
    await page.locator('text=What you typed is here again').waitFor();
    expect(JSON.parse(await page.inputValue('[name=flex_context]'))).toEqual({
      'site-power-capacity': '77 kW',
    });
    await page.click('text=Show as form');
    expect(await page.inputValue(inputOf('flex-context.site-power-capacity'))).toBe('77 kW');
    // The address of the sent form can be opened.
    await page.goto(page.url());
    await page.waitForURL(/flexibility$/);
  });

  it('works without scripts', async () => {
    const plain = await walkAs('member', '/assets/3/flexibility', false);
    const { page } = plain;
    await page.fill(inputOf('flex-model.soc-max'), '430 kWh');
    await page.locator('summary', { hasText: 'Efficiency' }).click();
    await page.selectOption(inputOf('flex-model.roundtrip-efficiency.kind'), 'value');
    await page.fill(inputOf('flex-model.roundtrip-efficiency'), '0.9');
    await page.click('button >> text="Save"');
    await page.waitForSelector('text=The flexibility is saved.');
    expect(await storedOf(3)).toMatchObject({
      flex_model: { 'soc-max': '430 kWh', 'roundtrip-efficiency': 0.9 },
    });
    await plain.close();
  });

  it('plans a whole site, and tells the result beside no flexibility and the plan before it', async () => {
    const { page } = walk;
    const fresh = new Fresh(scene.sql);
    const car = await fresh.sensor();
    await scene.sql.query(
      `UPDATE generic_asset SET parent_asset_id = 2, name = 'car', flex_model = $2
       WHERE id = (SELECT generic_asset_id FROM sensor WHERE id = $1)`,
      [car, { 'soc-max': '60 kWh', 'power-capacity': '11 kW', 'production-capacity': '0 kW' }],
    );
    await page.goto('/assets/2');
    await page.click('text=Schedule now');
    expect(await page.locator('main').innerText()).toMatch(/planned together: toy-battery, car/);
    expect(await walk.inspect('site-schedule-form')).toEqual([]);
    const carId = (await page.locator('[name^="soc."]').last().getAttribute('name'))!.slice(4);
    const capacityRow = `[data-group="flex-model"][data-field="consumption-capacity"]:has([name$=".${carId}"])`;
    const request = async (target: string, idleUntil = '') => {
      await page.goto('/assets/2/schedule');
      if (idleUntil !== '') {
        await page.locator('summary', { hasText: 'car' }).click();
        const cells = page.locator(`${capacityRow} .flex-series-row input`);
        const row = ['2026-03-04T07:00', idleUntil, '0 kW'];
        for (const [i, part] of row.entries()) await cells.nth(i).fill(part);
      }
      await page.fill('[name=start]', '2026-03-04T07:00');
      await page.selectOption('[name=duration]', 'PT12H');
      await page.selectOption('[name=price_sensor]', '3');
      await page.fill(inputOf('soc.3'), '50%');
      await page.fill(inputOf(`soc.${carId}`), '20 kWh');
      await page.fill(inputOf(`target.${carId}`), target);
      await page.fill(inputOf(`target_time.${carId}`), '2026-03-04T18:00');
      await page.click('button >> text="Schedule now"');
    };
    await request('much');
    await page.waitForSelector('.is-invalid');
    expect(await page.locator(`[id="target.${carId}-note"]`).innerText()).toMatch(/\S/);
    const energyBefore16 = async (): Promise<number> => {
      const { rows } = await scene.sql.query<{ sum: number }>(
        `SELECT coalesce(sum(abs(value)), 0)::float AS sum FROM (
           SELECT DISTINCT ON (event_start) event_value AS value FROM timed_belief
           WHERE sensor_id = $1 AND event_start < '2026-03-04T16:00+01:00' ORDER BY event_start, belief_horizon
         ) AS planned`,
        [car],
      );
      return rows[0]!.sum;
    };
    await request('40 kWh', '2026-03-04T06:00');
    expect(await page.locator(`${capacityRow} .invalid-feedback`).innerText()).toMatch(/end/i);
    await request('40 kWh', '2026-03-04T16:00');
    await page.locator('.state-finished').waitFor();
    expect(await energyBefore16()).toBe(0);
    await request('50 kWh');
    await page.locator('.state-finished').waitFor();
    expect(await energyBefore16()).toBeGreaterThan(0);
    const text = await page.locator('main').innerText();
    expect(text).toMatch(/This plan\s+Without flexibility\s+The plan before it/);
    expect(text).toMatch(/Cost\s+-?[\d.]+ EUR\s+[\d.]+ EUR\s+-?[\d.]+ EUR/);
    expect(await walk.inspect('job-of-site')).toEqual([]);
    expect(walk.complaints.filter((one) => !/status of 4/.test(one))).toEqual([]);
  });

  it('takes times row by row: those that can be stored, and values of certain days for a dry run', async () => {
    const { page } = walk;
    await scene.sql.query(`UPDATE generic_asset SET flex_model = '{"soc-max": "450 kWh"}' WHERE id = 3`);
    await page.goto('/assets/3/flexibility');
    const rowsOf = (field: string) => page.locator(`[data-field="${field}"] .flex-series-row`);
    const fillRow = async (field: string, index: number, parts: string[]): Promise<void> => {
      const cells = rowsOf(field).nth(index).locator('input');
      for (const [i, part] of parts.entries()) await cells.nth(i).fill(part);
    };
    await open('Process');
    await page.selectOption(inputOf('flex-model.time-restrictions.kind'), 'series');
    await fillRow('time-restrictions', 0, ['2026-03-04T16:00', '2026-03-04T18:00']);
    await page.click('[data-field="time-restrictions"] >> text=Add a row');
    expect(await rowsOf('time-restrictions').nth(1).locator('input').first().inputValue()).toBe(
      '2026-03-04T18:00',
    );
    expect(await noteOf('flex-model.time-restrictions').innerText()).toMatch(/^Row 2: An end is needed/);
    await page.click('[aria-label="Remove row 2 of Time restrictions"]');
    expect(await walk.inspect('flexibility-rows')).toEqual([]);
    await page.click('button >> text="Save"');
    await page.waitForSelector('text=The flexibility is saved.');
    const interval = { start: '2026-03-04T16:00:00+01:00', end: '2026-03-04T18:00:00+01:00' };
    expect(await storedOf(3)).toMatchObject({ flex_model: { 'time-restrictions': [interval] } });
    await scene.sql.query(`UPDATE generic_asset SET flex_model = '{"soc-max": "450 kWh"}' WHERE id = 3`);
    await page.goto('/assets/3/flexibility');
    await page.selectOption(inputOf('flex-context.consumption-price.kind'), 'series');
    await fillRow('consumption-price', 0, ['2026-03-04T00:00', '2026-03-04T12:00', '5 kW']);
    expect(await noteOf('flex-context.consumption-price').innerText()).toMatch(/is not a price/);
    await fillRow('consumption-price', 0, ['2026-03-04T00:00', '2026-03-04T12:00', '10 EUR/MWh']);
    await page.click('[data-field="consumption-price"] >> text=Add a row');
    await fillRow('consumption-price', 1, ['2026-03-04T12:00', '2026-03-05T00:00', '90 EUR/MWh']);
    await page.fill('[name=start]', '2026-03-04T07:00');
    await page.selectOption('[name=duration]', 'PT12H');
    await page.fill(inputOf('soc.3'), '50%');
    await page.click('text=Show what a schedule would do');
    await page.waitForSelector('#plan');
    // Bought for 10 and sold for 90.
    expect(await page.locator('#plan').innerText()).toMatch(/Earns\s+[\d.]+ EUR/);
    expect(await rowsOf('consumption-price').count()).toBe(2);
    await page.click('button >> text="Save"');
    await page
      .locator('[id="flex-context.consumption-price-note"]', { hasText: 'cannot be stored' })
      .waitFor();
  });

  it('is for those who may: others read or are refused', async () => {
    const reader = await walkAs('reader', '/assets/3/flexibility');
    expect(await reader.page.locator('fieldset[disabled]').count()).toBe(1);
    expect(await reader.page.locator('button >> text="Save"').count()).toBe(0);
    const csrf = (await reader.page.getAttribute('meta[name=csrf-token]', 'content'))!;
    for (const path of ['/assets/3/flexibility', '/assets/3/flexibility/preview', '/assets/2/schedule']) {
      const form = { csrf, start: '2026-03-04T07:00', duration: 'PT12H' };
      const answer = await reader.page.request.post(path, { form, maxRedirects: 0 });
      expect([path, answer.status()]).toEqual([path, 403]);
    }
    const stranger = await walkAs('stranger', '/');
    for (const path of ['/assets/3/flexibility', '/assets/2/schedule'])
      expect([path, (await stranger.page.goto(path))!.status()]).toEqual([path, 403]);
    for (const one of [reader, stranger]) await one.close();
  });
});
