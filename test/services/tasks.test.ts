import { setTimeout as sleep } from 'node:timers/promises';
import Bull from 'bull';
import type { Browser as Chromium } from 'playwright-core';
import { SCHEDULING_QUEUE } from '#lib/queues/model';
import { SCHEDULE_JOB } from '#lib/scheduling';
import { Browser } from '../harness/browser/browser';
import { describeWithBrowser, PATIENCE_MS, startBrowser } from '../harness/browser/chromium';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../harness/scenes/people';
import { describeWithRedis, startRedis, type RedisServer } from '../harness/servers/redis';
import { redisSettings } from '../harness/servers/worker';

const FOR_PEOPLE = { Accept: 'text/html,*/*;q=0.8' };

describeWithRedis('Pages of queues and jobs with Redis', () => {
  let redis: RedisServer;
  let scene: PeopleScene;
  let queue: Bull.Queue;
  let admin: Browser;

  beforeAll(async () => {
    redis = await startRedis();
    scene = await startPeopleScene(
      { member: [1], admin: [2, 'admin'] },
      { ...redisSettings(redis.port), RQ_DASHBOARD_POLL_INTERVAL: '5000' },
    );
    queue = new Bull(SCHEDULING_QUEUE, { redis: { host: '127.0.0.1', port: redis.port } });
    await queue.add(SCHEDULE_JOB, { sensorId: 2 }, { jobId: 'first-job' });
    admin = new Browser(scene.api.url);
    await admin.submit('/login', { email: emailOf('admin'), password: PASSWORD });
  });
  afterAll(async () => {
    await queue.close();
    await scene.stop();
    await redis.stop();
  });

  it('shows the content of the queues, and refreshes at the configured interval', async () => {
    const frame = await admin.get('/tasks', FOR_PEOPLE);
    expect([frame.status, frame.text]).toEqual([200, expect.stringContaining('src="/tasks/board/"')]);
    const { status, text } = await admin.get('/tasks/board/', FOR_PEOPLE);
    expect(status).toBe(200);
    expect(text).toContain('"forceInterval":5');
    const { text: answer } = await admin.get('/tasks/board/api/queues?activeQueue=scheduling');
    const { queues } = JSON.parse(answer) as { queues: { name: string; counts: Record<string, number> }[] };
    expect(queues.map(({ name, counts }) => [name, counts['waiting']])).toEqual([
      ['scheduling', 1],
      ['forecasting', 0],
    ]);
  });

  it.each([
    ['/tasks/forecasting', '/tasks/queue/forecasting'],
    ['/tasks/schedules', '/tasks/queue/scheduling'],
  ])('%s is the page of a queue', async (path, place) => {
    expect((await admin.get(path, FOR_PEOPLE)).headers.get('location')).toBe(place);
    const frame = await admin.get(place, FOR_PEOPLE);
    const board = place.replace('/tasks', '/tasks/board');
    expect([frame.status, frame.text]).toEqual([200, expect.stringContaining(`src="${board}"`)]);
    expect((await admin.get(board, FOR_PEOPLE)).status).toBe(200);
  });

  it('shows no part of it to other users', async () => {
    const member = new Browser(scene.api.url);
    await member.submit('/login', { email: emailOf('member'), password: PASSWORD });
    const { text } = await admin.get('/tasks/board/', FOR_PEOPLE);
    const [, script] = /src="(static\/js\/[^"]+)"/.exec(text)!;
    const ofBoard = ['/', '/queue/scheduling', '/api/queues', `/${script!}`].map(
      (path) => `/tasks/board${path}`,
    );
    for (const path of ['/tasks', '/tasks/queue/scheduling', ...ofBoard]) {
      expect([path, (await member.get(path)).status]).toEqual([path, 403]);
      expect([path, (await new Browser(scene.api.url).get(path)).status]).toEqual([path, 401]);
      expect([path, (await admin.get(path)).status]).toEqual([path, 200]);
    }
  });

  it('change nothing', async () => {
    for (const [method, path] of [
      ['PUT', '/tasks/board/api/queues/scheduling/empty'],
      ['PUT', '/tasks/board/api/queues/scheduling/first-job/clean'],
      ['POST', '/tasks/board/api/queues/scheduling/add'],
      ['PUT', '/tasks/board/api/queues/scheduling/pause'],
    ] as const) {
      expect([path, (await admin.request(method, path)).status]).toEqual([path, 405]);
    }
    expect(await queue.getJobCounts()).toMatchObject({ waiting: 1, paused: 0 });
  });

  describeWithBrowser('in a browser', () => {
    let chromium: Chromium;
    beforeAll(async () => {
      chromium = await startBrowser();
    });
    afterAll(() => chromium.close());

    it('loads resources only from this server, as its content security policy requires', async () => {
      const page = await chromium.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const failures: string[] = [];
      const origins = new Set<string>();
      page.on('pageerror', (error) => failures.push(error.message));
      page.on('response', (response) => {
        origins.add(new URL(response.url()).origin);
        if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(`${scene.api.url}/tasks/schedules`);
      await page.fill('[name=email]', emailOf('admin'));
      await page.fill('[name=password]', PASSWORD);
      await page.click('form button');
      await page.waitForURL('**/tasks/queue/scheduling**');
      expect(await page.locator('nav[aria-label=Main] a[aria-current]').innerText()).toContain('Tasks');
      const board = page.frameLocator('iframe');
      await board.getByText('first-job').first().waitFor();
      await board.getByText(SCHEDULE_JOB).first().waitFor();
      expect(failures).toEqual([]);
      expect([...origins].filter((origin) => origin !== 'null')).toEqual([scene.api.url]);
      if (process.env['SCREENSHOT'] !== undefined) await page.screenshot({ path: process.env['SCREENSHOT'] });
      await page.close();
    });
  });

  it('shows the jobs in the database while Redis is not available', async () => {
    await redis.stop();
    for (;;) {
      const { status } = await admin.get('/tasks/board/api/queues');
      if (status === 503) break;
      expect(status).toBe(200);
      await sleep(50);
    }
    expect((await admin.get('/tasks', FOR_PEOPLE)).headers.get('location')).toBe('/tasks/recorded');
    const { status, text } = await admin.get('/tasks/recorded', FOR_PEOPLE);
    expect(status).toBe(200);
    expect(text).toContain('Jobs are sent to workers through Redis');
    redis = await startRedis(redis.port);
  });
});
