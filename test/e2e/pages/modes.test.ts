import { Browser } from '../../harness/browser/browser';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { startApiHere, type Api } from '../../harness/servers/api';

const YEAR = 2015;

/** The same moment in another year, to the hour. */
function inYear(year: number): Date {
  const now = new Date();
  now.setUTCFullYear(year);
  now.setUTCMinutes(0, 0, 0);
  return now;
}

describe('Modes', () => {
  let scene: PeopleScene;
  let browser: Browser;

  const logIn = async (url: string, name = 'member') => {
    const visitor = new Browser(url);
    expect((await visitor.submit('/login', { email: emailOf(name), password: PASSWORD })).status).toBe(303);
    return visitor;
  };

  beforeAll(async () => {
    scene = await startPeopleScene(
      { member: [1], other: [2] },
      {
        FLEXMEASURES_MODE: 'demo',
        FLEXMEASURES_DEMO_YEAR: String(YEAR),
        FLEXMEASURES_PUBLIC_DEMO_CREDENTIALS: '("demo@example.com", "flexdemo")',
      },
    );
    await scene.sql.query(
      `INSERT INTO generic_asset (id, name, generic_asset_type_id, account_id, latitude, longitude)
       SELECT number, 'asset ' || number, (SELECT id FROM generic_asset_type WHERE name = 'battery'), account, 52, 5
       FROM (VALUES (1, 1), (2, 2), (3, 2)) AS given (number, account)`,
    );
    await scene.sql.query(
      `INSERT INTO sensor (id, name, unit, timezone, event_resolution, generic_asset_id, knowledge_horizon_fnc, knowledge_horizon_par)
       VALUES (1, 'power', 'kW', 'UTC', '1 hour', 1, 'ex_post', '{"ex_post_horizon": "PT0H"}')`,
    );
    await scene.sql.query(`INSERT INTO data_source (id, name, type) VALUES (1, 'meter', 'CLI script')`);
    // Recorded long after its event, as by an import; and one of the future.
    for (const [start, value] of [
      [inYear(YEAR), 15],
      [inYear(new Date().getUTCFullYear() + 1), 99],
    ] as const)
      await scene.sql.query(
        `INSERT INTO timed_belief (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
         VALUES (1, $1, -86400000, 1, 0.5, $2)`,
        [start, value],
      );
    browser = await logIn(scene.api.url);
  });
  afterAll(() => scene.stop());

  describe('demo', () => {
    it('shows credentials to visitors', async () => {
      const { text } = await new Browser(scene.api.url).get('/login');
      expect(text).toContain('<dd>demo@example.com</dd>');
      expect(text).toContain('<dd>flexdemo</dd>');
    });

    it('shows queues and jobs to all users, also in the menu', async () => {
      const { status, text } = await browser.get('/tasks/recorded');
      expect([status, text.includes('<h1>')]).toEqual([200, true]);
      expect(text).toMatch(/<a href="\/tasks" aria-current="page">/);
      expect((await new Browser(scene.api.url).get('/tasks/recorded')).status).toBe(401);
    });

    it('counts the assets of all accounts on the dashboard, and shows the own ones on the map', async () => {
      const { text } = await browser.get('/dashboard');
      expect(text).toMatch(/battery<\/a><\/th><td>3<\/td>/);
      expect(text).toContain('asset 1');
      expect(text).not.toContain('asset 2');
    });

    it('shows the data of the demo year as current', async () => {
      const { text } = await browser.get('/assets/1/state');
      expect(text).toContain(`${YEAR}-`);
      expect(text).toContain('15');
      const page = (await browser.get('/sensors/1')).text;
      const today = inYear(YEAR).toISOString().slice(0, 10);
      const [, first = '', last = ''] = /first="([^"]+)" last="([^"]+)"/.exec(page) ?? [];
      expect([first.slice(0, 4), first < today, last > today]).toEqual([String(YEAR), true, true]);
      const [, offset] = /<meta name="time-offset" content="(-\d+)">/.exec(page) ?? [];
      expect(new Date(Date.now() + Number(offset)).getUTCFullYear()).toBe(YEAR);
    });
  });

  describe('play', () => {
    let api: Api;
    beforeAll(async () => {
      api = await startApiHere(scene.databaseUri, { FLEXMEASURES_MODE: 'play' });
    });
    afterAll(() => api.stop());

    it('shows the latest value also if it is in the future, and no queues to members', async () => {
      const player = await logIn(api.url);
      expect((await player.get('/assets/1/state')).text).toContain('99');
      expect((await player.get('/tasks/recorded')).status).toBe(403);
      expect((await player.get('/sensors/1')).text).not.toContain('time-offset');
    });
  });
});
