import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { coloursOf, describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { pickCases } from '../harness/effort';
import { eventually } from '../harness/eventually';
import { logInOn, openAs, openWalk, type Walk } from '../harness/browser/walk';
import { byViewer, FAMILIES, PAGES, pagePath } from '../harness/contract/page-permissions';
import { emailOf, PASSWORD, startScene, type Person, type Scene } from '../harness/scenes/api-scene';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string;
};

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
    if (person) await openAs(walk, emailOf(person), PASSWORD, path);
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
      ['credits', '/credits', 'Natural Earth'],
    ])('%s is in the frame, accessible and fits a phone', async (name, path, text) => {
      await walk.page.goto(path);
      expect(await walk.page.locator('main').innerText()).toContain(text);
      expect(await walk.page.locator('footer').innerText()).toContain(
        `Version ${version}, compatible with FlexMeasures 0.33.1, running since`,
      );
      expect(await walk.inspect(name)).toEqual([]);
    });

    it('shows pictures of what it does beside the form, which buttons and keys scroll', async () => {
      const { page } = walk;
      await page.goto('/login');
      const shown = page.locator('.teaser [data-shown]');
      const evaluate = (what: string) =>
        page.evaluate<number>(`document.querySelector('.teaser-slide')${what}`);
      expect(await evaluate(".querySelector('img').naturalWidth")).toBeGreaterThan(0);
      await page.click('.teaser >> text=Next');
      await page.waitForSelector('.teaser >> text="2 of 3"');
      expect(await evaluate('.getBoundingClientRect().right')).toBeLessThan(
        (await page.locator('.teaser').boundingBox())!.x + 5,
      );
      await page.click('.teaser >> text=Previous');
      await page.waitForSelector('.teaser >> text="1 of 3"');
      await page.click('.teaser >> text=Previous');
      await page.waitForSelector('.teaser >> text="3 of 3"');
      expect(await shown.innerText()).toBe('3 of 3');
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

  describe('graph pages', () => {
    let walk: Walk;
    const WINDOW = '?first=2026-03-04&last=2026-03-05';
    const ready = () => walk.page.waitForSelector('fm-chart[data-state="ready"]');
    type IsColour = (red: number, green: number, blue: number) => boolean;
    /** Counts the pixels of a picture that have some colours. */
    const pixelCounter = async (picture: Buffer): Promise<(isOne: IsColour) => number> => {
      // The security policy of the page itself allows no such requests.
      const empty = await browser.newPage();
      const colours = await coloursOf(empty, picture);
      await empty.close();
      return (isOne) =>
        [...colours].reduce((sum, [key, count]) => {
          const pixel = Number(key);
          return isOne(pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255) ? sum + count : sum;
        }, 0);
    };
    /** Number of pixels of a panel that are not grey, which axes and text are. */
    const colouredPixels = async (panel: number): Promise<number> => {
      const pixelsThat = await pixelCounter(await walk.page.locator('.chart-plot').nth(panel).screenshot());
      return pixelsThat((...channels) => Math.max(...channels) - Math.min(...channels) > 60);
    };

    beforeAll(async () => {
      walk = await walkAs('accountAdmin', `/assets/3${WINDOW}`);
    });
    afterAll(() => walk.close());

    it('draws prices and the schedule of the battery, accessible and on a phone', async () => {
      await ready();
      expect(await walk.page.locator('h1').innerText()).toBe('toy-battery');
      const headings = await walk.page.locator('.chart-heading').allInnerTexts();
      expect(headings[0]).toMatch(/Day ahead prices \(NL transmission zone\) \(EUR\/MWh\)/);
      expect(headings[1]).toMatch(/discharging \(MW\)[\s\S]*schedule/);
      for (const panel of [0, 1]) expect(await colouredPixels(panel)).toBeGreaterThan(400);
      expect(await walk.inspect('asset-graphs')).toEqual([]);
    });

    it('shows a value with unit, source with its id, and horizon at the pointer, and by keyboard', async () => {
      const { page } = walk;
      const { x, y, width, height } = (await page.locator('.chart-plot').nth(1).boundingBox())!;
      await page.mouse.move(x + 60 + (width - 74) * 0.3, y + height / 2);
      const readout = page.locator('.chart-readout').nth(1);
      expect(await readout.innerText()).toMatch(/2026-03-04 14:15[\s\S]*MW[\s\S]*schedule[\s\S]*\(ID: \d+\)/);
      await page.mouse.move(0, 0);
      expect(await readout.isVisible()).toBe(false);
      await page.locator('.chart-plot').nth(1).focus();
      await page.keyboard.press('ArrowLeft');
      expect(await readout.innerText()).toContain('2026-03-04');
      await page.keyboard.press('Escape');
    });

    it('hides a series by the legend, and shows the values as a table and as CSV', async () => {
      const { page } = walk;
      const before = await colouredPixels(1);
      await page.locator('.chart-key').nth(1).click();
      expect(await colouredPixels(1)).toBeLessThan(before / 2);
      await page.locator('.chart-key').nth(1).click();
      await page.locator('text=Table').nth(1).click();
      expect(await page.locator('.chart-table tbody tr').count()).toBe(48);
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=CSV')]);
      const csv = readFileSync(await download.path(), 'utf8');
      expect(download.suggestedFilename()).toBe('toy-battery 2026-03-04 2026-03-05.csv');
      expect(csv).toMatch(/^start,sensor,unit,source,kind,value,low,high\r\n/);
      expect(csv).toMatch(/\n2026-03-04T07:00\+01:00,discharging,MW,[^\n]*,schedule,-?[\d.]+,,\r/);
      const [picture] = await Promise.all([page.waitForEvent('download'), page.click('text=PNG')]);
      expect(readFileSync(await picture.path()).length).toBeGreaterThan(5000);
    });

    it('zooms by buttons, and changes the period by the calendar, which the session keeps', async () => {
      const { page } = walk;
      await page.click('[aria-label="Zoom in"]');
      await page.locator('.chart-table tbody tr').nth(47).waitFor({ state: 'detached' });
      await page.fill('[aria-label="First day"]', '2026-03-06');
      await page.waitForSelector('fm-chart[data-state="empty"]');
      expect(await page.locator('.chart-note').innerText()).toContain('There is no data in this period.');
      expect(page.url()).toContain('?first=2026-03-06&last=2026-03-06');
      await page.goto('/assets/3');
      await page.waitForSelector('fm-chart[data-state="empty"]');
      await page.click('text=the period of the latest data');
      await ready();
    });

    it('keeps the days of the sensor while times are shown in another zone', async () => {
      const abroad = await openWalk(browser, scene.api.url, { timezoneId: 'America/New_York' });
      await openAs(abroad, emailOf('accountAdmin'), PASSWORD, `/sensors/3${WINDOW}`);
      const { page } = abroad;
      await page.waitForSelector('fm-chart[data-state="ready"]');
      await page.click('text=Show them in America/New_York');
      const [request] = await Promise.all([
        page.waitForRequest((one) => one.url().includes('/chart_data')),
        page.fill('[aria-label="Last day"]', '2026-03-04'),
      ]);
      const query = new URL(request.url()).searchParams;
      expect(query.get('event_starts_after')).toBe('2026-03-03T23:00:00.000Z');
      expect(query.get('event_ends_before')).toBe('2026-03-04T23:00:00.000Z');
      await abroad.close();
    });

    it('shows prices of a public sensor with statistics', async () => {
      await walk.page.goto(`/sensors/3${WINDOW}`);
      await ready();
      expect(await colouredPixels(0)).toBeGreaterThan(500);
      expect(await walk.page.locator('table').last().innerText()).toMatch(/24\s+4\s+10\.\d+\s+18/);
      expect(await walk.inspect('sensor')).toEqual([]);
    });

    it('marks now, and the future by another ground', async () => {
      const { page, ...clocked } = await walkAs('accountAdmin', '/');
      await page.clock.setFixedTime(new Date('2026-03-04T12:00:00Z'));
      await page.goto(`/sensors/3${WINDOW}`);
      await page.waitForSelector('fm-chart[data-state="ready"]');
      const pixelsThat = await pixelCounter(await page.locator('.chart-plot').screenshot());
      // The line is red, the ground of the future is grey-blue.
      expect(pixelsThat((red, green, blue) => red > green + 60 && red > blue + 60)).toBeGreaterThan(100);
      expect(pixelsThat((red, _, blue) => red > 230 && blue - red > 3 && blue - red < 12)).toBeGreaterThan(
        20_000,
      );
      await clocked.close();
    });

    it('draws a long period in buckets, and refines the part that is shown', async () => {
      const days = 60;
      const { page } = walk;
      const values = Array.from({ length: days * 96 }, (_, i) => Math.sin(i / 48));
      const { status } = await scene.send('POST', '/sensors/data', {
        type: 'PostSensorDataRequest',
        sensor: 'ea1.2021-01.io.flexmeasures:fm1.2',
        start: '2026-05-01T00:00:00+02:00',
        duration: `PT${days * 24}H`,
        values,
        unit: 'MW',
      });
      expect(status).toBe(200);
      const answers: Record<string, unknown>[] = [];
      page.on('response', (response) => {
        if (response.url().includes('/chart_data'))
          void response.json().then((answer: Record<string, unknown>) => answers.push(answer));
      });
      const newestBucket = (): number | null | undefined =>
        (answers.at(-1)?.['series'] as { bucket: number | null }[] | undefined)?.[0]?.bucket;
      await page.goto('/sensors/2?first=2026-05-01&last=2026-06-29');
      await ready();
      await eventually(newestBucket, (bucket) => (bucket ?? 0) > 900_000);
      expect(await colouredPixels(0)).toBeGreaterThan(5000);
      const note = page.locator('.chart-note');
      expect(await note.innerText()).toContain('Values are means of longer times');
      for (let times = 0; times < 5; times++) await page.click('[aria-label="Zoom in"]');
      await eventually(newestBucket, (bucket) => bucket === null);
      await eventually(
        () => note.innerText(),
        (text) => text === '',
      );
    });

    it('shows data before its annotations, and keeps these when somebody zooms meanwhile', async () => {
      const { page } = walk;
      const note = {
        content: 'Works at the station',
        start: '2026-05-01T00:00:00Z',
        end: '2026-07-01T00:00:00Z',
      };
      const answer = await scene.api.request('POST', '/api/v3_0/sensors/2/annotations', {
        token: scene.tokenOf('accountAdmin'),
        json: note,
      });
      expect(answer.status).toBe(201);
      const held: (() => void)[] = [];
      await page.route('**/chart_annotations?*', async (route) => {
        await new Promise<void>((go) => held.push(go));
        await route.continue();
      });
      await page.goto('/sensors/2?first=2026-05-01&last=2026-06-29');
      await ready();
      for (let times = 0; times < 3; times++) await page.click('[aria-label="Zoom in"]');
      await page.waitForResponse((response) => response.url().includes('/chart_data'));
      held.forEach((go) => go());
      await page.locator('.chart-plot').focus();
      const readout = page.locator('.chart-readout');
      await eventually(
        async () => {
          await page.keyboard.press('ArrowLeft');
          return readout.innerText();
        },
        (text) => text.includes('Works at the station'),
      );
      await page.unroute('**/chart_annotations?*');
    });

    it('goes on after the chart was moved on its page, and ends when it is removed', async () => {
      const { page } = walk;
      await page.goto(`/assets/3${WINDOW}`);
      await ready();
      await page.evaluate("document.querySelector('main').prepend(document.querySelector('fm-chart'))");
      await ready();
      for (const panel of [0, 1]) expect(await colouredPixels(panel)).toBeGreaterThan(400);
      expect(await page.locator('.chart-plot canvas').count()).toBe(2);
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.evaluate(`(() => {
        document.querySelector('[aria-label="Zoom in"]').click();
        document.querySelector('fm-chart').remove();
        document.dispatchEvent(new CustomEvent('live-event', { detail: { name: 'reset', data: {} } }));
        document.dispatchEvent(new CustomEvent('colour-mode'));
      })()`);
      await page.evaluate('new Promise((done) => setTimeout(done, 600))');
      expect(requests.filter((url) => url.includes('/chart_'))).toEqual([]);
    });

    it('has no errors and asks no other server', () => {
      expect(walk.complaints).toEqual([]);
    });

    it('shows nothing of other accounts', async () => {
      const stranger = await walkAs('stranger', '/');
      for (const path of ['/assets/3', '/sensors/2']) {
        expect((await stranger.page.goto(path))!.status()).toBe(403);
        expect(await stranger.page.content()).not.toContain('toy-battery');
      }
      for (const path of ['/assets/999', '/sensors/999', '/assets/x'])
        expect([path, (await stranger.page.goto(path))!.status()]).toEqual([path, 404]);
      await stranger.close();
    });
  });

  describe('schedule now', () => {
    let walk: Walk;
    beforeAll(async () => {
      walk = await walkAs('accountAdmin', '/assets/3');
    });
    afterAll(() => walk.close());

    const fill = async (values: Record<string, string>): Promise<void> => {
      for (const [name, value] of Object.entries(values)) await walk.page.fill(`[name=${name}]`, value);
    };

    it('suggests the prices that the asset shows, and shows errors at their fields', async () => {
      const { page } = walk;
      await page.click('text=Schedule now');
      expect(await page.inputValue('[name=price_sensor]')).toBe('3');
      expect(await walk.inspect('schedule-form')).toEqual([]);
      await fill({ start: '2026-03-04T07:00', soc_at_start: 'half', target: '80%' });
      await page.click('main button');
      await page.waitForSelector('.is-invalid');
      expect(await page.locator('#soc_at_start-note').innerText()).toMatch(/\S/);
      expect(await page.locator('#target_time-note').innerText()).toMatch(/\S/);
      expect(await page.inputValue('[name=start]')).toBe('2026-03-04T07:00');
      expect(await page.inputValue('[name=soc_at_start]')).toBe('half');
      expect(await walk.inspect('schedule-form-invalid')).toEqual([]);
    });

    it('follows the job, and tells what the schedule costs and does', async () => {
      const { page } = walk;
      await fill({ soc_at_start: '60%', target: '' });
      await page.selectOption('[name=duration]', 'PT12H');
      await page.click('main button');
      await page.waitForURL('/jobs/*');
      await page.locator('.state-finished').waitFor();
      const text = await page.locator('main').innerText();
      expect(text).toMatch(/The schedule is finished\.[\s\S]*(?:Earns|Costs)\s+[\d.]+ EUR/);
      expect(text).toMatch(/2026-03-04 07:00\+01:00, 12 hours in steps of 15 minutes/);
      expect(text).toMatch(/Charged and discharged\s+[\d.]+ [kM]Wh and [\d.]+ [kM]Wh/);
      expect(await walk.inspect('job')).toEqual([]);
      await page.click('text=Graphs of toy-battery');
      await page.waitForSelector('fm-chart[data-state="ready"]');
      expect(page.url()).toContain('first=2026-03-04&last=2026-03-04');
      expect(walk.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
    });

    it('takes targets and limits of certain times row by row, for this schedule only', async () => {
      const { page } = walk;
      await page.goto('/sensors/2/schedule');
      await fill({ start: '2026-03-04T07:00', soc_at_start: '60%' });
      await page.selectOption('[name=duration]', 'PT12H');
      await page.click('summary >> text="The device"');
      const cells = page.locator('[data-field="soc-minima"] .flex-series-row input');
      const fillRow = async (parts: string[]): Promise<void> => {
        for (const [i, part] of parts.entries()) await cells.nth(i).fill(part);
      };
      await fillRow(['2026-03-04T10:00', '2026-03-04T11:00', '5 kW']);
      const note = page.locator('[id="flex-model.soc-minima-note"]');
      expect(await note.innerText()).toMatch(/kW/);
      await page.click('button >> text="Schedule now"');
      await page.waitForSelector('[id="flex-model.soc-minima"].is-invalid', { state: 'attached' });
      expect(await note.innerText()).toMatch(/kW/);
      expect(await walk.inspect('schedule-form-rows')).toEqual([]);
      await fillRow(['2026-03-04T10:00', '2026-03-04T11:00', '430 kWh']);
      expect(await note.innerText()).toBe('');
      await page.click('button >> text="Schedule now"');
      await page.waitForURL('/jobs/*');
      await page.locator('.state-finished').waitFor();
      const id = new URL(page.url()).pathname.split('/').at(-1)!;
      const { body } = await scene.send('GET', `/jobs/${id}`);
      expect(body).toMatchObject({ result: { resolved: [{ asset: 3, 'soc-minima': [expect.anything()] }] } });
    });

    it('is tried again with what is known now, after it has failed', async () => {
      const { page } = walk;
      await page.goto('/sensors/2/schedule');
      await fill({ start: '2026-04-10T07:00', soc_at_start: '60%' });
      await page.selectOption('[name=duration]', 'PT12H');
      await page.click('main form button');
      await page.waitForURL('/jobs/*');
      await page.locator('.state-failed').waitFor();
      expect(await walk.inspect('job-failed')).toEqual([]);
      const failed = new URL(page.url()).pathname;
      const reader = await walkAs('reader', failed);
      expect(await reader.page.locator('text=Try again').count()).toBe(0);
      const csrf = (await reader.page.getAttribute('meta[name=csrf-token]', 'content'))!;
      const refused = await reader.page.request.post(`${failed}/retry`, { form: { csrf }, maxRedirects: 0 });
      expect(refused.status()).toBe(403);
      await reader.close();

      const prices = { values: Array.from({ length: 24 }, (_, hour) => hour), unit: 'EUR/MWh' };
      const day = { start: '2026-04-10T00:00:00+02:00', duration: 'PT24H' };
      expect((await scene.send('POST', '/sensors/3/data', { ...prices, ...day }, 'admin')).status).toBe(200);
      await page.click('text=Try again');
      await page.waitForURL((url) => url.pathname !== failed);
      await page.locator('.state-finished').waitFor();
      expect(await page.locator('main').innerText()).toMatch(/(?:Earns|Costs)\s+[\d.]+ EUR/);

      const admin = await walkAs('admin', '/tasks/recorded');
      await admin.page.click(`main a[href="${failed}"]`);
      await admin.page.click('text=Try again');
      await admin.page.locator('.state-finished').waitFor();
      await admin.page.goto('/tasks/recorded/scheduling');
      await admin.page
        .locator('tr', { has: admin.page.locator(`a[href="${failed}"]`) })
        .locator('button')
        .click();
      await admin.page.waitForURL('/jobs/*');
      await admin.page.locator('.state-finished').waitFor();
      await admin.close();
    });

    const OF_BATTERY = { assetId: 3, flexModel: [{ sensor: 2, 'soc-at-start': 0.2 }] };
    const FORECAST_DAY = { start: '2026-03-05T00:00:00Z', end: '2026-03-06T00:00:00Z' };

    it.each<[string, string, string | null, object]>([
      [
        ...(['scheduling', 'schedule', 'accountAdmin'] as const),
        { ...OF_BATTERY, start: '2026-03-04T07:00:00Z', flexContext: { 'consumption-price': { sensor: 3 } } },
      ],
      [
        ...(['forecasting', 'requested-forecast', 'accountAdmin'] as const),
        {
          ...{ sensorId: 2, ...FORECAST_DAY, frequency: 'PT24H', maxHorizon: 'PT24H' },
          ...{ config: { model: 'naive' }, askedAt: '2020-01-01T00:00:00Z' },
        },
      ],
      [
        ...(['forecasting', 'forecast', null] as const),
        { sensorId: 2, from: FORECAST_DAY.start, until: FORECAST_DAY.end, horizon: 'PT6H' },
      ],
    ])('queues one job again after a failed job of %s: %s', async (queue, kind, asker, payload) => {
      const asked = { beliefTime: '2026-03-04T06:00:00.000Z', ...payload };
      const failed = await scene.sql.query<{ id: string }>(
        `INSERT INTO job (id, fingerprint, queue, kind, state, payload, failure_reason, ended_at)
         VALUES (gen_random_uuid(), gen_random_uuid(), $1, $2, 'failed', $3, 'LOST: gone', now()) RETURNING id`,
        [queue, kind, JSON.stringify({ ...asked, ...(asker !== null && { userId: 999 }) })],
      );
      const csrf = (await walk.page.getAttribute('meta[name=csrf-token]', 'content'))!;
      const path = `/jobs/${failed.rows[0]!.id}/retry`;
      const retry = async (): Promise<string> => {
        const answer = await walk.page.request.post(path, { form: { csrf }, maxRedirects: 0 });
        expect([path, answer.status()]).toEqual([path, 303]);
        return answer.headers()['location']!.split('/').at(-1)!;
      };
      const id = await retry();
      expect(path).not.toContain(id);
      expect(await retry()).toBe(id);
      const { rows } = await scene.sql.query<{ payload: { askedAt?: string } }>(
        `SELECT kind, payload, username AS asker FROM job
         LEFT JOIN fm_user ON fm_user.id = (payload ->> 'userId')::integer WHERE job.id = $1`,
        [id],
      );
      const { askedAt, ...kept } = asked as { askedAt?: string };
      expect(rows).toMatchObject([{ kind, asker, payload: kept }]);
      if (askedAt !== undefined) expect(rows[0]!.payload.askedAt! > askedAt).toBe(true);
    });

    it('is not offered to users who may not ask, and refused', async () => {
      const reader = await walkAs('reader', '/assets/3');
      expect(await reader.page.locator('text=Schedule now').count()).toBe(0);
      expect((await reader.page.goto('/sensors/2/schedule'))!.status()).toBe(403);
      const stranger = await walkAs('stranger');
      expect((await stranger.page.goto(`/jobs/${scene.schedule}`))!.status()).toBe(403);
      for (const other of [reader, stranger]) await other.close();
    });
  });

  describe('dashboard', () => {
    let walk: Walk;
    beforeAll(async () => {
      walk = await walkAs('accountAdmin', '/');
    });
    afterAll(() => walk.close());

    it('shows the assets of the user on a map and by type, without other servers', async () => {
      const { page } = walk;
      await page.waitForSelector('fm-map[data-state="ready"]');
      expect(await page.locator('main').innerText()).toMatch(
        /renewables\s+1\s+solar\s+1\s+battery\s+1\s+building\s+1/,
      );
      expect(await page.locator('.leaflet-control-layers-overlays label').allInnerTexts()).toEqual(
        ['battery (1)', 'building (1)', 'solar (1)'].map((text) => expect.stringContaining(text) as string),
      );
      expect(await page.locator('.map-switch').count()).toBe(0);
      // Around Amsterdam, there are land and sea.
      const empty = await browser.newPage();
      const colours = await coloursOf(empty, await page.locator('fm-map').screenshot());
      await empty.close();
      const pixelsOf = (red: number, green: number, blue: number): number =>
        [...colours].reduce((sum, [key, count]) => {
          const channels = [0, 8, 16].map((shift) => (Number(key) >> shift) & 255);
          return [red, green, blue].every((channel, i) => channel === channels[i]) ? sum + count : sum;
        }, 0);
      expect(pixelsOf(0xff, 0xff, 0xff)).toBeGreaterThan(50_000);
      expect(pixelsOf(0xdc, 0xe8, 0xee)).toBeGreaterThan(20_000);
      expect(await walk.inspect('dashboard')).toEqual([]);
    });

    it('names all scripts in the page, so that browsers load them at once', async () => {
      const { page } = walk;
      for (const path of ['/dashboard', '/assets/3']) {
        await page.goto(path, { waitUntil: 'load' });
        const loaded = await page.evaluate<string[]>(
          "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)",
        );
        const html = await (await page.request.get(path)).text();
        const scripts = loaded.filter((one) => one.endsWith('.js'));
        expect(scripts.length).toBeGreaterThan(2);
        expect(scripts.filter((one) => !html.includes(one))).toEqual([]);
      }
      await page.goto('/');
      await page.waitForSelector('fm-map[data-state="ready"]');
    });

    it('shows the current state of an asset on the map, with a link to its page', async () => {
      const { page } = walk;
      // All three are at the same place.
      await page.locator('.marker-cluster').click();
      await page.locator('.map-marker[title^="toy-battery"]').click();
      const popup = page.locator('.map-popup');
      await popup.locator('text=discharging').waitFor();
      expect(await popup.innerText()).toMatch(/toy-battery[\s\S]*discharging[\s\S]*-?[\d.]+ MW/);
      expect(await walk.inspect('dashboard-popup')).toEqual([]);
      await popup.locator('a').click();
      await page.waitForURL('/assets/3');
    });

    it('leads from a type to its assets', async () => {
      const { page } = walk;
      await page.goto('/dashboard');
      await page.click('td a >> text=solar');
      expect(await page.locator('tbody th').allInnerTexts()).toEqual(['toy-solar']);
      expect(walk.complaints).toEqual([]);
    });

    it('fills the place of an asset by a click on the map', async () => {
      const { page } = walk;
      await page.goto('/assets/new');
      await page.waitForSelector('fm-map[data-state="ready"]');
      await page.locator('fm-map').click({ position: { x: 150, y: 100 } });
      for (const name of ['latitude', 'longitude'])
        expect(await page.inputValue(`[name=${name}]`)).toMatch(/^-?\d+\.\d{7}$/);
      // Inputs do nothing to a map that has gone.
      await page.evaluate("document.querySelector('fm-map').remove()");
      await page.fill('[name=latitude]', '50');
      await page.keyboard.press('Tab');
      expect(walk.complaints).toEqual([]);
    });

    it('says on the map that the session has ended', async () => {
      const ended = await walkAs('accountAdmin', '/dashboard');
      const { page } = ended;
      await page.locator('.marker-cluster').click();
      await page.context().clearCookies();
      await page.locator('.map-marker[title^="toy-battery"]').click();
      const popup = page.locator('.map-popup');
      await popup.locator('text=Your session has ended.').waitFor();
      expect(await popup.locator('form').count()).toBe(0);
      expect(await popup.locator('a').getAttribute('href')).toBe('/login?next=%2Fdashboard');
      await ended.close();
    });

    it('lets admins switch to accounts, and leads empty accounts by the hand', async () => {
      const admin = await walkAs('admin', '/dashboard');
      await admin.page.waitForSelector('fm-map[data-state="ready"]');
      await admin.page.click('text=Group by account');
      expect(await admin.page.locator('.leaflet-control-layers-overlays label').allInnerTexts()).toEqual([
        expect.stringContaining('Toy Account (3)') as string,
      ]);
      expect(admin.complaints).toEqual([]);
      await admin.close();
      const stranger = await walkAs('stranger', '/');
      expect(await stranger.page.locator('main').innerText()).toContain('Start here');
      expect((await stranger.page.goto('/assets/3/state'))!.status()).toBe(403);
      await stranger.close();
    });
  });

  describe('assets', () => {
    let walk: Walk;
    beforeAll(async () => {
      walk = await walkAs('accountAdmin', '/assets');
    });
    afterAll(() => walk.close());

    const click = (text: string) => walk.page.click(`main >> text="${text}"`);
    const valid = { name: 'solar roof', latitude: '52.3740', longitude: '4.8897' };

    it('lists those that the user can read, and searches and sorts by the address', async () => {
      const { page } = walk;
      const names = () => page.locator('tbody th').allInnerTexts();
      expect(await page.locator('main').innerText()).toMatch(
        /Asset overview[\s\S]*Showing 1 to 4 out of 4 records/,
      );
      expect(await page.locator('tbody tr', { hasText: 'toy-battery' }).innerText()).toMatch(
        /LAT: 52\.3740 LONG: 4\.8897\s+3\s+Toy Account\s+battery\s+1/,
      );
      expect(await walk.inspect('assets')).toEqual([]);
      await page.click('th >> text=Name');
      await page.waitForURL('**sort=name&dir=asc**');
      expect((await names())[0]).toBe('NL transmission zone');
      await page.fill('[name=filter]', 'toy-b');
      await page.click('text=Apply');
      await page.waitForURL('**filter=toy-b**');
      expect(await names()).toEqual(['toy-battery', 'toy-building']);
    });

    it('creates one, and shows errors of the API at their fields with all that was typed', async () => {
      const { page } = walk;
      await page.goto('/assets');
      await click('Create asset');
      expect(await walk.inspect('asset-new')).toEqual([]);
      await page.fill('[name=name]', valid.name);
      await page.fill('[name=latitude]', '95');
      await page.fill('[name=longitude]', valid.longitude);
      await page.fill('[name=attributes]', '{"colour": "red"}');
      await click('Create');
      await page.waitForSelector('.is-invalid');
      expect(await page.locator('#latitude-note').innerText()).toBe(
        'Latitude 95 exceeds the maximum latitude of 90 degrees.',
      );
      expect(await page.inputValue('[name=attributes]')).toBe('{"colour": "red"}');
      await page.fill('[name=latitude]', valid.latitude);
      await click('Create');
      await page.waitForURL(/\/assets\/\d+$/);
      expect(await page.locator('h1').innerText()).toBe('solar roof');
      expect(await page.locator('main').innerText()).toContain('this asset has no sensors');
    });

    it('adds a sensor, and chooses what the graphs show', async () => {
      const { page } = walk;
      await click('Sensors');
      // Nothing tells where the asset is, so that the time zone is that of the browser.
      expect(await page.inputValue('[name=timezone]')).toBe('Europe/Amsterdam');
      await page.fill('[name=name]', 'power');
      await page.fill('[name=unit]', 'parsecs per hour of');
      await click('Add sensor');
      expect(await page.locator('#unit-note').innerText()).toMatch(/\S/);
      await page.fill('[name=unit]', 'kW');
      await click('Add sensor');
      await page.waitForURL('/sensors/*');
      const id = Number(/\d+$/.exec(page.url())![0]);
      await page.click('.breadcrumb a >> nth=0');
      await click('Properties');
      await page.fill('[name=sensors_to_show]', `Sun: ${id}\n3`);
      await click('Save');
      await page.waitForSelector('text=The changes are saved.');
      expect(await page.inputValue('[name=sensors_to_show]')).toBe(`Sun: ${id}\n3`);
      await page.fill('[name=attributes]', '{\n  colour: "red"\n}');
      await click('Save');
      expect(await page.locator('#attributes-note').innerText()).toBe('Not valid JSON: see line 2.');
      await click('Graphs');
      await page.locator('.chart-heading').nth(1).waitFor();
      expect(await page.locator('.chart-heading h2').allInnerTexts()).toEqual([
        'Sun (kW)',
        'Day ahead prices (NL transmission zone) (EUR/MWh)',
      ]);
    });

    it.each([
      ['asset-properties', '/assets/3/properties', 'JSON attributes'],
      ['asset-sensors', '/assets/3/sensors', 'View plot'],
      ['asset-status', '/assets/3/status', 'Is the data recent?'],
      ['asset-jobs', '/assets/3/jobs', 'finished'],
      ['asset-delete', '/assets/3/delete', 'This cannot be undone.'],
    ])('%s is accessible and fits a phone', async (name, path, text) => {
      await walk.page.goto(path);
      expect(await walk.page.locator('main').innerText()).toContain(text);
      expect(await walk.inspect(name)).toEqual([]);
    });

    it('deletes one after a question', async () => {
      const { page } = walk;
      await page.goto('/assets?filter=solar+roof');
      await click('solar roof');
      await click('Properties');
      await click('Delete');
      await click('Delete solar roof');
      await page.waitForURL('/assets');
      expect(await page.locator('main').innerText()).not.toContain('solar roof');
      expect(walk.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
    });

    it('can be changed by nobody whom the API would refuse', async () => {
      const reader = await walkAs('reader', '/assets/3/properties');
      expect(await reader.page.locator('fieldset[disabled]').count()).toBe(1);
      for (const text of ['Save', 'Delete', 'Add child asset'])
        expect(await reader.page.locator(`main >> text="${text}"`).count()).toBe(0);
      const csrf = await reader.page.getAttribute('meta[name=csrf-token]', 'content');
      for (const path of [
        '/assets/3/properties',
        '/assets/3/delete',
        '/assets/3/sensors',
        '/sensors/2/schedule',
      ]) {
        const answer = await reader.page.request.post(path, {
          form: { csrf: csrf!, name: 'taken' },
          maxRedirects: 0,
        });
        expect([path, answer.status()]).toEqual([path, 403]);
        const forged = await walk.page.request.post(path, { form: { name: 'taken' }, maxRedirects: 0 });
        expect([path, forged.status()]).toEqual([path, 403]);
      }
      await reader.close();
      const member = await walkAs('member', '/assets');
      expect(await member.page.locator('text=Create asset').count()).toBe(0);
      expect((await member.page.goto('/assets/new'))!.status()).toBe(403);
      await member.close();
      const stranger = await walkAs('stranger', '/assets');
      expect(await stranger.page.locator('tbody th').allInnerTexts()).toEqual(['NL transmission zone']);
      await stranger.close();
    });
  });

  describe('users and accounts', () => {
    let walk: Walk;
    beforeAll(async () => {
      walk = await walkAs('accountAdmin', '/users');
    });
    afterAll(() => walk.close());

    it.each([
      ['users', '/users', /All active users[\s\S]*accountAdmin[\s\S]*account-admin/],
      ['user', '/logged-in-user', /Overview for logged-in user: accountAdmin[\s\S]*Assets in account\s+3/],
      ['accounts', '/accounts', /Toy Account\s+1\s+3\s+users of Toy Account\s+3/],
      ['account', '/account', /Account Toy Account/],
    ])('%s is accessible and fits a phone', async (name, path, text) => {
      await walk.page.goto(path);
      expect(await walk.page.locator('main').innerText()).toMatch(text);
      expect(await walk.inspect(name)).toEqual([]);
    });

    it('gives a fresh token, which the API accepts', async () => {
      await walk.page.goto('/logged-in-user');
      const token = await walk.page.inputValue('#token');
      expect((await scene.api.request('GET', '/api/v3_0/assets', { token })).status).toBe(200);
    });

    it('deactivates and activates a user of the account', async () => {
      const { page } = walk;
      await page.goto('/users');
      await page.click('text=member');
      await page.click('text=Deactivate');
      await page.click('text=List active users');
      expect(await page.locator('tbody th').allInnerTexts()).not.toContain('member');
      await page.check('[name=include_inactive]');
      await page.click('text=Apply');
      await page.click('text=member');
      await page.click('main >> text="Activate"');
      await page.waitForSelector('text=Deactivate');
    });

    it('changes names and roles of users as far as the viewer may, and nobody the own roles', async () => {
      const { page } = walk;
      await page.goto('/users');
      await page.click('tbody >> text=member');
      expect(await walk.inspect('user-form')).toEqual([]);
      // Only admins give roles with permissions beyond the account.
      expect(await page.getByLabel('admin', { exact: true }).isDisabled()).toBe(true);
      await page.getByLabel('account-admin').check();
      await page.fill('[name=timezone]', 'Mars');
      await page.click('main >> text="Save"');
      expect(await page.locator('#timezone-note').innerText()).toMatch(/Mars/);
      expect(await page.getByLabel('account-admin').isChecked()).toBe(true);
      await page.fill('[name=timezone]', 'Europe/Berlin');
      await page.click('main >> text="Save"');
      await page.waitForSelector('text=The changes are saved.');
      const shown = await page.locator('main table').innerText();
      expect(shown).toMatch(/Time Zone\s+Europe\/Berlin[\s\S]*Roles\s+account-admin/);
      const path = new URL(page.url()).pathname;

      const admin = await walkAs('admin', path);
      await admin.page.getByLabel('account-admin').uncheck();
      await admin.page.getByLabel('task-runner').check();
      await admin.page.click('main >> text="Save"');
      await admin.page.waitForSelector('text=The changes are saved.');
      expect(await admin.page.locator('main table').innerText()).toMatch(/Roles\s+task-runner/);
      await admin.page.goto('/logged-in-user');
      expect(await admin.page.locator('[name=roles]').count()).toBe(0);

      // Now the user has a role beyond the account: account-admins do not manage it.
      await page.goto(path);
      for (const change of ['[name=roles]', 'text=Deactivate', 'text=Save'])
        expect([change, await page.locator(`main >> ${change}`).count()]).toEqual([change, 0]);
      const csrf = (await page.getAttribute('meta[name=csrf-token]', 'content'))!;
      const form = { csrf, username: 'taken', email: 'taken@example.com', timezone: 'UTC' };
      expect((await page.request.post(path, { form, maxRedirects: 0 })).status()).toBe(403);
      await admin.page.goto(path);
      await admin.page.getByLabel('task-runner').uncheck();
      await admin.page.click('main >> text="Save"');
      await admin.page.waitForSelector('text=The changes are saved.');
      await admin.close();
    });

    it('creates a user of the account, and shows errors at their fields', async () => {
      const { page } = walk;
      await page.goto('/users');
      await page.click('text=Create user');
      expect(await walk.inspect('user-new')).toEqual([]);
      await page.fill('[name=username]', 'newcomer');
      await page.fill('[name=email]', emailOf('member'));
      await page.click('main >> text="Create"');
      expect(await page.locator('#email-note').innerText()).toMatch(/exists/);
      expect(await page.inputValue('[name=username]')).toBe('newcomer');
      await page.fill('[name=email]', emailOf('newcomer'));
      await page.click('main >> text="Create"');
      await page.waitForURL(/\/users\/\d+/);
      expect(await page.locator('main').innerText()).toMatch(/this server sends no e-mails[\s\S]*newcomer/);
      const member = await walkAs('member', '/users');
      expect(await member.page.locator('text=Create user').count()).toBe(0);
      expect((await member.page.goto('/users/new'))!.status()).toBe(403);
      await member.close();
    });

    it('shows users, assets, annotations and colours of an account', async () => {
      const { page } = walk;
      await page.goto('/account');
      const table = (id: string) => page.locator(`[aria-labelledby=${id}] tbody`).innerText();
      expect(await table('users')).toMatch(/member\s+member@example\.com/);
      expect(await table('assets')).toMatch(/toy-battery\s+3\s+battery/);
      await page.click('text=Add, change or delete annotations');
      await page.fill('[name=content]', 'Day of the move');
      await page.click('text="Add annotation"');
      await page.waitForSelector('text=The annotation is saved.');
      await page.goto('/account');
      expect(await table('annotations')).toContain('Day of the move');
    });

    it('changes the account, and shows errors at their fields', async () => {
      const { page } = walk;
      await page.goto('/account');
      await page.fill('[name=primary_color]', 'red');
      await page.click('text=Save');
      expect(await page.locator('#primary_color-note').innerText()).toMatch(/\S/);
      await page.fill('[name=primary_color]', '#aa0000');
      await page.click('text=Save');
      await page.waitForSelector('text=The changes are saved.');
      expect(await page.getAttribute('.swatch rect', 'fill')).toBe('#aa0000');
      expect(walk.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
    });

    it('creates an account, with plan, roles and second factor as far as the viewer may', async () => {
      await scene.sql.query("INSERT INTO plan (name) VALUES ('Small')");
      await scene.sql.query("INSERT INTO account_role (name) VALUES ('Consultancy') ON CONFLICT DO NOTHING");
      const admin = await walkAs('admin', '/accounts');
      const { page } = admin;
      await page.click('text=Create account');
      expect(await admin.inspect('account-new')).toEqual([]);
      await page.fill('[name=name]', 'Toy Account');
      await page.click('main >> text="Create"');
      expect(await page.locator('#name-note').innerText()).toMatch(/exists/);
      await page.fill('[name=name]', 'New Customer');
      await page.click('main >> text="Create"');
      await page.waitForSelector('text=The account was created.');
      const id = new URL(page.url()).pathname.split('/').at(-1)!;
      await page.selectOption('[name=two_factor]', 'required');
      await page.selectOption('[name=plan_id]', { label: 'Small' });
      await page.getByLabel('Consultancy', { exact: true }).and(page.locator('[type=checkbox]')).check();
      expect(await admin.inspect('account-as-admin')).toEqual([]);
      await page.click('main >> text="Save"');
      await page.waitForSelector('text=The changes are saved.');
      const { rows } = await scene.sql.query<object>(
        `SELECT two_factor, plan.name AS plan, account_role.name AS role FROM account
         JOIN plan ON plan.id = plan_id JOIN roles_accounts ON account_id = account.id
         JOIN account_role ON account_role.id = role_id WHERE account.id = $1`,
        [id],
      );
      expect(rows).toEqual([{ two_factor: 'required', plan: 'Small', role: 'Consultancy' }]);
      await admin.close();
      const own = walk.page;
      expect((await own.goto('/accounts/new'))!.status()).toBe(403);
      await own.goto('/accounts');
      expect(await own.locator('text=Create account').count()).toBe(0);
      await own.goto('/account');
      for (const name of ['plan_id', 'account_roles', 'consultancy_account_id'])
        expect([name, await own.locator(`[name=${name}]`).count()]).toEqual([name, 0]);
      const csrf = (await own.getAttribute('meta[name=csrf-token]', 'content'))!;
      const form = { csrf, name: 'Toy Account', plan_id: '1' };
      expect((await own.request.post('/accounts/1', { form, maxRedirects: 0 })).status()).toBe(403);
    });

    it('sets up an app as second factor, and removes it', async () => {
      const member = await walkAs('member', '/logged-in-user');
      const { page } = member;
      await page.click('text=Set up or remove');
      expect(await member.inspect('two-factor')).toEqual([]);
      await page.click('text=Set up an app');
      expect(await member.inspect('two-factor-setup')).toEqual([]);
      const totp = new TOTP({ secret: Secret.fromBase32(await page.inputValue('#secret')) });
      await page.fill('[name=code]', '12345');
      await page.click('text=Switch on');
      expect(await page.locator('#code-note').innerText()).toMatch(/not the code/);
      await page.fill('[name=code]', totp.generate());
      await page.click('text=Switch on');
      const codes = (await page.inputValue('#recovery-codes')).split('\n');
      expect(codes).toHaveLength(10);
      expect(await member.inspect('two-factor-codes')).toEqual([]);
      const login = { email: emailOf('member'), password: PASSWORD };
      const answer = await scene.api.request('POST', '/api/requestAuthToken', { json: login });
      expect(answer).toMatchObject({ status: 403, body: { status: 'SECOND_FACTOR_REQUIRED' } });
      await page.click('text=I have kept them');
      expect(await page.locator('main table').innerText()).toMatch(/Second factor\s+codes of an app/);
      await page.click('text=Set up or remove');
      expect(await member.inspect('two-factor-on')).toEqual([]);
      await page.fill('[name=code]', codes[0]!);
      await page.click('button >> text="Remove the app"');
      await page.waitForSelector('text=Set up an app');
      expect(member.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
      const path = new URL(page.url()).pathname.replace('/remove', '');
      await member.close();
      // Account-admins see it, but can set up their own only.
      await walk.page.goto(path);
      expect(await walk.page.locator('main').innerText()).toMatch(/Only member can set up an app/);
      const stranger = await walkAs('stranger', '/');
      expect((await stranger.page.goto(path))!.status()).toBe(403);
      await stranger.close();
    });

    it('shows and allows no more than the API', async () => {
      const stranger = await walkAs('stranger', '/accounts');
      expect(await stranger.page.locator('tbody th').allInnerTexts()).toEqual(['Other']);
      for (const path of ['/users?account=1', '/accounts/1', '/users/1'])
        expect([path, (await stranger.page.goto(path))!.status()]).toEqual([path, 403]);
      await stranger.page.goto('/assets?account=1');
      expect(await stranger.page.locator('tbody th').allInnerTexts()).toEqual(['NL transmission zone']);
      const csrf = await stranger.page.getAttribute('meta[name=csrf-token]', 'content');
      for (const path of [
        ...['/users/1', '/users/1/activity', '/users/1/password-reset', '/accounts/1', '/accounts/new'],
        ...['/users/1/two-factor', '/users/1/two-factor/confirm', '/users/1/two-factor/remove'],
      ]) {
        const answer = await stranger.page.request.post(path, { form: { csrf: csrf! }, maxRedirects: 0 });
        expect([path, answer.status()]).toEqual([path, 403]);
      }
      await stranger.close();
      const admin = await walkAs('admin', '/users?account=1');
      expect(await admin.page.locator('tbody th').allInnerTexts()).toContain('member');
      await admin.close();
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

  // Those who see least, and all; page-permissions.test.ts asks for every page as everybody.
  it.each(pickCases(['stranger', 'member', 'accountAdmin', 'reader', 'admin'] as const, 2))(
    'shows one page of each family to %s, or that it may not be seen',
    async (person) => {
      const { page, ...walk } = await walkAs(person);
      const { rows } = await scene.sql.query<{ id: number }>(
        "SELECT id FROM fm_user WHERE username = 'member'",
      );
      for (const route of FAMILIES) {
        const expected = byViewer(PAGES[route]!)[person];
        const path = pagePath(route, { memberId: rows[0]!.id, job: scene.schedule });
        const answer = await page.goto(path, { waitUntil: 'domcontentloaded' });
        const isDenied = (await page.locator('h1').first().innerText()) === 'You may not see this page';
        expect([route, answer!.status(), isDenied]).toEqual([route, expected, expected === 403]);
      }
      expect(walk.complaints.filter((text) => !/status of 403/.test(text))).toEqual([]);
      await walk.close();
    },
  );

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
