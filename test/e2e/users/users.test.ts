import { itemsOf } from '../../harness/contract/answers';
import { eventually } from '../../harness/eventually';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { Browser } from '../../harness/browser/browser';
import { startSmtp, type SmtpServer } from '../../harness/servers/smtp';
import { type ApiServer, startApi } from '../../harness/servers/api';

const UNAUTHENTICATED = {
  status: 401,
  body: {
    message: 'You could not be properly authenticated for this content or functionality.',
    status: 'UNAUTHORIZED',
  },
};
const FORBIDDEN = { status: 403, body: { result: 'Rejected', status: 'INVALID_SENDER' } };

describe('Users API', () => {
  let scene: PeopleScene<ApiServer>;
  let smtp: SmtpServer;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    smtp = await startSmtp();
    scene = await startPeopleScene(
      {
        boss: [1, 'account-admin'],
        member: [1],
        other: [1],
        chief: [1, 'admin'],
        stranger: [2, 'account-admin'],
        reader: [2, 'admin-reader'],
        admin: [2, 'admin'],
      },
      {
        MAIL_SERVER: '127.0.0.1',
        MAIL_PORT: String(smtp.port),
        MAIL_USERNAME: 'postman',
        MAIL_PASSWORD: 'letters',
        MAIL_DEFAULT_SENDER: 'The Company, Inc. <hello@company.example>',
        SERVER_NAME: 'company.flexmeasures.io',
      },
      startApi,
    );
    for (const name of Object.keys(scene.ids)) tokens[name] = await scene.api.logIn(emailOf(name), PASSWORD);
  });
  afterAll(async () => {
    await scene.stop();
    await smtp.stop();
  });

  const send = (method: string, path: string, who: string, json?: unknown) =>
    scene.api.request(method, `/api/v3_0${path}`, { token: tokens[who], json });
  const get = (path: string, who: string) => send('GET', path, who);
  const patch = (whom: string, json: unknown, who: string) =>
    send('PATCH', `/users/${scene.ids[whom]}`, who, json);
  const reset = (whom: string, who: string) => send('PATCH', `/users/${scene.ids[whom]}/password-reset`, who);
  const isIn = async (name: string, token = tokens[name]) =>
    (await scene.api.request('GET', '/api/v3_0/users', { token })).status === 200;
  const namesIn = ({ body }: { body: unknown }) =>
    itemsOf(body as { username: string }[]).map(({ username }) => username);

  it('returns users with their last login and last seen times, without an offset', async () => {
    const { body } = await get(`/users/${scene.ids['member']}`, 'boss');
    const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/) as string;
    expect(body).toEqual({
      account_id: 1,
      active: true,
      email: 'member@example.com',
      flexmeasures_roles: [],
      id: scene.ids['member'],
      last_login_at: moment,
      last_seen_at: moment,
      status: 200,
      timezone: 'Europe/Amsterdam',
      username: 'member',
    });
  });

  it('lists the users of an account by page, and inactive ones only if requested', async () => {
    const { body } = await patch('other', { active: false }, 'boss');
    expect(body).toMatchObject({ active: false });
    expect(namesIn(await get('/users', 'member'))).toEqual(['boss', 'member', 'chief']);
    expect(namesIn(await get('/users?include_inactive=true', 'member'))).toContain('other');
    expect(namesIn(await get('/users?filter=EMB', 'member'))).toEqual(['member']);
    const page = await get('/users?page=2&per_page=2', 'member');
    expect(namesIn(page)).toEqual(['chief']);
    expect(page.headers.get('x-total-count')).toBe('3');
    expect(await get('/users?account_id=1', 'stranger')).toMatchObject(FORBIDDEN);
    expect(namesIn(await get('/users?account_id=1', 'reader'))).toHaveLength(3);
    expect((await patch('other', { active: true }, 'boss')).status).toBe(200);
  });

  it('allows users to change themselves, and account-admins to change their users', async () => {
    expect(await patch('member', { timezone: 'Europe/Berlin' }, 'member')).toMatchObject({
      status: 200,
      body: { timezone: 'Europe/Berlin', status: 200 },
    });
    const changed = await patch('member', { email: ' Mem.Ber@Example.com ' }, 'admin');
    expect(changed.body).toMatchObject({ email: 'mem.ber@example.com' });
    await scene.api.logIn('MEM.BER@example.com', PASSWORD);
    expect(await patch('member', { email: 'member@example.com' }, 'admin')).toMatchObject({ status: 200 });
    const roles = { flexmeasures_roles: [scene.roles['account-admin']] };
    expect((await patch('member', roles, 'boss')).body).toMatchObject(roles);
    expect((await patch('member', { flexmeasures_roles: [] }, 'boss')).status).toBe(200);
  });

  it.each([
    ['a member changes a colleague', 'boss', { username: 'hacked' }, 'member'],
    ['a stranger changes somebody', 'member', { username: 'hacked' }, 'stranger'],
    ['an admin-reader changes somebody', 'member', { username: 'hacked' }, 'reader'],
    ['an account-admin changes an admin', 'chief', { username: 'hacked' }, 'boss'],
    ['a member raises themselves', 'member', 'admin', 'member'],
    ['an account-admin raises themselves', 'boss', 'admin', 'boss'],
    ['an account-admin raises somebody above', 'member', 'admin-reader', 'boss'],
    ['a member deactivates themselves', 'member', { active: false }, 'member'],
  ])('does not allow that %s', async (_what, whom, change, who) => {
    const json = typeof change === 'string' ? { flexmeasures_roles: [scene.roles[change]] } : change;
    expect(await patch(whom, json, who)).toMatchObject(FORBIDDEN);
    expect((await get(`/users/${scene.ids[whom]}`, 'admin')).body).toMatchObject({
      username: whom,
      active: true,
    });
  });

  it.each([
    [{ timezone: 'Mars/X' }, { timezone: ["Timezone Mars/X doesn't exist."] }],
    [{ email: 'nobody' }, { email: ['Not a valid email address.'] }],
    [{ email: 'BOSS@example.com' }, { email: ['Another user has this e-mail address.'] }],
    [{ username: 'boss' }, { username: ['Another user of this account has this name.'] }],
    [{ username: '  ' }, { username: ['Shorter than minimum length 1.'] }],
    [{ username: null }, { username: ['Field may not be null.'] }],
    [{ flexmeasures_roles: [1, 999] }, { flexmeasures_roles: { '1': ["Role with id 999 doesn't exist."] } }],
    [{ account_id: 2 }, { account_id: ['Unknown field.'] }],
    [{ id: 7, email: 'x', active: 'maybe' }, { id: ['Unknown field.'] }],
  ])('rejects %j with reasons by field', async (json, reasons) => {
    const { status, body } = await patch('member', json, 'boss');
    expect(status).toBe(422);
    expect(body).toMatchObject({ message: { json: reasons }, status: 'UNPROCESSABLE_ENTITY' });
  });

  it('ends tokens when a user is deactivated, and does not revive them', async () => {
    const token = await scene.api.logIn(emailOf('other'), PASSWORD);
    expect(await isIn('other', token)).toBe(true);
    expect((await patch('other', { active: false }, 'admin')).status).toBe(200);
    expect(await isIn('other', token)).toBe(false);
    const credentials = { email: emailOf('other'), password: PASSWORD };
    expect(await scene.api.request('POST', '/api/requestAuthToken', { json: credentials })).toMatchObject(
      UNAUTHENTICATED,
    );
    expect((await patch('other', { active: true }, 'boss')).status).toBe(200);
    expect(await isIn('other', token)).toBe(false);
    tokens['other'] = await scene.api.logIn(emailOf('other'), PASSWORD);
    expect(await isIn('other')).toBe(true);
  });

  describe('a new e-mail address', () => {
    const emailFromDatabase = async (name: string) =>
      (await scene.sql.query<{ email: string }>('SELECT email FROM fm_user WHERE id = $1', [scene.ids[name]]))
        .rows[0]!.email;
    const linkFor = async (email: string) => {
      const [, link] = /^(\S+\/confirm-email\/\S+)$/m.exec((await smtp.next(email)).text) ?? [];
      return new URL(link!);
    };
    const browser = () => new Browser(scene.api.url);

    it('is asked for alike, whether it is free or a user of another account has it', async () => {
      const [free, used] = ['free@example.com', emailOf('stranger')];
      for (const who of ['member', 'boss']) {
        const [toFree, toUsed] = [
          await patch('member', { email: free, timezone: 'Europe/Paris' }, who),
          await patch('member', { email: used, timezone: 'Europe/Paris' }, who),
        ];
        expect(toFree).toMatchObject({ status: 200, body: { email: emailOf('member'), status: 200 } });
        expect(toUsed.status).toBe(200);
        expect(JSON.stringify(toUsed.body)).toBe(JSON.stringify(toFree.body).replace(free, used));
        const fieldsOf = ({ headers }: { headers: Headers }) => [...headers.keys()];
        expect(fieldsOf(toUsed)).toEqual(fieldsOf(toFree));
        expect((await smtp.next(free)).headers['subject']).toBe('Confirm your e-mail address');
        expect((await smtp.next(used)).headers['subject']).toBe('This e-mail address is already in use');
      }
      expect([await emailFromDatabase('member'), await emailFromDatabase('stranger')]).toEqual([
        emailOf('member'),
        used,
      ]);
      // Nothing that changes, and a name that a user of another account has, needs no confirmation.
      const unchanged = await patch('member', { email: emailOf('member'), username: 'stranger' }, 'member');
      expect(unchanged).toMatchObject({ status: 200, body: { username: 'stranger' } });
      expect(unchanged.body).not.toHaveProperty('message');
      expect((await patch('member', { username: 'member' }, 'member')).status).toBe(200);
    });

    it('is refused if a user has it whom the requester may see', async () => {
      const refused = {
        status: 422,
        body: { message: { json: { email: ['Another user has this e-mail address.'] } } },
      };
      expect(await patch('member', { email: emailOf('boss') }, 'member')).toMatchObject(refused);
      expect(await patch('member', { email: emailOf('stranger') }, 'admin')).toMatchObject(refused);
      expect(await patch('reader', { email: emailOf('boss') }, 'reader')).toMatchObject(refused);
    });

    it('is stored after it was confirmed with the link, which works once', async () => {
      const [email, before] = ['New.Member@example.com', emailOf('member')];
      await patch('member', { email }, 'member');
      const { pathname } = await linkFor('new.member@example.com');
      const page = await browser().get(pathname);
      expect(page).toMatchObject({ status: 200 });
      expect(page.text).toContain('new.member@example.com');
      expect(await emailFromDatabase('member')).toBe(before);
      expect((await browser().post(pathname, {})).status).toBe(403);
      expect((await browser().submit(pathname, {})).text).toContain('Your e-mail address has changed');
      expect(await emailFromDatabase('member')).toBe('new.member@example.com');
      expect((await smtp.next(before)).headers['subject']).toBe('Your e-mail address was changed');
      expect((await browser().get(pathname)).status).toBe(404);
      expect((await patch('member', { email: before }, 'admin')).status).toBe(200);
    });

    it('goes to one of two users who asked for it', async () => {
      const email = 'both@example.com';
      await patch('member', { email }, 'member');
      await patch('stranger', { email }, 'stranger');
      const links = [await linkFor(email), await linkFor(email)];
      const pages = await Promise.all(links.map(({ pathname }) => browser().submit(pathname, {})));
      expect(pages.map(({ status }) => status).sort()).toEqual([200, 422]);
      const { rows } = await scene.sql.query<{ username: string }>(
        'SELECT username FROM fm_user WHERE email = $1',
        [email],
      );
      expect(rows).toHaveLength(1);
      const told = await smtp.next(emailOf(rows[0]!.username));
      expect(told.headers['subject']).toBe('Your e-mail address was changed');
      for (const name of ['member', 'stranger']) await patch(name, { email: emailOf(name) }, 'admin');
    });

    it('is confirmed neither with a changed link nor with the link of a password reset', async () => {
      await patch('boss', { email: 'boss.2@example.com' }, 'boss');
      const { pathname } = await linkFor('boss.2@example.com');
      expect((await browser().get(`${pathname}x`)).status).toBe(404);
      expect((await browser().get(pathname.replace('confirm-email', 'reset-password'))).status).toBe(404);
      expect((await browser().get(pathname)).status).toBe(200);
    });

    it('cannot be used to flood a mailbox', async () => {
      const ask = () => patch('other', { email: 'victim@example.com' }, 'other');
      for (let count = 0; count < 3; count++) expect((await ask()).status).toBe(200);
      expect(await ask()).toMatchObject({ status: 429, body: { status: 'TOO_MANY_REQUESTS' } });
    });
  });

  describe('password reset', () => {
    it('is allowed for the user and for admins', async () => {
      for (const who of ['boss', 'stranger', 'reader']) {
        expect(await reset('member', who)).toMatchObject(FORBIDDEN);
      }
      expect(await isIn('member')).toBe(true);
      const before = smtp.mails.length;
      expect(await send('PATCH', '/users/999/password-reset', 'admin')).toMatchObject({
        status: 404,
        body: { status: 'NOT_FOUND' },
      });
      expect(smtp.mails).toHaveLength(before);
    });

    it('ends tokens and the old password, and sends a link that works once', async () => {
      expect(await reset('member', 'member')).toMatchObject({ status: 200, body: { status: 200 } });
      expect(await isIn('member')).toBe(false);
      const logIn = (password: string) =>
        scene.api.request('POST', '/api/requestAuthToken', { json: { email: emailOf('member'), password } });
      expect(await logIn(PASSWORD)).toMatchObject(UNAUTHENTICATED);

      const mail = await smtp.next('member@example.com');
      expect(mail).toMatchObject({ from: 'hello@company.example', credentials: 'postman letters' });
      expect(mail.headers).toMatchObject({
        from: '"The Company, Inc." <hello@company.example>',
        subject: 'Choose a new password',
      });
      const [, token] = /^https:\/\/company\.flexmeasures\.io\/reset-password\/(\S+)$/m.exec(mail.text) ?? [];
      // The token of a link gives no access to the API.
      expect(await isIn('member', token)).toBe(false);
      const page = await fetch(`${scene.api.url}/reset-password/${token}`);
      expect(page.status).toBe(200);
    });

    it('is allowed to admins for other users', async () => {
      expect((await reset('other', 'admin')).status).toBe(200);
      expect(await isIn('other')).toBe(false);
      expect((await smtp.next('other@example.com')).text).toContain('Hello other');
    });
  });
});

