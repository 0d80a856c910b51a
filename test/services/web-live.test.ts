import type { Browser } from 'playwright-core';
import { describeWithBrowser, startBrowser } from '../harness/browser/chromium';
import { logInOn, openWalk, type Walk } from '../harness/browser/walk';
import { eventually } from '../harness/eventually';
import { emailOf, PASSWORD, startScene, type Scene } from '../harness/scenes/api-scene';
import { startApi, type ApiServer } from '../harness/servers/api';

const WINDOW = '?first=2026-06-01&last=2026-06-02';

describeWithBrowser('Live pages and replay in a browser', () => {
  let scene: Scene;
  /** The server of the pages; data is posted to the other one. */
  let served: ApiServer;
  let browser: Browser;
  let walk: Walk;

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startScene(), startBrowser()]);
    served = await startApi(scene.databaseUri);
    walk = await openWalk(browser, served.url);
    await logInOn(walk, emailOf('accountAdmin'), PASSWORD, `/sensors/2${WINDOW}`);
  });
  afterAll(async () => {
    await walk.close();
    await browser.close();
    await served.stop();
    await scene.stop();
  });

  const post = async (start: string, values: number[], prior?: string): Promise<void> => {
    const body = { sensor: 2, values, start, duration: `PT${values.length * 15}M`, unit: 'MW', prior };
    expect((await scene.send('POST', '/sensors/data', body)).status).toBe(200);
  };
  const ready = () => walk.page.waitForSelector('fm-chart[data-state="ready"]');
  const live = () => walk.page.waitForSelector('fm-live[data-state="live"]');
  const rows = () => walk.page.locator('.chart-table tbody tr');

  it('shows what is posted to another server without a reload, and loads only that', async () => {
    const { page } = walk;
    await live();
    expect(await page.locator('fm-live').innerText()).toBe('live');
    await page.click('text=Table');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await post('2026-06-01T10:00:00+02:00', [0.125, 0.25]);
    await ready();
    await rows().nth(1).waitFor();
    expect(await rows().allInnerTexts()).toEqual([
      expect.stringMatching(/2026-06-01 10:00\s+0\.125/),
      expect.stringMatching(/2026-06-01 10:15\s+0\.25/),
    ]);
    await page.locator('[data-latest]', { hasText: '0.25 MW' }).waitFor();
    expect([...new Set(requests)].sort()).toEqual(['/api/dev/sensor/2/chart_data', '/sensors/2/latest']);
    // Data of another time is not loaded into the chart.
    requests.length = 0;
    await post('2026-07-01T10:00:00+02:00', [0.5]);
    await page.waitForResponse((response) => response.url().endsWith('/latest'));
    expect(requests).not.toContain('/api/dev/sensor/2/chart_data');
  });

  it('shows the newest value, also if the answer to an earlier question comes later', async () => {
    const { page } = walk;
    const latest = page.locator('[data-latest]');
    const answers: (() => void)[] = [];
    await page.route('**/sensors/2/latest', async (route) => {
      const response = await route.fetch();
      if (answers.length === 0) await new Promise<void>((answer) => answers.push(answer));
      await route.fulfill({ response });
    });
    await post('2026-07-02T10:00:00+02:00', [0.6]);
    await eventually(
      () => answers.length,
      (count) => count === 1,
    );
    await post('2026-07-02T10:15:00+02:00', [0.7]);
    await latest.filter({ hasText: '0.7 MW' }).waitFor();
    const late = page.waitForResponse((response) => response.url().endsWith('/latest'));
    answers[0]!();
    await (await late).finished();
    await page.evaluate('new Promise((done) => setTimeout(done, 100))');
    expect(await latest.innerText()).toContain('0.7 MW');
    await page.unroute('**/sensors/2/latest');
  });

  it('follows the jobs of its sensor', async () => {
    const { page } = walk;
    const { body } = await scene.send('POST', '/sensors/2/schedules/trigger', {
      start: '2026-03-04T09:00:00+01:00',
      duration: 'PT12H',
      'flex-model': { 'soc-at-start': 225, 'soc-unit': 'kWh' },
      'flex-context': { 'consumption-price-sensor': 3 },
    });
    const line = page.locator('#live-jobs .state-finished');
    await line.waitFor();
    expect((await line.innerText()).trim()).toBe('Schedule of discharging is finished');
    expect(await line.locator('a').getAttribute('href')).toBe(
      `/jobs/${(body as { schedule: string }).schedule}`,
    );
  });

  it('catches up after it was cut off, and says so meanwhile', async () => {
    const { page } = walk;
    await page.context().setOffline(true);
    await served.stop();
    await page.waitForSelector('fm-live[data-state="lost"]');
    expect(await page.locator('fm-live').innerText()).toBe('not live, trying again');
    await post('2026-06-01T11:00:00+02:00', [0.375]);
    served = await startApi(scene.databaseUri, { PORT: new URL(served.url).port });
    await page.context().setOffline(false);
    await live();
    await rows().nth(2).waitFor();
    expect(await rows().nth(2).innerText()).toMatch(/11:00\s+0\.375/);
  });

  it('replays what was known: forecasts appear, shift and are overtaken', async () => {
    const { page } = walk;
    // Once the page has been told of all, a page that is opened is told of nothing more.
    await live();
    await page.evaluate(`document.addEventListener('live-event', ({ detail: { name } }) => {
      if (name === 'beliefs.saved') document.body.dataset.saved = 1 + Number(document.body.dataset.saved ?? 0);
    })`);
    // Forecast at 6:00, again at 8:00, and measured after the event.
    await post('2026-06-02T10:00:00+02:00', [0.1, 0.1], '2026-06-02T06:00:00+02:00');
    await post('2026-06-02T10:00:00+02:00', [0.2, 0.2], '2026-06-02T08:00:00+02:00');
    await post('2026-06-02T10:00:00+02:00', [0.3], '2026-06-02T10:15:00+02:00');
    await eventually(
      () => page.evaluate<number>('Number(document.body.dataset.saved ?? 0)'),
      (count) => count >= 3,
    );
    await page.goto(`/sensors/2?first=2026-06-02&last=2026-06-02`);
    await ready();
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('chart_data')) requests.push(request.url());
    });
    await page.click('text=Replay');
    const slider = page.locator('.chart-slider');
    await slider.waitFor();
    await page.click('text=Table');
    const moment = () => page.locator('.chart-moment strong').innerText();
    const goTo = async (time: string) => {
      await page.evaluate(`(() => {
        const slider = document.querySelector('.chart-slider');
        slider.step = '1';
        slider.value = '${Date.parse(time)}';
        slider.dispatchEvent(new Event('input'));
      })()`);
      return moment();
    };
    expect(await goTo('2026-06-02T06:30:00+02:00')).toBe('2026-06-02 06:30');
    expect(await rows().first().innerText()).toMatch(/10:00\s+0\.1\s+forecast/);
    await goTo('2026-06-02T09:00:00+02:00');
    expect(await rows().first().innerText()).toMatch(/10:00\s+0\.2\s+forecast/);
    await goTo('2026-06-02T10:15:00+02:00');
    expect(await rows().allInnerTexts()).toEqual([
      expect.stringMatching(/10:00\s+0\.3$/),
      expect.stringMatching(/10:15\s+0\.2\s+forecast/),
    ]);
    // By keyboard: a step back, and the comparison of then and now.
    await slider.focus();
    await page.keyboard.press(',');
    expect(await moment()).toBe('2026-06-02 09:15');
    await page.click('text=Compare with what is known');
    const headings = await page.locator('.chart-table thead').innerText();
    expect(headings).toMatch(/known now[\s\S]*known 2026-06-02 09:15/);
    expect(await rows().first().innerText()).toMatch(/10:00\s+0\.3\s+0\.2\s+forecast/);
    expect(await page.locator('.chart-key').count()).toBe(2);
    expect(requests).toHaveLength(1);
    expect(await walk.inspect('replay')).toEqual([]);
    await slider.focus();
    await page.keyboard.press('Escape');
    await slider.waitFor({ state: 'detached' });
  });

  it('plays by itself until the end', async () => {
    const { page } = walk;
    await page.click('text=Replay');
    await page.locator('.chart-slider').waitFor();
    await page.selectOption('.chart-replay select >> nth=0', { label: '6 hours' });
    await page.click('[aria-label="Play"]');
    await page.locator('[aria-label="Pause"]').waitFor();
    await page.locator('.chart-moment strong', { hasText: '2026-06-02 10:15' }).waitFor();
    await page.locator('[aria-label="Play"]').waitFor();
  });

  it('asks for forecasts by a form, which names what is wrong, and shows the job', async () => {
    const { page } = walk;
    await page.goto('/assets/3');
    await page.click('text=Forecast now');
    expect(await page.locator('h1').innerText()).toBe('Forecast discharging of toy-battery');
    expect(await walk.inspect('forecast-form')).toEqual([]);
    await page.evaluate("document.querySelector('[name=start]').type = 'text'");
    await page.fill('[name=start]', 'soon');
    await page.check('[name=positive]');
    await page.click('main button');
    expect(await page.locator('#start-note').innerText()).toBe('Not a valid datetime.');
    expect(await page.isChecked('[name=positive]')).toBe(true);
    await page.fill('[name=start]', '2026-03-04T07:00');
    await page.selectOption('[name=model]', 'naive');
    await page.click('main button');
    await page.waitForURL(/\/jobs\//);
    expect(await page.locator('h1').innerText()).toBe('Forecast of toy-battery');
    expect(await page.locator('main').innerText()).toContain('The forecast waits for its turn.');
  });

  it('shows how accurate forecasts were', async () => {
    const { page } = walk;
    const hour = 3_600_000;
    // Twelve hours of yesterday: forecast a day before with an error of 0.1, and measured.
    const startMs = Math.floor(Date.now() / hour) * hour - 24 * hour;
    const start = new Date(startMs).toISOString();
    const values = Array.from({ length: 48 }, (_, i) => i / 100);
    const forecasts = values.map((value) => value + 0.1);
    await post(start, forecasts, new Date(startMs - 24 * hour).toISOString());
    await post(start, values, new Date(startMs + 12 * hour).toISOString());
    await page.goto('/sensors/2');
    const row = page.locator('#accuracy tbody tr', { hasText: '1 day' });
    expect(await row.innerText()).toMatch(/accountAdmin \(ID: \d+\)\s+1 day\s+48\s+0\.1/);
    expect(await walk.inspect('accuracy')).toEqual([]);
    await page.selectOption('[name=accuracy]', '7');
    await page.click('text=Compare >> nth=0');
    expect(page.url()).toContain('accuracy=7');
    expect(await page.locator('[name=accuracy]').inputValue()).toBe('7');
  });

  it('has no errors in the console and loads nothing from elsewhere', () => {
    expect(walk.complaints.filter((text) => !/net::ERR|status of 422|does not conform/.test(text))).toEqual(
      [],
    );
  });
});
