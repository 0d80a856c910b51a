import { Browser } from '../../harness/browser/browser';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';

const FOR_PEOPLE = { Accept: 'text/html,*/*;q=0.8' };

describe('Pages of queues and jobs without Redis', () => {
  let scene: PeopleScene;
  let browsers: Record<string, Browser>;

  beforeAll(async () => {
    scene = await startPeopleScene(
      { member: [1], boss: [1, 'account-admin'], reader: [1, 'admin-reader'], admin: [2, 'admin'] },
      { RQ_DASHBOARD_POLL_INTERVAL: '7000' },
    );
    await scene.sql.query(
      `INSERT INTO job (id, queue, kind, payload, fingerprint, state, failure_reason, ended_at) VALUES
         (gen_random_uuid(), 'scheduling', 'schedule', '{}', gen_random_uuid(), 'failed', 'UNKNOWN_PRICES: <none>', now()),
         (gen_random_uuid(), 'forecasting', 'forecast', '{}', gen_random_uuid(), 'finished', NULL, now())`,
    );
    browsers = {};
    for (const name of ['member', 'boss', 'reader', 'admin']) {
      const browser = (browsers[name] = new Browser(scene.api.url));
      expect((await browser.submit('/login', { email: emailOf(name), password: PASSWORD })).status).toBe(303);
    }
  });
  afterAll(() => scene.stop());

  const openAsAdmin = (path: string) => browsers['admin']!.get(path, FOR_PEOPLE);

  it('list the jobs in the database with their state and failure reason', async () => {
    expect((await openAsAdmin('/tasks')).headers.get('location')).toBe('/tasks/recorded');
    const { status, text } = await openAsAdmin('/tasks/recorded');
    expect(status).toBe(200);
    expect(text).toContain('No Redis is configured');
    expect(text).toMatch(/<td>schedule<\/td>\s*<td>failed<\/td>/);
    expect(text).toContain('UNKNOWN_PRICES: &lt;none&gt;');
    expect(text).toMatch(/<td>forecast<\/td>\s*<td>finished<\/td>/);
    expect(text).toContain('<meta http-equiv="refresh" content="7" />');
    expect(text).not.toMatch(/(?:src|href)="https?:/);
  });

  it.each([
    ['/tasks/forecasting', '/tasks/recorded/forecasting', 'forecast', 'schedule'],
    ['/tasks/schedules', '/tasks/recorded/scheduling', 'schedule', 'forecast'],
  ])('%s shows one queue', async (path, place, shown, hidden) => {
    expect((await openAsAdmin(path)).headers.get('location')).toBe(place);
    const { text } = await openAsAdmin(place);
    expect(text).toContain(`<td>${shown}</td>`);
    expect(text).not.toContain(`<td>${hidden}</td>`);
  });

  it('redirect from the paths of the Python version', async () => {
    expect((await openAsAdmin('/rq/')).headers.get('location')).toBe('/tasks');
  });

  it.each(['/tasks/recorded/bananas', '/tasks/bananas'])('answer 404 for %s', async (path) => {
    expect((await openAsAdmin(path)).status).toBe(404);
  });

  it.each(['/tasks', '/tasks/recorded', '/tasks/recorded/scheduling', '/tasks/schedules'])(
    'shows %s to admins only',
    async (path) => {
      for (const name of ['member', 'boss', 'reader']) {
        const page = await browsers[name]!.get(path, FOR_PEOPLE);
        expect([name, page.status]).toEqual([name, 403]);
        expect(page.text).toContain('Only admins may see this page.');
        const token = await scene.api.logIn(emailOf(name), PASSWORD);
        const answer = await fetch(scene.api.url + path, { headers: { Authorization: token } });
        expect([answer.status, await answer.json()]).toMatchObject([403, { status: 'INVALID_SENDER' }]);
      }
      const stranger = new Browser(scene.api.url);
      const page = await stranger.get(path, FOR_PEOPLE);
      expect([page.status, page.headers.get('location')]).toEqual([
        303,
        `/login?next=${encodeURIComponent(path)}`,
      ]);
      expect((await stranger.get(path)).status).toBe(401);
    },
  );

  it('accept the token of an admin', async () => {
    const token = await scene.api.logIn(emailOf('admin'), PASSWORD);
    const { status } = await fetch(`${scene.api.url}/tasks/recorded`, { headers: { Authorization: token } });
    expect(status).toBe(200);
  });

  it('are linked on the start page of admins', async () => {
    expect((await openAsAdmin('/')).text).toContain('href="/tasks"');
    expect((await browsers['boss']!.get('/')).text).not.toContain('href="/tasks"');
  });
});