describe('tokens', () => {
  /** A busy machine takes less time than this for the first requests. */
  const TOKEN_AGE_S = 10;
  let scene: PeopleScene<ApiServer>;

  beforeAll(async () => {
    scene = await startPeopleScene(
      { member: [1], colleague: [1], stranger: [2, 'account-admin'] },
      {
        SECURITY_TOKEN_MAX_AGE: String(TOKEN_AGE_S),
        SECURITY_TOKEN_AUTHENTICATION_HEADER: 'Authentication-Token',
      },
      startApi,
    );
  });
  afterAll(() => scene.stop());

  it('are read from the configured header, and expire after the configured time', async () => {
    const token = await scene.api.logIn(emailOf('member'), PASSWORD);
    const status = async (headers: Record<string, string>, query = '') =>
      (await scene.api.fetch(new Request(`${scene.api.url}/api/v3_0/users${query}`, { headers }))).status;
    expect(await status({ 'Authentication-Token': token })).toBe(200);
    expect(await status({ 'authentication-token': `bearer ${token}` })).toBe(200);
    expect(await status({}, `?auth_token=${token}`)).toBe(200);
    expect(await status({ Authorization: token })).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, TOKEN_AGE_S * 1000 + 100));
    expect(await status({ 'Authentication-Token': token })).toBe(401);
  });

  it('refuses a new e-mail address without a mail server alike, whether or not somebody has it', async () => {
    const token = await scene.api.logIn(emailOf('member'), PASSWORD);
    const path = `/api/v3_0/users/${scene.ids['member']}?auth_token=${token}`;
    const answers = await Promise.all(
      ['free@example.com', emailOf('stranger'), emailOf('colleague')].map((email) =>
        scene.api.request('PATCH', path, { json: { email } }),
      ),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(422);
      expect(body).toEqual(answers[0]!.body);
    }
    expect(JSON.stringify(answers[0]!.body)).toContain('Ask an admin of the server to change it.');
  });

  it('tells who creates a user that no link to choose a password was sent', async () => {
    const token = await scene.api.logIn(emailOf('stranger'), PASSWORD);
    const json = { email: 'invited@example.com', username: 'invited', account_id: 2 };
    expect(await scene.api.request('POST', `/api/v3_0/users?auth_token=${token}`, { json })).toMatchObject({
      status: 201,
      body: {
        username: 'invited',
        message: expect.stringContaining('this server sends no e-mails') as string,
      },
    });
  });

  it('logs at the start that mail is off, and each e-mail that was not sent', async () => {
    expect(scene.api.output()).toMatch(/Mail is off/);
    const token = await scene.api.logIn(emailOf('member'), PASSWORD);
    const path = `/api/v3_0/users/${scene.ids['member']}/password-reset?auth_token=${token}`;
    expect((await scene.api.request('PATCH', path)).status).toBe(200);
    await eventually(
      () => scene.api.output(),
      (output) => output.includes('The mail to member@example.com'),
    );
  });
});
