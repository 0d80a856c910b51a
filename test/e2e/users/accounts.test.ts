import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Schemas } from '../../../openapi/client';
import { Browser } from '../../harness/browser/browser';
import { waitForEvents } from '../../harness/databases/wait-for-events';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { flexmeasures } from '../../harness/servers/cli';
import { startSmtp, type SmtpServer } from '../../harness/servers/smtp';

type Account = Schemas['Account'];

const PEOPLE = {
  admin: [1, 'admin'],
  consultant: [1, 'consultant'],
  boss: [1, 'account-admin'],
  colleague: [1],
  clientAdmin: [2, 'account-admin'],
  client: [2],
} as const;

type Person = keyof typeof PEOPLE;

/** A password that is in the list of breached ones. */
const STOLEN = 'a-stolen-word';

/** Account 1 is a consultancy, and account 2 its client. */
describe('Accounts', () => {
  let smtp: SmtpServer;
  let folder: string;
  let scene: PeopleScene;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    smtp = await startSmtp();
    folder = mkdtempSync(join(tmpdir(), 'breached-'));
    const breached = join(folder, 'list.txt');
    const hashes = ['one', 'two', STOLEN].map((one) =>
      createHash('sha1').update(one).digest('hex').toUpperCase(),
    );
    writeFileSync(
      breached,
      hashes
        .sort()
        .map((hash) => `${hash}:3\r\n`)
        .join(''),
    );
    scene = await startPeopleScene(PEOPLE as unknown as Record<string, [number, string?]>, {
      MAIL_SERVER: '127.0.0.1',
      MAIL_PORT: String(smtp.port),
      SERVER_NAME: 'flex.example',
      FLEXMEASURES_BREACHED_PASSWORDS: breached,
    });
    const added = await flexmeasures(['add', 'account-role', '--name', 'Consultancy'], {
      databaseUri: scene.databaseUri,
    });
    expect(added.code).toBe(0);
    for (const person of Object.keys(PEOPLE))
      tokens[person] = await scene.api.logIn(emailOf(person), PASSWORD);
  });

  afterAll(async () => {
    await scene.stop();
    await smtp.stop();
    rmSync(folder, { recursive: true });
  });

  const send = async (person: Person, method: string, path: string, json?: unknown) => {
    const { status, body } = await scene.api.request(method, `/api/v3_0${path}`, {
      token: tokens[person],
      json,
    });
    return { status, body: body as Record<string, unknown> };
  };
  const statusOf = async (person: Person, method: string, path: string, json?: unknown) =>
    (await send(person, method, path, json)).status;
  const roleId = async (): Promise<number> => {
    const { rows } = await scene.sql.query<{ id: number }>(
      "SELECT id FROM account_role WHERE name = 'Consultancy'",
    );
    return rows[0]!.id;
  };
  const makeClient = () => scene.sql.query('UPDATE account SET consultancy_account_id = 1 WHERE id = 2');
  const newAsset = async (accountId: number): Promise<number> => {
    const { rows } = await scene.sql.query<{ id: number }>(
      `INSERT INTO generic_asset (name, generic_asset_type_id, account_id)
       SELECT gen_random_uuid(), min(id), $1 FROM generic_asset_type RETURNING id`,
      [accountId],
    );
    return rows[0]!.id;
  };

  it('can be changed by account-admins, field by field', async () => {
    const changed = await send('boss', 'PATCH', '/accounts/1', {
      primary_color: '1a3443',
      secondary_color: '#fff',
      logo_url: 'https://example.com/logo.png',
      attributes: '{"region": "north"}',
    });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        name: 'Company',
        primary_color: '#1a3443',
        secondary_color: '#fff',
        logo_url: 'https://example.com/logo.png',
        attributes: { region: 'north' },
        consultancy_account_id: null,
      },
    });
    const cleared = await send('boss', 'PATCH', '/accounts/1', { logo_url: null, attributes: {} });
    expect(cleared.body).toMatchObject({ logo_url: null, attributes: {}, primary_color: '#1a3443' });
    expect(await statusOf('colleague', 'PATCH', '/accounts/1', { name: 'Mine' })).toBe(403);
  });

  it.each<[object, object]>([
    [{ name: ' ' }, { name: ['The name of an account must have 1 to 100 characters.'] }],
    [{ name: 'Other' }, { name: ["An account named 'Other' already exists."] }],
    [{ primary_color: 'red' }, { primary_color: [expect.stringContaining('is not a hex colour code')] }],
    [{ logo_url: 'javascript:x' }, { logo_url: [expect.stringContaining('is not an http or https URL')] }],
    [{ plan_id: 0 }, { plan_id: ['Must be greater than or equal to 1.'] }],
    [{ id: 3 }, { id: ['Unknown field.'] }],
  ])('are not changed by %j', async (body, reasons) => {
    expect(await send('boss', 'PATCH', '/accounts/1', body)).toMatchObject({
      status: 422,
      body: { message: { json: reasons } },
    });
  });

  it('get roles from admins only', async () => {
    const roles = { account_roles: [await roleId()] };
    expect(await statusOf('boss', 'PATCH', '/accounts/1', roles)).toBe(403);
    expect(await send('admin', 'PATCH', '/accounts/1', roles)).toMatchObject({ status: 200, body: roles });
    expect(await send('admin', 'PATCH', '/accounts/1', { account_roles: [99] })).toMatchObject({
      status: 422,
      body: { message: { json: { account_roles: { '0': ['There is no account role with id 99.'] } } } },
    });
    // The same roles again are no change.
    expect(await statusOf('boss', 'PATCH', '/accounts/1', roles)).toBe(200);
  });

  it('are created by admins and by consultants of a consultancy, as its clients', async () => {
    const free = await send('admin', 'POST', '/accounts', { name: 'Free' });
    expect(free).toMatchObject({ status: 201, body: { name: 'Free', consultancy_account_id: null } });
    const client = await send('consultant', 'POST', '/accounts', { name: 'Client of consultant' });
    expect(client).toMatchObject({ status: 201, body: { consultancy_account_id: 1 } });
    expect(
      await statusOf('consultant', 'POST', '/accounts', { name: 'Of others', consultancy_account_id: 2 }),
    ).toBe(403);
    expect(await statusOf('boss', 'POST', '/accounts', { name: 'Of the boss' })).toBe(403);
    expect(await statusOf('clientAdmin', 'POST', '/accounts', { name: 'Of the client' })).toBe(403);
    expect(
      await send('admin', 'POST', '/accounts', { name: 'Free', consultancy_account_id: 1 }),
    ).toMatchObject({
      status: 422,
      body: { message: { json: { name: ["An account named 'Free' already exists."] } } },
    });
    expect(
      await send('admin', 'POST', '/accounts', { name: 'Lost', consultancy_account_id: 99 }),
    ).toMatchObject({
      status: 422,
      body: { message: { json: { consultancy_account_id: ['There is no account with id 99.'] } } },
    });
    // A consultant without the role of the account is none.
    await scene.sql.query('DELETE FROM roles_accounts WHERE account_id = 1');
    expect(await statusOf('consultant', 'POST', '/accounts', { name: 'Another client' })).toBe(403);
    await scene.sql.query('INSERT INTO roles_accounts (account_id, role_id) VALUES (1, $1)', [
      await roleId(),
    ]);
  });

  it('cannot be their own consultancy, nor be given one by their own admins', async () => {
    expect(await statusOf('admin', 'PATCH', '/accounts/1', { consultancy_account_id: 1 })).toBe(422);
    expect(await statusOf('clientAdmin', 'PATCH', '/accounts/2', { consultancy_account_id: 1 })).toBe(403);
    expect(await statusOf('admin', 'PATCH', '/accounts/2', { consultancy_account_id: 1 })).toBe(200);
  });

  it('are listed with pages, search terms, roles and orders', async () => {
    const list = (await send('admin', 'GET', '/accounts')).body as unknown as Account[];
    expect(list.map(({ id }) => id)).toEqual(list.map(({ id }) => id).sort((one, other) => one - other));
    const page = (await send('admin', 'GET', '/accounts?page=1&per-page=1&sort-by=users&sort-dir=desc')).body;
    expect(page).toMatchObject({
      data: [{ id: 1, user_count: 4, asset_count: 0 }],
      'num-records': list.length,
      'filtered-records': list.length,
    });
    const found = (await send('admin', 'GET', '/accounts?page=1&filter=compan%20%22ther%22&sort-by=name'))
      .body;
    expect(found).toMatchObject({ data: [{ name: 'Company' }, { name: 'Other' }], 'filtered-records': 2 });
    const byRole = (await send('admin', 'GET', '/accounts?role=Consultancy')).body as unknown as Account[];
    expect(byRole.map(({ id }) => id)).toEqual([1]);
    expect(await send('admin', 'GET', '/accounts?role=Nobody')).toMatchObject({
      status: 422,
      body: { message: { query: { role: ["There is no account role 'Nobody'."] } } },
    });
  });

  describe('of clients', () => {
    beforeAll(makeClient);

    it('are listed for consultants, and for nobody else of the consultancy', async () => {
      const idsFor = async (person: Person) =>
        ((await send(person, 'GET', '/accounts')).body as unknown as Account[]).map(({ id }) => id);
      expect(await idsFor('consultant')).toEqual(expect.arrayContaining([1, 2]));
      expect(await idsFor('boss')).toEqual([1]);
      expect(await idsFor('clientAdmin')).toEqual([2]);
    });

    it('can be read and managed by consultants, with their assets and users', async () => {
      const asset = await newAsset(2);
      const expected: Record<string, [consultant: number, boss: number]> = {
        'GET /accounts/2': [200, 403],
        'PATCH /accounts/2': [200, 403],
        'GET /accounts/2/auditlog': [200, 403],
        'GET /users?account=2': [200, 403],
        'GET /assets?account_id=2': [200, 403],
        'GET /sensors?account_id=2': [200, 403],
        [`GET /users/${scene.ids['client']}`]: [200, 403],
        [`PATCH /users/${scene.ids['client']}`]: [200, 403],
        [`GET /users/${scene.ids['client']}/auditlog`]: [200, 403],
        [`GET /users/${scene.ids['client']}/tokens`]: [403, 403],
        [`PATCH /users/${scene.ids['client']}/password-reset`]: [403, 403],
        [`GET /assets/${asset}`]: [200, 403],
        [`PATCH /assets/${asset}`]: [200, 403],
        [`DELETE /assets/${asset}`]: [204, 403],
      };
      const found: typeof expected = {};
      for (const request of Object.keys(expected)) {
        const [method, path] = request.split(' ') as [string, string];
        const json = method === 'PATCH' ? {} : undefined;
        const boss = await statusOf('boss', method, path, json);
        found[request] = [await statusOf('consultant', method, path, json), boss];
      }
      expect(found).toEqual(expected);
    });

    it('get account-admins from consultants, but no consultants', async () => {
      const give = (role: string) =>
        statusOf('consultant', 'PATCH', `/users/${scene.ids['client']}`, {
          flexmeasures_roles: [scene.roles[role]],
        });
      expect(await give('account-admin')).toBe(200);
      expect(await give('consultant')).toBe(403);
      expect(await give('admin')).toBe(403);
      const own = (role: string) =>
        statusOf('boss', 'PATCH', `/users/${scene.ids['colleague']}`, {
          flexmeasures_roles: [scene.roles[role]],
        });
      expect(await own('consultant')).toBe(200);
    });

    it('have sensors in the lists of consultants, if these ask for them', async () => {
      const sensor = async (accountId: number): Promise<number> => {
        const { rows } = await scene.sql.query<{ id: number }>(
          `INSERT INTO sensor (name, unit, event_resolution, timezone, generic_asset_id)
           VALUES ('power', 'kW', '15 minutes', 'UTC', $1) RETURNING id`,
          [await newAsset(accountId)],
        );
        return rows[0]!.id;
      };
      const [own, ofClient] = [await sensor(1), await sensor(2)];
      const listed = async (person: Person, query = '') => {
        const list = (await send(person, 'GET', `/sensors${query}`)).body as unknown as { id: number }[];
        return list.map(({ id }) => id);
      };
      for (const query of ['?include_consultancy_clients=true', '?include-consultancy-clients=true']) {
        expect(await listed('consultant', query)).toEqual([own, ofClient]);
        expect(await listed('boss', query)).toEqual([own]);
        expect(await listed('clientAdmin', query)).toEqual([ofClient]);
        expect(await listed('admin', query)).toEqual([own, ofClient]);
      }
      expect(await listed('consultant')).toEqual([own]);
    });

    it('have users whose data sources their consultants know', async () => {
      const { rows } = await scene.sql.query<{ id: number }>(
        "INSERT INTO data_source (name, type, user_id) VALUES ('client', 'user', $1) RETURNING id",
        [scene.ids['client']],
      );
      const { id } = rows[0]!;
      const listed = async (person: Person) =>
        ((await send(person, 'GET', '/sources')).body as { sources: { id: number }[] }).sources.map(
          (one) => one.id,
        );
      expect(await listed('consultant')).toContain(id);
      expect(await listed('boss')).not.toContain(id);
      expect(await statusOf('consultant', 'GET', `/sources/${id}`)).toBe(200);
      expect(await statusOf('boss', 'GET', `/sources/${id}`)).toBe(403);
    });

    it('are in the log of what a consultant did only for those who can read them', async () => {
      const asset = await newAsset(2);
      expect(await statusOf('consultant', 'PATCH', `/assets/${asset}`, { description: 'secret' })).toBe(200);
      await waitForEvents(scene.sql);
      const aboutClients = async (person: Person) => {
        const log = await send(person, 'GET', `/users/${scene.ids['consultant']}/auditlog?per-page=1000`);
        const { data, ...counts } = log.body as unknown as Schemas['AuditRecords'];
        expect(counts).toEqual({ 'num-records': data.length, 'filtered-records': data.length });
        return data.filter(({ affected_asset_id: id }) => id === asset).map(({ event_type: type }) => type);
      };
      expect(await aboutClients('consultant')).toEqual(['asset.updated']);
      expect(await aboutClients('admin')).toEqual(['asset.updated']);
      expect(await aboutClients('boss')).toEqual([]);
    });

    it('keep what happened to an asset before it got another account', async () => {
      const asset = await newAsset(2);
      await send('clientAdmin', 'PATCH', `/assets/${asset}`, { description: 'secret' });
      await waitForEvents(scene.sql);
      await scene.sql.query('UPDATE generic_asset SET account_id = 1 WHERE id = $1', [asset]);
      const entries = async (person: Person) =>
        (await send(person, 'GET', `/assets/${asset}/auditlog`)).body['num-records'];
      expect(await entries('admin')).toBe(1);
      expect(await entries('consultant')).toBe(1);
      expect(await entries('boss')).toBe(0);
    });

    it('end with the next request after the relation ends', async () => {
      expect(await statusOf('consultant', 'GET', '/accounts/2')).toBe(200);
      await scene.sql.query('UPDATE account SET consultancy_account_id = NULL WHERE id = 2');
      expect(await statusOf('consultant', 'GET', '/accounts/2')).toBe(403);
      await makeClient();
    });
  });

  describe('get users', () => {
    it('who choose their password with the link in their invitation', async () => {
      const created = await send('clientAdmin', 'POST', '/users', {
        ...{ email: 'Anna@Example.com', username: 'anna', account_id: 2, timezone: 'Europe/Berlin' },
      });
      expect(created).toMatchObject({
        status: 201,
        body: {
          email: 'anna@example.com',
          username: 'anna',
          account_id: 2,
          flexmeasures_roles: [],
          active: true,
        },
      });
      expect(created.body['message']).toBeUndefined();
      const mail = await smtp.next('anna@example.com');
      const link = /https?:\/\/flex\.example(\/reset-password\/\S+)/.exec(mail.text.replaceAll('=\r\n', ''));
      expect(link).not.toBeNull();
      const browser = new Browser(scene.api.url);
      const choose = (password: string) => browser.submit(link![1]!, { password, again: password });
      const refused = await choose(STOLEN);
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('This password is in a list of passwords that were stolen.');
      expect((await choose('an-unusual-word')).status).toBe(200);
      expect(await scene.api.logIn('anna@example.com', 'an-unusual-word')).toEqual(expect.any(String));
    });

    it('from consultants too, but not from members and others', async () => {
      const post = (person: Person, name: string) =>
        statusOf(person, 'POST', '/users', { email: `${name}@example.com`, username: name, account_id: 2 });
      expect(await post('consultant', 'bert')).toBe(201);
      expect(await post('client', 'carl')).toBe(201); // is an account-admin by now
      expect(await post('colleague', 'dora')).toBe(201); // is a consultant by now
      expect(await post('boss', 'emma')).toBe(403);
    });

    it.each<[object, object]>([
      [{ email: 'anna@example.com' }, { email: [expect.stringContaining('already exists')] }],
      [{ email: 'no address' }, { email: ['Not a valid email address.'] }],
      [{ username: 'anna' }, { username: [expect.stringContaining('already exists in this account')] }],
      [{ account_id: 99 }, { account_id: ["Account with id 99 doesn't exist."] }],
      [{ password: 'secret-word' }, { password: ['Unknown field.'] }],
    ])('but not from %j', async (fields, reasons) => {
      const body = { email: 'new@example.com', username: 'new', account_id: 2, ...fields };
      expect(await send('clientAdmin', 'POST', '/users', body)).toMatchObject({
        status: 422,
        body: { message: { json: reasons } },
      });
    });

    it('who are listed with pages, search terms and orders', async () => {
      await scene.sql.query("UPDATE fm_user SET active = false WHERE username = 'bert'");
      const page = (
        await send('clientAdmin', 'GET', '/users?page=1&per-page=2&sort-by=username&sort-dir=desc')
      ).body;
      expect(page).toMatchObject({
        data: [{ username: 'dora' }, { username: 'clientAdmin' }],
        'num-records': 5,
        'filtered-records': 5,
      });
      const found = (
        await send('clientAdmin', 'GET', '/users?page=1&filter=anna%20bert&include_inactive=true')
      ).body;
      expect(found).toMatchObject({ data: [{ username: 'anna' }, { username: 'bert' }], 'num-records': 6 });
      const byMail = (await send('clientAdmin', 'GET', '/users?filter=carl%40')).body as unknown as object[];
      expect(byMail).toMatchObject([{ username: 'carl' }]);
      const seen = (await send('clientAdmin', 'GET', '/users?sort-by=lastLogin&sort-dir=desc'))
        .body as unknown as {
        last_login_at: string | null;
      }[];
      expect(seen[0]!.last_login_at).not.toBeNull();
      expect(seen.at(-1)!.last_login_at).toBeNull();
    });
  });
});
