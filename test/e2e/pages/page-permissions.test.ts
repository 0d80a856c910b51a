import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from '../../harness/browser/browser';
import { byViewer, FORMS, PAGES, pagePath, VIEWERS } from '../../harness/contract/page-permissions';
import { emailOf, PASSWORD, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';

const SOURCES = join(__dirname, '..', '..', '..', 'apps', 'api', 'src', 'pages');

/** Without a period, no plan is made. */
const PERIOD = { start: '2026-03-04T07:00', duration: 'PT12H' };

/** The routes of all pages, as the sources declare them. */
const routes = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.controller.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(SOURCES, file), 'utf8');
    const prefix = /@Controller\((?:'([^']*)')?\)/.exec(text)?.[1] ?? '';
    return [...text.matchAll(/@Get\(([^)]*)\)/g)].flatMap(([, given = '']) =>
      (given === '' ? [''] : [...given.matchAll(/'([^']*)'/g)].map(([, path]) => path!)).map((path) =>
        // What is optional is left out.
        [prefix, path]
          .filter((part) => part !== '')
          .join('/')
          .replace(/\{[^}]*\}|\/$/, ''),
      ),
    );
  });

describe('Permissions of pages', () => {
  let scene: Scene;
  let place: Parameters<typeof pagePath>[1];
  const browsers = new Map<Person | undefined, Browser>();

  beforeAll(async () => {
    scene = await startScene();
    const { rows } = await scene.sql.query<{ id: number }>(
      `SELECT id FROM fm_user WHERE username = 'member'`,
    );
    place = { memberId: rows[0]!.id, job: scene.schedule };
    for (const person of VIEWERS) {
      const browser = new Browser(scene.api.url);
      if (person) await browser.submit('/login', { email: emailOf(person), password: PASSWORD });
      browsers.set(person, browser);
    }
  });
  afterAll(() => scene.stop());

  it('are tested for every page', () => {
    expect([...new Set(routes)].sort()).toEqual(Object.keys(PAGES).sort());
  });

  it.each(Object.entries(PAGES))('answer /%s according to the user', async (route, expected) => {
    const statuses: number[] = [];
    for (const person of VIEWERS) {
      // Visitors who ask for HTML are led to the login page.
      const headers = person && { Accept: 'text/html' };
      const { status, text } = await browsers.get(person)!.get(pagePath(route, place), headers);
      statuses.push(status);
      expect([person, /<h1[^>]*>\s*You may not see this page/.test(text)]).toEqual([person, status === 403]);
      if (person === 'stranger') expect(text).not.toMatch(/toy-battery|Toy Account|member@example/);
    }
    expect(byViewer(statuses)).toEqual(byViewer(expected));
  });

  it.each(FORMS)('keep others from changing something by /%s', async (route) => {
    const path = pagePath(route, place);
    for (const person of ['stranger', 'reader'] as const) {
      const browser = browsers.get(person)!;
      const csrf = /<meta name="csrf-token" content="([^"]*)"/.exec((await browser.get('/')).text)![1]!;
      // Files are sent with the token in the query.
      const sent = await browser.post(`${path}${path.includes('?') ? '&' : '?'}csrf=${csrf}`, {
        csrf,
        name: 'taken',
        ...PERIOD,
      });
      expect([person, sent.status]).toEqual([person, 403]);
    }
    expect((await browsers.get(undefined)!.post(path, { name: 'taken' })).status).toBe(401);
  });
});
