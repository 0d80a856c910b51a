import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { Browser, hiddenFields } from '../../harness/browser/browser';
import { waitForEvents } from '../../harness/databases/wait-for-events';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { startSmtp, type SmtpServer } from '../../harness/servers/smtp';
import { flexmeasures } from '../../harness/servers/cli';

const PEOPLE: Record<string, [number, string?]> = {
  boss: [1, 'account-admin'],
  host: [1, 'admin'],
  ...{ anna: [1], bert: [1], carl: [1], dora: [1], emma: [1], fred: [1] },
  other: [2, 'account-admin'],
  mailed: [2],
};

describe('The second factor', () => {
  let smtp: SmtpServer;
  let scene: PeopleScene;

  beforeAll(async () => {
    smtp = await startSmtp();
    scene = await startPeopleScene(PEOPLE, { MAIL_SERVER: '127.0.0.1', MAIL_PORT: String(smtp.port) });
  });

  afterAll(async () => {
    await scene.stop();
    await smtp.stop();
  });

  const logIn = (person: string, code?: string | number) =>
    scene.api.request('POST', '/api/requestAuthToken', {
      json: { email: emailOf(person), password: PASSWORD, ...(code !== undefined && { code }) },
    });
  const send = async (token: string, method: string, path: string, json?: unknown) => {
    const { status, body } = await scene.api.request(method, `/api/v3_0${path}`, { token, json });
    return { status, body: body as Record<string, unknown> };
  };
  const tokenOf = (person: string) => scene.api.logIn(emailOf(person), PASSWORD);

  /** Sets up an app. Its codes are those of the given number of periods from now, as each works once. */
  const setUp = async (person: string) => {
    const leftMs = 30_000 - (Date.now() % 30_000);
    if (leftMs < 4_000) await sleep(leftMs);
    const token = await tokenOf(person);
    const path = `/users/${scene.ids[person]}/two-factor`;
    const { body } = await send(token, 'POST', path);
    const totp = new TOTP({ secret: Secret.fromBase32(body['secret'] as string) });
    const code = (periods: number) => totp.generate({ timestamp: Date.now() + periods * 30_000 });
    const confirmed = await send(token, 'POST', `${path}/confirm`, { code: code(-1) });
    expect(confirmed.status).toBe(200);
    return { token, path, code, recovery: confirmed.body['recovery_codes'] as string[] };
  };

  it('changes nothing for users who did not set it up', async () => {
    expect(await logIn('boss')).toMatchObject({ status: 200 });
    expect(await logIn('boss', '123456')).toMatchObject({ status: 200 });
  });

  it('is asked for after the right password only, and each code works once', async () => {
    const { code, recovery } = await setUp('anna');
    expect(await logIn('anna')).toMatchObject({ status: 403, body: { status: 'SECOND_FACTOR_REQUIRED' } });
    const wrong = await scene.api.request('POST', '/api/requestAuthToken', {
      json: { email: emailOf('anna'), password: 'wrong', code: code(0) },
    });
    expect(wrong.status).toBe(401);
    expect(await logIn('anna', code(-1))).toMatchObject({
      status: 403,
      body: { status: 'SECOND_FACTOR_INVALID' },
    });
    const now = code(0);
    expect(await logIn('anna', now)).toMatchObject({ status: 200, body: { user_id: scene.ids['anna'] } });
    expect((await logIn('anna', now)).status).toBe(403);
    expect((await logIn('anna', Number(code(1)))).status).toBe(400);
    expect((await logIn('anna', code(1))).status).toBe(200);
    expect(recovery).toHaveLength(10);
    expect((await logIn('anna', recovery[3]!.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await logIn('anna', recovery[3])).status).toBe(403);
  });

  it('has secrets and recovery codes that are not readable in the database', async () => {
    const { code, recovery, path, token } = await setUp('bert');
    const { rows } = await scene.sql.query<{ text: string; secret: Buffer }>(
      'SELECT two_factor::text AS text, app_secret AS secret FROM two_factor WHERE user_id = $1',
      [scene.ids['bert']],
    );
    for (const one of recovery) expect(rows[0]!.text).not.toContain(one.replaceAll('-', ''));
    // The secret of one user is of no use for another.
    await scene.sql.query('UPDATE two_factor SET app_secret = $1 WHERE user_id = $2', [
      rows[0]!.secret,
      scene.ids['anna'],
    ]);
    expect((await logIn('anna', code(0))).status).toBe(403);
    expect(await send(token, 'GET', path)).toMatchObject({
      status: 200,
      body: { policy: 'optional', needed: 'app', has_app: true, recovery_codes_left: 10 },
    });
  });

  it('is removed with a code, by account-admins, or by a command', async () => {
    const { token, path, recovery } = await setUp('carl');
    expect((await send(token, 'POST', `${path}/remove`, {})).status).toBe(422);
    expect((await send(token, 'POST', `${path}/remove`, { code: '000000' })).status).toBe(422);
    expect((await send(token, 'POST', `${path}/remove`, { code: recovery[0] })).status).toBe(204);
    expect((await logIn('carl')).status).toBe(200);
    await setUp('carl');
    expect((await send(await tokenOf('boss'), 'POST', `${path}/remove`, {})).status).toBe(204);
    expect((await logIn('carl')).status).toBe(200);
    await setUp('carl');
    const removed = await flexmeasures(['delete', 'two-factor', '--email', emailOf('carl'), '--force'], {
      databaseUri: scene.databaseUri,
    });
    expect(removed).toMatchObject({ code: 0, stderr: '' });
    expect((await logIn('carl')).status).toBe(200);
    await waitForEvents(scene.sql);
    const { rows } = await scene.sql.query<{ author: string; fields: string[] }>(
      'SELECT author, fields FROM audit_log WHERE user_id = $1 ORDER BY event_time',
      [scene.ids['carl']],
    );
    expect(rows.map(({ author, fields }) => [author.split(' (')[0], fields[0]])).toEqual([
      ['carl', 'two_factor'],
      ['carl', 'recovery_codes'],
      ['carl', 'two_factor'],
      ['carl', 'two_factor'],
      ['boss', 'two_factor'],
      ['carl', 'two_factor'],
      ['command line', 'two_factor'],
    ]);
  });

  it('of an admin of the server is not removed by an account-admin', async () => {
    const { token, path, recovery } = await setUp('host');
    const boss = await tokenOf('boss');
    expect((await send(boss, 'GET', path)).status).toBe(200);
    expect((await send(boss, 'POST', `${path}/remove`, {})).status).toBe(403);
    expect((await logIn('host')).status).toBe(403);
    expect((await send(token, 'POST', `${path}/remove`, { code: recovery[0] })).status).toBe(204);
  });

  it('is removed with a code only, also while the account does not use it', async () => {
    const { token, path, recovery } = await setUp('fred');
    await scene.sql.query("UPDATE account SET two_factor = 'off' WHERE id = 1");
    const refused = await send(token, 'POST', `${path}/remove`, {});
    await scene.sql.query("UPDATE account SET two_factor = 'optional' WHERE id = 1");
    expect(refused.status).toBe(422);
    expect((await logIn('fred')).status).toBe(403);
    expect((await send(token, 'POST', `${path}/remove`, { code: recovery[0] })).status).toBe(204);
  });

  it('is needed by the login page too', async () => {
    const { code } = await setUp('dora');
    const browser = new Browser(scene.api.url);
    const asked = await browser.submit('/login', {
      email: emailOf('dora'),
      password: PASSWORD,
      next: '/docs',
    });
    expect(asked.text).toContain('Type the code that your app shows');
    expect(browser.cookies.has('session')).toBe(false);
    const wrong = await browser.post('/login/code', { ...hiddenFields(asked.text), code: '000000' });
    expect(wrong.status).toBe(403);
    expect(wrong.text).toContain('The code of the second factor is wrong');
    const forged = { ...hiddenFields(wrong.text), challenge: 'forged', code: code(0) };
    expect((await browser.post('/login/code', forged)).status).toBe(401);
    const ofOtherSite = { ...hiddenFields(wrong.text), csrf: 'forged', code: code(0) };
    expect((await browser.post('/login/code', ofOtherSite)).status).toBe(403);
    expect(browser.cookies.has('session')).toBe(false);
    const page = await browser.post('/login/code', { ...hiddenFields(wrong.text), code: code(0) });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/docs']);
    expect(browser.cookies.has('session')).toBe(true);
  });

  it('accepts no code after ten wrong ones in a row, from any address, for a quarter of an hour', async () => {
    const { code, recovery } = await setUp('emma');
    const wrongCodes = () =>
      scene.sql.query<{ blocked: boolean }>(
        'SELECT blocked_until > now() AS blocked FROM two_factor WHERE user_id = $1',
        [scene.ids['emma']],
      );
    for (let count = 0; count < 9; count++) expect((await logIn('emma', '000000')).status).toBe(403);
    // The address has a limit of its own, which a missing code does not reset.
    expect((await logIn('emma')).status).toBe(403);
    expect((await logIn('emma', '000000')).status).toBe(403);
    expect((await logIn('emma', code(0))).status).toBe(429);
    expect((await wrongCodes()).rows).toEqual([{ blocked: true }]);
    await scene.sql.query('UPDATE two_factor SET blocked_until = NULL WHERE user_id = $1', [
      scene.ids['emma'],
    ]);
    expect(recovery).toHaveLength(10);
  });

  it('is a code by e-mail if the account requires one and the user has no app', async () => {
    const [boss, earlier] = [await tokenOf('other'), await tokenOf('mailed')];
    const policy = (value: string, token = boss) =>
      send(token, 'PATCH', '/accounts/2', { two_factor: value });
    const device = await send(earlier, 'POST', `/users/${scene.ids['mailed']}/tokens`, {
      ...{ name: 'gateway', scopes: ['read'] },
    });
    const opened = new Browser(scene.api.url);
    await opened.submit('/login', { email: emailOf('mailed'), password: PASSWORD });
    const statusOfSession = async () => (await opened.get('/api/v3_0/sensors')).status;
    expect(await statusOfSession()).toBe(200);
    expect(await policy('required')).toMatchObject({ status: 200, body: { two_factor: 'required' } });
    // Who logged in with the password alone has to log in again; devices go on.
    expect((await send(earlier, 'GET', '/sensors')).status).toBe(401);
    expect((await send(boss, 'GET', '/sensors')).status).toBe(401);
    expect(await statusOfSession()).toBe(401);
    expect((await send(device.body['token'] as string, 'GET', '/sensors')).status).toBe(200);
    const asked = await logIn('mailed');
    expect(asked).toMatchObject({ status: 403, body: { status: 'SECOND_FACTOR_REQUIRED' } });
    const codeIn = async () => /is (\d{6})\./.exec((await smtp.next(emailOf('mailed'))).text)![1]!;
    const code = await codeIn();
    const other = code === '000000' ? '000001' : '000000';
    expect((await logIn('mailed', other)).status).toBe(403);
    expect((await logIn('mailed', code)).status).toBe(200);
    expect((await logIn('mailed', code)).status).toBe(403);
    await logIn('mailed');
    const late = await codeIn();
    await scene.sql.query(
      "UPDATE two_factor SET mailed_until = now() - interval '1 second' WHERE user_id = $1",
      [scene.ids['mailed']],
    );
    expect((await logIn('mailed', late)).status).toBe(403);
    await logIn('other');
    const codeOfBoss = /is (\d{6})\./.exec((await smtp.next(emailOf('other'))).text)![1]!;
    const again = await logIn('other', codeOfBoss);
    const { auth_token: token } = again.body as { auth_token: string };
    expect((await policy('required', token)).status).toBe(200);
    expect((await policy('off', token)).status).toBe(200);
    expect((await logIn('mailed')).status).toBe(200);
    expect((await policy('sometimes', token)).status).toBe(422);
  });

  it('is set up only with a code of the app, and once', async () => {
    const token = await tokenOf('boss');
    const path = `/users/${scene.ids['boss']}/two-factor`;
    expect((await send(token, 'POST', `${path}/confirm`, { code: '123456' })).status).toBe(422);
    const { body } = await send(token, 'POST', path);
    expect(body['url']).toMatch(/^otpauth:\/\/totp\/FlexMeasures:boss%40example\.com\?/);
    const totp = new TOTP({ secret: Secret.fromBase32(body['secret'] as string) });
    const code = totp.generate();
    const wrong = code === '000000' ? '000001' : '000000';
    expect((await send(token, 'POST', `${path}/confirm`, { code: wrong })).status).toBe(422);
    expect((await logIn('boss')).status).toBe(200);
    expect((await send(token, 'POST', `${path}/confirm`, { code })).status).toBe(200);
    expect((await send(token, 'POST', path)).status).toBe(422);
    expect((await logIn('boss')).status).toBe(403);
  });
});
