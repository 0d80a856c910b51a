import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { coloursOf, describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { logInOn, openWalk, type Walk } from '../harness/browser/walk';
import { createTestDatabase, type TestDatabase } from '../harness/databases/database';
import { DEMO_BUILDING, TOY_USER, withClient } from '../harness/databases/templates';
import { eventually } from '../harness/eventually';
import { startApiHere, type Api } from '../harness/servers/api';

const SITE = '/assets/1';
const BATTERY = '/assets/3';

describeWithBrowser('The demo building in a browser', () => {
  let database: TestDatabase;
  let api: Api;
  let browser: Browser;
  let walk: Walk;

  beforeAll(async () => {
    database = await createTestDatabase({ template: DEMO_BUILDING });
    [api, browser] = await Promise.all([startApiHere(database.uri), startBrowser()]);
    walk = await openWalk(browser, api.url);
    await logInOn(walk, TOY_USER.email, TOY_USER.password, '/dashboard');
  });
  afterAll(async () => {
    await browser.close();
    await api.stop();
    await database.drop();
  });

  const textOf = (selector: string) => walk.page.locator(selector).innerText();
  const mainText = async (path: string) => {
    await walk.page.goto(path);
    return textOf('main');
  };

  /** How many steps before a local time come after the last known price. */
  const stepsWithoutPrice = async (until: string): Promise<number> => {
    const { rows } = await withClient(database.uri, (sql) =>
      sql.query<{ steps: number }>(
        `SELECT (EXTRACT(EPOCH FROM $1::timestamp AT TIME ZONE 'Europe/Amsterdam'
             - max(event_start) - INTERVAL '1 hour') / 900)::int AS steps
           FROM timed_belief WHERE sensor_id = (SELECT id FROM sensor WHERE name = 'electricity price')`,
        [until],
      ),
    );
    return rows[0]!.steps;
  };

  it('shows on the battery what it does now and what its plan says', async () => {
    await eventually(
      () => mainText(BATTERY),
      (text) => text.includes('Plan until'),
    );
    const now = await textOf('section[aria-labelledby=now]');
    expect(now).toMatch(/Power\s+[\d.]+ kW\s+(charging|discharging|idle)/);
    expect(now).toMatch(/State of charge\s+\d+ %\s+[\d.]+ of 10 kWh/);
    expect(now).toMatch(
      /Plan until \d{4}-\d\d-\d\d \d\d:\d\d\s+(earns|costs) \d+\.\d\d EUR with all devices of the site/,
    );
    // The age of the state of charge at the start is no warning. The plan ends a day after it was made: until
    // the prices of the next day are published, it may end after the last known price.
    const unknown = await stepsWithoutPrice(/Plan until (\S+ \S+)/.exec(now)![1]!);
    const steps = unknown === 1 ? 'step' : `${unknown} steps`;
    const warning = unknown > 0 ? `No consumption prices known for the last ${steps}: [^.]+\\.` : 'none';
    expect(now).toMatch(new RegExp(`Warnings\\s+${warning}`));
    expect(now).not.toContain('state of charge at the start');
    // The step that has begun is not measured yet, so that what is planned for it is the latest value.
    expect(await textOf('section[aria-labelledby=latest-state]')).toMatch(/battery power\s+\S+ kW planned/);
    // What a part of a site charges and discharges may be of the site itself.
    expect(await textOf('main')).not.toMatch(/bought|sold/i);
    expect(await walk.inspect('asset-graphs-demo')).toEqual([]);
    expect(await mainText(SITE)).toMatch(
      /Energy balance of today so far: Bought [\d.]+ kWh for [\d.]+ EUR, sold /,
    );
    // The site itself is no device, so that what it consumes and exchanges is not planned by itself. Every value of three
    // days is shown, also of the states of charge, which are instantaneous.
    const { page } = walk;
    const actions = await page.locator('a', { hasText: /^\s*Schedule/ }).allInnerTexts();
    expect(actions.map((text) => text.trim())).toEqual(['Schedule now']);
    await page.waitForSelector('fm-chart[data-state="ready"]');
    expect(await textOf('fm-chart')).not.toContain('means of longer times');
    expect(await mainText(`${BATTERY}/balance`)).toContain('This asset is part of another one');
  });

  it('draws how energy flows, with a table of each day', async () => {
    const { page } = walk;
    await page.goto(`${SITE}/balance`);
    await page.waitForSelector('fm-balance[data-state="ready"]');
    const keys = await page.locator('fm-balance .chart-key').allInnerTexts();
    expect(keys).toEqual(
      expect.arrayContaining(['Solar and other production', 'Import', 'Export', 'Storage charge']),
    );
    const coloured = async (): Promise<number> => {
      const empty = await browser.newPage();
      const colours = await coloursOf(empty, await page.locator('fm-balance .chart-plot').screenshot());
      await empty.close();
      return [...colours].reduce((sum, [key, count]) => {
        const channels = [0, 8, 16].map((shift) => (Number(key) >> shift) & 255);
        return Math.max(...channels) - Math.min(...channels) > 60 ? sum + count : sum;
      }, 0);
    };
    const before = await coloured();
    expect(before).toBeGreaterThan(2000);
    await page.click('fm-balance .chart-key:has-text("Solar")');
    expect(await coloured()).toBeLessThan(before);
    await page.locator('fm-balance .chart-plot').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await textOf('fm-balance [role=status]')).toMatch(/\d\d:\d\d: .*Inflexible load [\d.]+ kW/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('fm-balance >> text=CSV'),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(
      /^start,kind,production \(kW\),.*\r\n.*,measured,/,
    );
    expect(await page.locator('tbody tr').count()).toBe(3);
    expect(await walk.inspect('asset-balance')).toEqual([]);
    await page.click('text=7 days');
    await page.waitForSelector('fm-balance[data-state="ready"]');
    expect(await page.locator('tbody tr').count()).toBe(7);
    await page.goto(`${SITE}/balance?first=2026-03-05&last=2026-03-04`);
    expect(await textOf('[role=alert]')).toContain('The last day must not be before the first.');
    await page.goto('/accounts/1');
    await page.click('main >> text=Energy balance');
    await page.waitForSelector('fm-balance[data-state="ready"]');
    expect(await walk.inspect('account-balance')).toEqual([]);
  });

  it('says on the dashboard what needs attention, the most urgent first, and the power of each type', async () => {
    await withClient(database.uri, async (sql) => {
      // A job that failed, and one about the site whose schedule keeps not all limits. Data of the house is late.
      await sql.query(
        `INSERT INTO job (id, fingerprint, queue, kind, state, payload, result, failure_reason, ended_at) VALUES
         ('00000000-0000-4000-8000-000000000001', gen_random_uuid(), 'forecasting', 'forecast', 'failed',
          '{"sensorId": 4, "horizonMs": 1}', NULL, 'NO_MODEL: too little data', now()),
         ('00000000-0000-4000-8000-000000000002', gen_random_uuid(), 'scheduling', 'schedule', 'finished',
          '{"flexModel": [{"sensor": 5}], "flexContext": {}}', '{"conflicts": [], "unresolved": [{"asset": 3}]}', NULL, now())`,
      );
      await sql.query(
        `DELETE FROM timed_belief USING sensor
         WHERE sensor.id = sensor_id AND sensor.name = 'household consumption' AND event_start > now() - interval '1 day'
           AND belief_horizon <= 0`,
      );
    });
    const { page } = walk;
    await page.goto('/dashboard');
    await page.waitForSelector('.attention li');
    const items = await page.locator('.attention li').allInnerTexts();
    expect(items[0]).toMatch(/Forecast of demo-solar failed[\s\S]*See why/);
    expect(items[1]).toMatch(/Schedule of demo-battery does not keep all limits[\s\S]*See which/);
    expect(items[2]).toMatch(/demo-building: data is late[\s\S]*household consumption[\s\S]*Status/);
    const solar = await textOf('tr:has-text("solar")');
    expect(solar).toMatch(/1\s+[\d.]+ kW( produced)?\s+[\d.]+ kWh/);
    expect(await walk.inspect('dashboard-demo')).toEqual([]);
    await page.click('.attention >> text=Status');
    expect(page.url()).toContain(`${SITE}/status`);
    expect(await textOf('main')).toContain('stale');
    expect(await walk.inspect('asset-status-demo')).toEqual([]);
  });

  it('tells in the history who changed what, and pages and sorts lists of sensors', async () => {
    const { page } = walk;
    await page.goto(`${SITE}/history?filter=created&per_page=25`);
    expect(await textOf('main')).toMatch(
      /Asset 'demo-building' \(Id 1\) created[\s\S]*Showing 1 to 4 out of 4 records/,
    );
    expect(await walk.inspect('asset-history')).toEqual([]);
    await page.goto('/assets/4/sensors?sort=name&dir=desc');
    const names = await page.locator('tbody th').allInnerTexts();
    expect(names).toEqual([...names].sort().reverse());
    expect(names).toHaveLength(5);
    expect(await walk.inspect('asset-sensors-demo')).toEqual([]);
  });

  it('has no errors, and loads nothing from other servers', () => {
    expect(walk.complaints).toEqual([]);
  });
});
