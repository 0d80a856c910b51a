import { Browser } from '../../harness/browser/browser';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { startSmtp, type SmtpServer } from '../../harness/servers/smtp';

describe('Web pages', () => {
  let scene: PeopleScene;
  let smtp: SmtpServer;

  beforeAll(async () => {
    smtp = await startSmtp();
    scene = await startPeopleScene(
      { member: [1], boss: [1, 'account-admin'], admin: [2, 'admin'], odd: [2] },
      {
        MAIL_SERVER: '127.0.0.1',
        MAIL_PORT: String(smtp.port),
        FLEXMEASURES_TRUST_PROXY: 'True',
        FLEXMEASURES_HOSTS_AND_AUTH_START: '{"company.example": "2026-01"}',
        FLEXMEASURES_LOGIN_FAILURES_PER_USER: '2',
        FLEXMEASURES_PLATFORM_NAME: 'Our <platform>',
        FLEXMEASURES_MENU_LOGO_PATH: 'apps/web/images/icon.svg',
        FLEXMEASURES_EXTRA_CSS_PATH: 'https://styles.example/extra.css',
      },
    );
    await scene.sql.query(`UPDATE fm_user SET username = '<b>' WHERE username = 'odd'`);
  });
  afterAll(async () => {
    await scene.stop();
    await smtp.stop();
  });

  const open = () => new Browser(scene.api.url);
  const loggedIn = async (name = 'member', password = PASSWORD) => {
    const browser = open();
    const credentials = { email: emailOf(name), password };
    expect((await browser.submit('/login', credentials)).status).toBe(303);
    return browser;
  };
  const isIn = async (browser: Browser) => (await browser.get('/api/v3_0/users')).status === 200;
  const csrfOf = async (browser: Browser) =>
    /<meta name="csrf-token" content="([^"]*)"/.exec((await browser.get('/')).text)?.[1] ?? '';

  describe('start page', () => {
    it('links to the login page without a user, and sets no cookie', async () => {
      const browser = open();
      const { status, headers, text } = await browser.get('/');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('text/html');
      for (const path of ['/login', '/docs', '/openapi.json', '/api/v3_0/health/ready']) {
        expect(text).toContain(`href="${path}"`);
      }
      expect(text).not.toContain('csrf-token');
      expect(browser.cookies.size).toBe(0);
    });

    it('shows the escaped name of the logged-in user', async () => {
      const { text } = await (await loggedIn('odd')).get('/');
      expect(text).toContain('&lt;b&gt;</summary>');
      expect(text).toContain('<h1>Dashboard</h1>');
      expect(text).toContain('action="/logout"');
    });
  });

  describe('frame', () => {
    it('has the name, logo and style sheet of the settings', async () => {
      const { headers, text } = await open().get('/login');
      expect(text).toContain('<title>Log in - Our &lt;platform&gt;</title>');
      expect(text).toContain('<img src="/static/custom/logo" alt="Our &lt;platform&gt;">');
      expect(text).toContain('<link rel="stylesheet" href="https://styles.example/extra.css">');
      expect(headers.get('content-security-policy')).toContain("style-src 'self' https://styles.example");
      const logo = await open().get('/static/custom/logo');
      expect([logo.status, logo.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
      expect((await open().get('/static/custom/extra.css')).status).toBe(404);
    });

    it('has the colours of the account, only for its users', async () => {
      const boss = await loggedIn('boss');
      const sheetOf = async (browser: Browser) =>
        /href="(\/static\/colours\/[^"]+)"/.exec((await browser.get('/assets')).text)?.[1];
      expect(await sheetOf(boss)).toBeUndefined();
      const form = { name: 'Company', primary_color: '#ffe', secondary_color: '', logo_url: '' };
      const saved = await boss.submit('/accounts/1', form);
      expect([saved.status, saved.headers.get('location')]).toEqual([303, '/accounts/1?saved']);
      const path = await sheetOf(boss);
      expect(path).toBe('/static/colours/ffffee-ffffee.css');
      const { headers, text } = await open().get(path!);
      expect(headers.get('content-type')).toMatch(/^text\/css/);
      expect(headers.get('cache-control')).toContain('immutable');
      expect(text).toContain('--fm-header: #ffffee');
      expect((await open().get('/static/colours/ffffee.css')).status).toBe(404);
      expect(await sheetOf(await loggedIn('member'))).toBe(path);
      expect(await sheetOf(await loggedIn('admin'))).toBeUndefined();
      expect((await open().get('/login')).text).not.toContain('/static/colours/');
    });

    it('loads compressed files, which browsers may keep', async () => {
      const { text } = await open().get('/login');
      const files = [...text.matchAll(/(?:src|href)="(\/static\/web\/[^"]+)"/g)].map(([, path]) => path!);
      expect(files).toHaveLength(8);
      for (const path of files) {
        const { status, headers } = await open().get(path, { 'Accept-Encoding': 'gzip' });
        expect([path, status, headers.get('content-encoding')]).toEqual([path, 200, 'gzip']);
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(headers.get('content-type')).toMatch(/^(?:text\/(?:css|javascript)|image\/svg\+xml)/);
      }
      expect((await open().get('/favicon.ico')).headers.get('location')).toBe(files[0]);
      for (const path of ['/static/web/', '/static/web/nothing.js', '/static/web/..%2Fmanifest.json'])
        expect([path, (await open().get(path)).status]).toEqual([path, 404]);
    });

    it('redirects the pages of old versions', async () => {
      for (const path of ['/analytics', '/portfolio'])
        expect((await open().get(path)).headers.get('location')).toBe('/dashboard');
    });

    it('shows errors as pages to browsers, and sends visitors to the login page', async () => {
      const html = { Accept: 'text/html' };
      const page = await open().get('/nothing', html);
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.text).toContain('There is no such page');
      expect((await open().get('/nothing')).headers.get('content-type')).toContain('application/json');
      expect((await open().get('/api/nothing', html)).headers.get('content-type')).toContain('json');
      const { status, headers } = await open().get('/tasks?a=b', html);
      expect([status, headers.get('location')]).toEqual([303, '/login?next=%2Ftasks%3Fa%3Db']);
    });
  });

  describe('login', () => {
    it('starts a session that can read the API', async () => {
      const browser = await loggedIn();
      expect(browser.cookieAttributes.get('session')).toMatch(/HttpOnly/);
      expect(browser.cookieAttributes.get('session')).toMatch(/SameSite=Lax/);
      expect(browser.cookieAttributes.get('session')).toMatch(/Max-Age=43200/);
      expect(browser.cookieAttributes.get('session')).not.toMatch(/Secure/);
      expect(await isIn(browser)).toBe(true);
      expect((await browser.get('/login?next=/docs')).headers.get('location')).toBe('/docs');
    });

    it('marks the cookie as secure only if the login used HTTPS', async () => {
      const browser = open();
      const https = { 'X-Forwarded-Proto': 'https' };
      const { text } = await browser.get('/login', https);
      const csrf = /name="csrf" value="([^"]*)"/.exec(text)![1]!;
      await browser.post('/login', { email: emailOf('member'), password: PASSWORD, csrf }, https);
      expect(browser.cookieAttributes.get('csrf')).toMatch(/Secure/);
      expect(browser.cookieAttributes.get('session')).toMatch(/Secure/);
    });

    it('redirects only to pages of this server', async () => {
      for (const [next, goal] of [
        ['/docs?a=b', '/docs?a=b'],
        ['//evil.example', '/'],
        ['/\\evil.example', '/'],
        ['https://evil.example', '/'],
      ]) {
        const browser = open();
        const credentials = { email: emailOf('member'), password: PASSWORD };
        const form = `/login?next=${encodeURIComponent(next!)}`;
        expect((await browser.submit('/login', credentials, form)).headers.get('location')).toBe(goal);
        const forged = await open().submit('/login', { ...credentials, next: next! });
        expect(forged.headers.get('location')).toBe(goal);
      }
    });

    it('rejects forms without a valid CSRF token', async () => {
      const credentials = { email: emailOf('member'), password: PASSWORD };
      expect((await open().post('/login', credentials)).status).toBe(403);
      const [mine, other] = [open(), open()];
      const { text } = await other.get('/login');
      await mine.get('/login');
      const csrf = /name="csrf" value="([^"]*)"/.exec(text)![1]!;
      expect((await mine.post('/login', { ...credentials, csrf })).status).toBe(403);
      expect(mine.cookies.has('session')).toBe(false);
      mine.cookies.delete('csrf');
      expect((await mine.post('/login', { ...credentials, csrf })).status).toBe(403);
    });

    it('replaces a CSRF cookie that it did not set', async () => {
      for (const cookie of ['x', 'x.y', 'j%3A%7B%22a%22%3A1%7D', 'j:[1]']) {
        const browser = open();
        browser.cookies.set('csrf', cookie);
        const forged = { email: emailOf('member'), password: PASSWORD, csrf: cookie };
        expect((await browser.post('/login', forged)).status).toBe(403);
        const credentials = { email: emailOf('member'), password: PASSWORD };
        expect((await browser.submit('/login', credentials)).status).toBe(303);
      }
    });

    it('shows errors, escapes input, and limits failed attempts', async () => {
      const browser = open();
      const email = '"><script>x</script>@example.com';
      const { status, text } = await browser.submit('/login', { email, password: 'wrong' });
      expect(status).toBe(401);
      expect(text).toContain('role="alert"');
      expect(text).toContain('&quot;&gt;&lt;script&gt;');
      expect(text).not.toContain('<script>');
      for (let failures = 0; failures < 2; failures++) {
        await browser.submit('/login', { email: emailOf('admin'), password: 'wrong' });
      }
      const late = await browser.submit('/login', { email: emailOf('admin'), password: PASSWORD });
      expect(late.status).toBe(429);
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(late.text).toContain('Too many failed logins.');
      // The API and the pages share the count of failures.
      const json = { email: emailOf('admin'), password: PASSWORD };
      expect((await scene.api.request('POST', '/api/requestAuthToken', { json })).status).toBe(429);
    });
  });

  describe('session', () => {
    const BODY = JSON.stringify({ timezone: 'Europe/Paris' });
    const change = async (browser: Browser, csrf?: string) =>
      browser.request('PATCH', `/api/v3_0/users/${scene.ids['member']}`, {
        body: BODY,
        headers: { 'Content-Type': 'application/json', ...(csrf !== undefined && { 'X-CSRF-Token': csrf }) },
      });

    it('needs its CSRF token to change data', async () => {
      const [browser, other] = [await loggedIn(), await loggedIn()];
      for (const csrf of [undefined, '', 'wrong', await csrfOf(other)]) {
        const { status, text } = await change(browser, csrf);
        expect(status).toBe(403);
        expect(JSON.parse(text)).toEqual({
          message: 'Requests with a session cookie need a valid header X-CSRF-Token to change data.',
          result: 'Rejected',
          status: 'INVALID_SENDER',
        });
      }
      expect((await change(browser, await csrfOf(browser))).status).toBe(200);
    });

    it('changes nothing by a form of another session, and tells people why', async () => {
      const [browser, other] = [await loggedIn('boss'), await loggedIn('boss')];
      for (const csrf of ['', await csrfOf(other)]) {
        const fields = { csrf, name: 'Forged', generic_asset_type_id: '1', account_id: '1' };
        const { status, text } = await browser.post('/assets/new', fields, { Accept: 'text/html' });
        expect(status).toBe(403);
        expect(text).toContain('<h1>This form has expired</h1>');
      }
      expect((await scene.sql.query(`SELECT FROM generic_asset WHERE name = 'Forged'`)).rowCount).toBe(0);
    });

    it('gives a token without a password, to its own user and with its CSRF token', async () => {
      const browser = await loggedIn();
      const ask = async (csrf: string | undefined, email = emailOf('member')) => {
        const { status, text } = await browser.request('POST', '/api/requestAuthToken', {
          body: JSON.stringify({ email }),
          headers: {
            'Content-Type': 'application/json',
            ...(csrf !== undefined && { 'X-CSRF-Token': csrf }),
          },
        });
        return { status, body: JSON.parse(text) as { auth_token: string; errors: string[] } };
      };
      const csrf = await csrfOf(browser);
      const { status, body } = await ask(csrf);
      expect(status).toBe(200);
      expect((await scene.api.request('GET', '/api/v3_0/users', { token: body.auth_token })).status).toBe(
        200,
      );
      const refusal = { status: 400, body: { errors: ["Please provide the 'password' parameter."] } };
      expect(await ask(undefined)).toMatchObject(refusal);
      expect(await ask(csrf, emailOf('admin'))).toMatchObject(refusal);
    });

    it('cannot be forged, modified, or replaced by a token', async () => {
      const browser = await loggedIn();
      const session = browser.cookies.get('session')!;
      const token = await scene.api.logIn(emailOf('member'), PASSWORD);
      expect((await scene.api.request('GET', '/api/v3_0/users', { token: session })).status).toBe(401);
      for (const value of [token, `${session}x`, session.replace(/\.[^.]*$/, '.'), 'x', '']) {
        browser.cookies.set('session', value);
        expect(await isIn(browser)).toBe(false);
      }
    });

    it('ends after logout, even if the cookie was copied', async () => {
      const [browser, thief, elsewhere] = [await loggedIn(), open(), await loggedIn()];
      thief.cookies.set('session', browser.cookies.get('session')!);
      expect(await isIn(thief)).toBe(true);
      expect((await browser.post('/logout', {})).status).toBe(403);
      expect(await isIn(browser)).toBe(true);
      expect((await browser.submit('/logout', {})).headers.get('location')).toBe('/');
      expect(browser.cookies.has('session')).toBe(false);
      expect(await isIn(thief)).toBe(false);
      expect(await isIn(elsewhere)).toBe(true);
      expect((await browser.get('/logout')).headers.get('location')).toBe('/');
    });

    it('ends when the user is deactivated or the password is reset', async () => {
      const admin = await scene.api.logIn(emailOf('boss'), PASSWORD);
      const path = `/api/v3_0/users/${scene.ids['member']}`;
      const browser = await loggedIn();
      for (const active of [false, true]) {
        await scene.api.request('PATCH', path, { token: admin, json: { active } });
        expect(await isIn(browser)).toBe(false);
      }
      const again = await loggedIn('boss');
      await scene.api.request('PATCH', `/api/v3_0/users/${scene.ids['boss']}/password-reset`, {
        token: admin,
      });
      expect(await isIn(again)).toBe(false);
      expect((await again.get('/')).text).toContain('You are not logged in.');
    });
  });

  describe('password reset', () => {
    const linkFor = async (email: string) => {
      const { text } = await smtp.next(email);
      return new URL(/^(\S+\/reset-password\/\S+)$/m.exec(text)![1]!);
    };
    const ask = (email: string, headers: Record<string, string> = {}) =>
      open().submitWith('/reset-password', { email }, headers);

    it('accepts a link from an e-mail once', async () => {
      const [session, browser] = [await loggedIn(), open()];
      expect((await ask(' Member@Example.com ')).text).toContain('Check your e-mail');
      const { origin, pathname } = await linkFor('member@example.com');
      expect(origin).toBe(scene.api.url);
      expect(await isIn(session)).toBe(true);

      const form = await browser.get(pathname);
      expect(form.status).toBe(200);
      expect(form.headers.get('cache-control')).toBe('no-store');
      expect(form.headers.get('referrer-policy')).toBe('no-referrer');
      const choose = (password: string, again = password) => browser.submit(pathname, { password, again });
      expect((await choose('new-word-1', 'new-word-2')).text).toContain('The two passwords differ.');
      expect((await choose('7-chars')).text).toContain('at least 8 characters');
      expect((await choose('Password123')).text).toContain('one of the most common passwords');
      const unsafe = await browser.post(pathname, { password: 'new-word', again: 'new-word' });
      expect(unsafe.status).toBe(403);
      expect((await choose('new-word')).text).toContain('The new password is saved');

      expect(await isIn(session)).toBe(false);
      expect((await browser.get(pathname)).status).toBe(404);
      expect((await browser.post(pathname, { password: 'other-word', again: 'other-word' })).status).toBe(
        403,
      );
      await loggedIn('member', 'new-word');
      expect((await open().submit('/login', { email: emailOf('member'), password: PASSWORD })).status).toBe(
        401,
      );
      await scene.sql.query(
        'UPDATE fm_user SET password = (SELECT password FROM fm_user WHERE id = $1) WHERE id = $2',
        [scene.ids['admin'], scene.ids['member']],
      );
    });

    it('answers known and unknown e-mail addresses alike, and limits the e-mails', async () => {
      const pages = [await ask('nobody@example.com'), await ask('admin@example.com')];
      expect(pages[0]!.text).toBe(pages[1]!.text);
      await linkFor('admin@example.com');
      const before = smtp.mails.length;
      for (let count = 0; count < 4; count++) expect((await ask('admin@example.com')).status).toBe(200);
      await linkFor('admin@example.com');
      await linkFor('admin@example.com');
      expect((await ask('odd@example.com')).status).toBe(200);
      await linkFor('odd@example.com');
      expect(smtp.mails.length - before).toBe(3);
    });

    it('sends links to the address of the server, whatever host a request names', async () => {
      // This one is from the reset in the test of sessions.
      await linkFor('boss@example.com');
      for (const host of ['evil.example', 'flexmeasures.io', 'company.example']) {
        await ask('boss@example.com', { 'X-Forwarded-Host': host, 'X-Forwarded-Proto': 'https' });
        expect((await linkFor('boss@example.com')).origin).toBe(scene.api.url);
      }
    });

    it('rejects forged links', async () => {
      const token = await scene.api.logIn(emailOf('member'), PASSWORD);
      for (const link of ['x', token, `${token}x`]) {
        const { status, text } = await open().get(`/reset-password/${link}`);
        expect(status).toBe(404);
        expect(text).toContain('This link is no longer valid');
      }
    });
  });
});
