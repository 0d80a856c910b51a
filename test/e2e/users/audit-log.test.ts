import { userInfo } from 'node:os';
import type { Schemas } from '../../../openapi/client';
import { waitForEvents } from '../../harness/databases/wait-for-events';
import {
  Fresh,
  HALF_A_DAY,
  startScene,
  uniqueNumber,
  waitForSchedule,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';
import { flexmeasures } from '../../harness/servers/cli';

type AuditRecord = Schemas['AuditRecord'];

/** A change, with the entries that it must leave. */
interface Step {
  by: string;
  change: () => Promise<unknown>;
  leaves: (string | RegExp)[];
}

const TO_HALF_HOURS = ['--event-resolution', '30', '--skip-integrity-check'];
const COMMAND_LINE = `command line (${userInfo().username})`;

describe('The audit log', () => {
  let scene: Scene;
  let fresh: Fresh;

  beforeAll(async () => {
    scene = await startScene();
    fresh = new Fresh(scene.sql);
    await waitForEvents(scene.sql);
  });

  afterAll(() => scene.stop());

  const send = async (person: Person, method: string, path: string, json?: unknown) => {
    const { status, body } = await scene.send(method, path, json, person);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body as { id: number; token: string; schedule: string };
  };
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await flexmeasures(args, { databaseUri: scene.databaseUri });
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
  const userId = async (username: string): Promise<number> => {
    const { rows } = await scene.sql.query<{ id: number }>('SELECT id FROM fm_user WHERE username = $1', [
      username,
    ]);
    return rows[0]!.id;
  };
  const log = async (path: string, person: Person = 'accountAdmin') =>
    (await send(person, 'GET', path)) as unknown as AuditRecord[];
  const page = async (path: string, person: Person = 'accountAdmin') =>
    (await send(person, 'GET', path)) as unknown as Schemas['AuditRecords'];

  it('has every change of a busy hour of three people, a device and a command, each with its author', async () => {
    const before = (await page('/accounts/1/auditlog?page=1')).data.length;
    const ids: Record<string, number> = {};
    let gateway = '';
    const memberId = await userId('member');
    const steps: Step[] = [
      {
        by: 'accountAdmin',
        change: async () => {
          ids['asset'] = (
            await send('accountAdmin', 'POST', '/assets', {
              ...{ name: 'roof', generic_asset_type_id: 1, account_id: 1 },
            })
          ).id;
        },
        leaves: [/^Asset 'roof' \(Id \d+\) created$/],
      },
      {
        by: 'member',
        change: () => send('member', 'PATCH', `/assets/${ids['asset']}`, { latitude: 52, longitude: 5 }),
        leaves: [/^Asset 'roof' \(Id \d+\) changed: latitude, longitude$/],
      },
      {
        by: 'accountAdmin',
        change: async () => {
          ids['sensor'] = (
            await send('accountAdmin', 'POST', '/sensors', {
              ...{ name: 'sun', unit: 'MW', event_resolution: 15, generic_asset_id: ids['asset'] },
            })
          ).id;
        },
        leaves: [/^Sensor 'sun' \(Id \d+\) created$/],
      },
      {
        by: 'admin',
        change: () => send('admin', 'PATCH', `/sensors/${ids['sensor']}`, { timezone: 'Europe/Berlin' }),
        leaves: [/^Sensor 'sun' \(Id \d+\) changed: timezone$/],
      },
      {
        by: 'member',
        change: () => send('member', 'PATCH', `/users/${memberId}`, { timezone: 'Europe/Paris' }),
        leaves: [`User 'member' (Id ${memberId}) changed: timezone`],
      },
      {
        by: 'accountAdmin',
        change: async () => {
          const { rows } = await scene.sql.query<{ id: number }>(
            "SELECT id FROM role WHERE name = 'account-admin'",
          );
          return send('accountAdmin', 'PATCH', `/users/${memberId}`, { flexmeasures_roles: [rows[0]!.id] });
        },
        leaves: [`Roles of user 'member' (Id ${memberId}) changed to: account-admin`],
      },
      {
        by: 'member',
        change: async () => {
          const body = { name: 'gateway', scopes: ['read', 'trigger'] };
          const created = await send('member', 'POST', `/users/${memberId}/tokens`, body);
          [gateway, ids['token']] = [created.token, created.id];
        },
        leaves: [`Device token 'gateway' of user 'member' (Id ${memberId}) created`],
      },
      {
        by: 'member with gateway',
        change: async () => {
          const { body } = await scene.api.request('POST', '/api/v3_0/sensors/2/schedules/trigger', {
            token: gateway,
            json: HALF_A_DAY,
          });
          // A job that runs after its token was revoked is refused.
          await waitForSchedule(scene.as('admin'), (body as { schedule: string }).schedule);
        },
        leaves: [/^Job [-0-9a-f]{36} \(schedule\) requested for sensor 'discharging' \(Id 2\)$/],
      },
      {
        by: 'admin',
        change: () => send('admin', 'DELETE', `/users/${memberId}/tokens/${ids['token']}`),
        leaves: [`Device token 'gateway' of user 'member' (Id ${memberId}) revoked`],
      },
      {
        by: 'member with gateway',
        change: () => scene.api.request('GET', '/api/v3_0/sensors/2', { token: gateway }),
        leaves: [`Device token 'gateway' of user 'member' (Id ${memberId}) refused: revoked`],
      },
      {
        by: COMMAND_LINE,
        change: async () => {
          await send('member', 'POST', `/sensors/${ids['sensor']}/data`, {
            ...{
              start: '2026-01-01T00:00:00Z',
              duration: 'PT15M',
              values: [0.1],
              unit: 'MW',
              horizon: 'PT0H',
            },
          });
          await run('delete', 'measurements', '--sensor-id', String(ids['sensor']), '--force');
        },
        leaves: [/^Data of sensor 'sun' \(Id \d+\) deleted$/],
      },
      {
        by: 'accountAdmin',
        change: async () => {
          const data = { start: '2026-01-01T00:00:00Z', duration: 'PT15M', values: [0.1], unit: 'MW' };
          await send('member', 'POST', `/sensors/${ids['sensor']}/data`, data);
          const period = { start: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };
          await send('accountAdmin', 'DELETE', `/sensors/${ids['sensor']}/data`, period);
        },
        leaves: [
          /^Data of sensor 'sun' \(Id \d+\) deleted from 2026-01-01T00:00:00\.000Z until 2026-01-02T00:00:00\.000Z$/,
        ],
      },
      {
        by: 'member',
        change: () =>
          send('member', 'PATCH', `/assets/${ids['asset']}`, {
            flex_context: { 'site-power-capacity': '5 kW' },
          }),
        leaves: [/^Asset 'roof' \(Id \d+\) changed: flex_context$/],
      },
      {
        by: 'admin',
        change: () => send('admin', 'PATCH', '/accounts/1', { primary_color: '#112233' }),
        leaves: [/^Account 'Toy Account' \(Id 1\) changed: primary_color$/],
      },
      {
        by: COMMAND_LINE,
        change: () => run('edit', 'resample-data', '--sensor-id', `${ids['sensor']}`, ...TO_HALF_HOURS),
        leaves: [/^Sensor 'sun' \(Id \d+\) changed: event_resolution$/],
      },
      {
        by: COMMAND_LINE,
        change: () =>
          run(
            ...['add', 'annotation', '--content', 'cloudy', '--asset-id', String(ids['asset'])],
            ...['--at', '2026-01-01', '--user-id', String(memberId)],
          ),
        leaves: [/^Annotation added to asset 'roof' \(Id \d+\)$/],
      },
      {
        by: 'accountAdmin',
        change: () => send('accountAdmin', 'DELETE', `/sensors/${ids['sensor']}`),
        leaves: [/^Sensor 'sun' \(Id \d+\) deleted$/],
      },
      {
        by: 'accountAdmin',
        change: () => send('accountAdmin', 'DELETE', `/assets/${ids['asset']}`),
        leaves: [/^Asset 'roof' \(Id \d+\) deleted$/],
      },
      {
        by: 'admin',
        change: () => send('admin', 'PATCH', `/users/${memberId}/password-reset`),
        leaves: [`Password of user 'member' (Id ${memberId}) changed`],
      },
      {
        by: COMMAND_LINE,
        change: () => run('delete', 'user', '--email', 'member@example.com', '--force'),
        leaves: [`User 'member' (Id ${memberId}) deleted`],
      },
    ];
    for (const { change } of steps) await change();
    await waitForEvents(scene.sql);

    const all = (await log('/accounts/1/auditlog')).reverse().slice(before);
    // The job that the gateway asked for keeps the state of charge of the request, at any time during the hour.
    const byJob = all.filter(({ fields }) => fields.includes('attributes.soc_in_mwh'));
    expect(byJob).toMatchObject([
      { active_user_name: 'member', active_token_name: 'gateway', affected_asset_id: 3 },
    ]);
    const records = all.filter((record) => !byJob.includes(record));
    const found = records.map((record) => [
      record.active_user_name +
        (record.active_token_name === null ? '' : ` with ${record.active_token_name}`),
      record.event,
    ]);
    const expected = steps.flatMap(({ by, leaves }) =>
      leaves.map((text) => [by, typeof text === 'string' ? text : (expect.stringMatching(text) as string)]),
    );
    expect(found).toEqual(expected);
    const { rows } = await scene.sql.query("SELECT FROM audit_log WHERE author IS NULL OR author = ''");
    expect(rows).toEqual([]);
    // The user is gone, what the user did is not.
    const byMember = records.filter(({ active_user_id: id }) => id === memberId);
    expect(byMember.map(({ active_user_name: name }) => name)).toEqual(byMember.map(() => 'member'));
    expect(byMember.length).toBeGreaterThan(3);
  });

  it('tells who got and who lost roles', async () => {
    await run('add', 'account-role', '--name', 'Aggregator');
    await run('add', 'account', '--name', 'Aggregators', '--roles', 'Aggregator');
    await run('delete', 'account-role', '--name', 'Aggregator', '--force');
    await waitForEvents(scene.sql);
    const { rows } = await scene.sql.query<{ description: string }>(
      "SELECT description FROM audit_log WHERE description LIKE '%Aggregator%' ORDER BY event_time, id",
    );
    expect(rows.map(({ description }) => description.replace(/\d+/, 'N'))).toEqual([
      "Account role 'Aggregator' created",
      "Account 'Aggregators' (Id N) created",
      "Account role 'Aggregator' deleted",
      "Account 'Aggregators' (Id N) lost the role 'Aggregator', which was deleted",
    ]);
  });

  it('keeps what was about a deleted account', async () => {
    const name = `Short-lived ${uniqueNumber()}`;
    await run('add', 'account', '--name', name);
    const { rows } = await scene.sql.query<{ id: number }>('SELECT id FROM account WHERE name = $1', [name]);
    const { id } = rows[0]!;
    await run('delete', 'account', '--id', String(id), '--force');
    await waitForEvents(scene.sql);
    const kept = await scene.sql.query<{ description: string; author: string }>(
      'SELECT description, author FROM audit_log WHERE account_id = $1 ORDER BY event_time',
      [id],
    );
    expect(kept.rows).toEqual([
      { description: `Account '${name}' (Id ${id}) created`, author: COMMAND_LINE },
      { description: `Account '${name}' (Id ${id}) deleted`, author: COMMAND_LINE },
    ]);
  });

  it('of an asset and of a user is paged, filtered and sorted', async () => {
    const asset = await fresh.asset();
    for (const latitude of [1, 2, 3])
      await send('accountAdmin', 'PATCH', `/assets/${asset}`, { latitude, longitude: 5 });
    await send('accountAdmin', 'PATCH', `/assets/${asset}`, { name: `named ${asset}` });
    await waitForEvents(scene.sql);
    const all = await page(`/assets/${asset}/auditlog`);
    expect(all).toMatchObject({ 'num-records': 4, 'filtered-records': 4 });
    expect(all.data[0]!.event).toMatch(/changed: name$/);
    const oldest = await page(`/assets/${asset}/auditlog?per-page=1&sort-by=event_datetime&sort-dir=asc`);
    expect(oldest.data.map(({ event_datetime: time }) => time)).toEqual([all.data[3]!.event_datetime]);
    const second = await page(`/assets/${asset}/auditlog?per_page=3&page=2`);
    expect(second.data).toEqual([all.data[3]]);
    const named = await page(`/assets/${asset}/auditlog?filter=%22changed:%20name%22`);
    expect(named).toMatchObject({ 'num-records': 4, 'filtered-records': 1 });
    expect(await page(`/assets/${asset}/auditlog?filter=100%25`)).toMatchObject({ 'filtered-records': 0 });

    const admin = await userId('accountAdmin');
    const ofUser = await page(`/users/${admin}/auditlog?filter=%22(Id%20${asset})%22`);
    expect(ofUser['filtered-records']).toBe(4);
    expect(ofUser.data[0]).toMatchObject({
      event_type: 'asset.updated',
      active_user_id: admin,
      affected_account_id: 1,
      affected_asset_id: asset,
      affected_user_id: null,
      fields: ['name'],
    });
  });

  it('is shown by a command, newest first', async () => {
    const asset = await fresh.asset();
    for (const latitude of [1, 2])
      await send('accountAdmin', 'PATCH', `/assets/${asset}`, { latitude, longitude: 5 });
    await waitForEvents(scene.sql);
    const show = (...options: string[]) => run('show', 'audit-log', ...options);
    const shown = await show('--asset-id', String(asset));
    const [newest, ...others] = shown.split('\n').filter((line) => line.includes(`(Id ${asset})`));
    expect(others).toHaveLength(1);
    expect(newest).toMatch(/^20\S+Z +accountAdmin +Asset '.*' \(Id \d+\) changed: latitude, longitude$/);
    expect(await show('--asset-id', String(asset), '--limit', '1')).toContain('the newest 1 of 2 entries');
    expect(await show('--asset-id', String(asset), '--filter', 'nothing')).toContain('no such entries');
    const author = await userId('accountAdmin');
    for (const options of [['--account-id', '1'], ['--user-id', String(author)], []])
      expect(await show(...options)).toContain(newest!.split(' ')[0]);
    await expect(show('--account-id', '1', '--user-id', '1')).rejects.toThrow('cannot be used with');
  });

  it('cannot be changed, not even with SQL', async () => {
    for (const statement of [
      "UPDATE audit_log SET author = 'nobody'",
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
    ])
      await expect(scene.sql.query(statement)).rejects.toThrow('The audit log cannot be changed.');
  });
});
