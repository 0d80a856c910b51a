import { UNAUTHENTICATED, unprocessable } from '../../harness/contract/answers';
import { eventually } from '../../harness/eventually';
import { Browser } from '../../harness/browser/browser';
import {
  DAY,
  emailOf,
  HALF_A_DAY,
  PASSWORD,
  startScene,
  type Person,
  type Scene,
} from '../../harness/scenes/api-scene';

const FORECAST = { start: `${DAY}T00:00:00Z`, duration: 'PT1H' };
const TRIGGER = '/sensors/2/schedules/trigger';

interface Sent {
  person?: Person;
  token?: string;
  /** Address of the client, as the proxy names it. */
  from?: string;
  json?: unknown;
}

const limitsOf = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`x-ratelimit-${name}`)));

describe('Rate limits', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({
      FLEXMEASURES_TRUST_PROXY: 'True',
      FLEXMEASURES_API_DEFAULT_RATE_LIMIT: '20 per hour',
      FLEXMEASURES_API_TRIGGER_RATE_LIMIT: '2 per hour',
    });
  });
  afterAll(() => scene.stop());

  const send = (method: string, path: string, { person, token, from = '192.0.2.1', json }: Sent = {}) => {
    const headers = new Headers({ 'X-Forwarded-For': from, 'Content-Type': 'application/json' });
    const used = token ?? (person && scene.tokenOf(person));
    if (used !== undefined) headers.set('Authorization', used);
    const url = `${scene.api.url}/api/${path}`;
    return scene.api.fetch(
      new Request(url, { method, headers, body: json === undefined ? null : JSON.stringify(json) }),
    );
  };
  const statuses = async (count: number, one: () => Promise<Response>): Promise<number[]> => {
    const answers: number[] = [];
    for (let i = 0; i < count; i++) answers.push((await one()).status);
    return answers;
  };
  const times = (count: number, status: number): number[] => Array.from({ length: count }, () => status);
  const setPlan = async (accountId: number, plan: Record<string, string>): Promise<void> => {
    const columns = Object.keys(plan);
    const { rows } = await scene.sql.query<{ id: number }>(
      `INSERT INTO plan (name, ${columns.join()}) VALUES (gen_random_uuid()::text, ${columns.map((_, i) => `$${i + 1}`).join()}) RETURNING id`,
      Object.values(plan),
    );
    await scene.sql.query('UPDATE account SET plan_id = $1 WHERE id = $2', [rows[0]!.id, accountId]);
  };

  describe('of requests', () => {
    it('count clients without a user by their network, and say when to try again', async () => {
      const ping = (from: string) => send('GET', 'ops/ping', { from });
      const first = await ping('192.0.2.9');
      const now = Date.now() / 1000;
      expect(limitsOf(first)).toEqual([20, 19, expect.any(Number) as number]);
      expect(limitsOf(first)[2]! - now).toBeGreaterThan(3500);
      expect(await statuses(19, () => ping('192.0.2.9'))).toEqual(times(19, 200));
      const refused = await ping('192.0.2.9');
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(3500);
      expect(limitsOf(refused).slice(0, 2)).toEqual([20, 0]);
      expect([refused.status, await refused.json()]).toEqual([
        429,
        {
          message: `You send too many requests: 20 per hour are allowed. Try again in ${wait} seconds.`,
          result: 'Rejected',
          status: 'TOO_MANY_REQUESTS',
        },
      ]);
      expect((await ping('192.0.2.10')).status).toBe(200);
      // Two addresses of one IPv6 network.
      expect(await statuses(20, () => ping('2001:db8::1'))).toEqual(times(20, 200));
      expect((await ping('2001:db8::2')).status).toBe(429);
      expect((await ping('2001:db8:0:1::1')).status).toBe(200);
    });

    it('count wrong tokens for the network, and leave users there alone', async () => {
      const guess = () => send('GET', 'v3_0/sensors', { token: 'guessed', from: '192.0.2.20' });
      expect(await (await guess()).json()).toEqual(UNAUTHENTICATED);
      expect(await statuses(19, guess)).toEqual(times(19, 401));
      expect((await guess()).status).toBe(429);
      expect((await send('GET', 'v3_0/sensors', { person: 'admin', from: '192.0.2.20' })).status).toBe(200);
    });

    it('leave out health checks', async () => {
      const ready = () => send('GET', 'v3_0/health/ready', { from: '192.0.2.30' });
      expect(await statuses(25, ready)).toEqual(times(25, 200));
      expect((await ready()).headers.get('x-ratelimit-limit')).toBeNull();
    });

    it('count each user, from whatever address, also for refused requests', async () => {
      const unknown = (from: string) => send('GET', 'v3_0/assets/9999', { person: 'reader', from });
      expect(await statuses(10, () => unknown('192.0.2.40'))).toEqual(times(10, 404));
      expect(await statuses(10, () => unknown('192.0.2.41'))).toEqual(times(10, 404));
      expect((await unknown('192.0.2.42')).status).toBe(429);
      expect((await send('GET', 'v3_0/assets/3', { person: 'admin' })).status).toBe(200);
      await setPlan(3, { default_rate_limit: 'unlimited' });
      const freed = await unknown('192.0.2.42');
      expect([freed.status, freed.headers.get('x-ratelimit-limit')]).toEqual([404, null]);
      await setPlan(3, { default_rate_limit: '1 per day' });
      const planned = await unknown('192.0.2.42');
      expect([planned.status, ...limitsOf(planned).slice(0, 2)]).toEqual([404, 1, 0]);
      expect((await unknown('192.0.2.42')).status).toBe(429);
      // What cannot be read is the limit of the settings.
      await setPlan(3, { default_rate_limit: 'nonsense' });
      expect((await unknown('192.0.2.42')).status).toBe(429);
      await setPlan(3, { default_rate_limit: 'unlimited' });
    });

    it('count pages, but not those of visitors', async () => {
      await setPlan(1, { default_rate_limit: '3 per 24 minutes' });
      const browser = new Browser(scene.api.url);
      await browser.submit('/login', { email: emailOf('member'), password: PASSWORD });
      const assets = () => browser.get('/assets', { Accept: 'text/html' });
      for (let i = 0; i < 3; i++) expect((await assets()).status).toBe(200);
      const refused = await assets();
      expect(refused.status).toBe(429);
      expect(refused.text).toContain('<h1>Too many requests</h1>');
      expect((await send('GET', 'v3_0/assets', { person: 'member' })).status).toBe(429);
      for (let i = 0; i < 5; i++) expect((await new Browser(scene.api.url).get('/login')).status).toBe(200);
      await setPlan(1, { default_rate_limit: 'unlimited' });
    });
  });

  describe('of requests for schedules and forecasts', () => {
    const trigger = (person: Person, change: object = {}, path = TRIGGER) =>
      send('POST', `v3_0${path}`, {
        person,
        json: { ...HALF_A_DAY, force_new_job_creation: true, ...change },
      });

    it('count those that an account was granted, of all users and kinds', async () => {
      for (const change of [
        { start: 'soon' },
        { duration: 'PT0S' },
        { 'flex-context': { 'consumption-price-sensor': 99 } },
      ])
        expect((await trigger('accountAdmin', change)).status).toBe(422);
      expect((await trigger('stranger')).status).toBe(403);
      const first = await trigger('accountAdmin');
      expect([first.status, ...limitsOf(first).slice(0, 2)]).toEqual([200, 2, 1]);
      const forecast = await send('POST', 'v3_0/sensors/2/forecasts/trigger', {
        person: 'member',
        json: FORECAST,
      });
      expect(forecast.status).toBe(202);
      const refused = await trigger('member');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3500);
      expect(await refused.json()).toMatchObject({
        message: expect.stringMatching(
          /^The account asks for too many schedules and forecasts: 2 per hour are allowed\. Try again in \d+ seconds\.$/,
        ) as string,
      });
      const site = { 'flex-model': [{ sensor: 2, ...HALF_A_DAY['flex-model'] }] };
      expect((await trigger('accountAdmin', site, '/assets/3/schedules/trigger')).status).toBe(429);
      // Of another account.
      expect((await trigger('admin')).status).toBe(200);
    });

    it('follow the plan of the account', async () => {
      await setPlan(1, {
        trigger_rate_limit: '1 per day',
        rate_limit_key: 'user',
        default_rate_limit: 'unlimited',
      });
      expect((await trigger('member')).status).toBe(200);
      const refused = await trigger('member');
      expect(refused.status).toBe(429);
      expect(await refused.json()).toMatchObject({
        message: expect.stringMatching(/^You ask for too many/) as string,
      });
      expect((await trigger('accountAdmin')).status).toBe(200);
      await setPlan(1, {
        trigger_rate_limit: '1 per day',
        rate_limit_key: 'account+asset',
        default_rate_limit: 'unlimited',
      });
      expect((await trigger('member')).status).toBe(200);
      expect((await trigger('accountAdmin')).status).toBe(429);
      await setPlan(1, { trigger_rate_limit: 'unlimited', default_rate_limit: 'unlimited' });
      expect(await statuses(4, () => trigger('member'))).toEqual(times(4, 200));
    });

    it('do not let through more requests at once than are left', async () => {
      await setPlan(1, { trigger_rate_limit: '3 per day', default_rate_limit: 'unlimited' });
      const answers = await Promise.all(Array.from({ length: 8 }, () => trigger('member')));
      expect(answers.map(({ status }) => status).sort()).toEqual([...times(3, 200), ...times(5, 429)]);
      expect((await trigger('member')).status).toBe(429);
    });

    it('do not count answers that are repeated for an idempotency key', async () => {
      await setPlan(1, { trigger_rate_limit: '5 per day', default_rate_limit: 'unlimited' });
      const repeat = () =>
        scene.api.fetch(
          new Request(`${scene.api.url}/api/v3_0${TRIGGER}`, {
            method: 'POST',
            headers: {
              'X-Forwarded-For': '192.0.2.1',
              'Content-Type': 'application/json',
              Authorization: scene.tokenOf('member'),
              'Idempotency-Key': 'the-same',
            },
            body: JSON.stringify(HALF_A_DAY),
          }),
        );
      for (let i = 0; i < 8; i++) {
        expect((await repeat()).status).toBe(200);
        await eventually(
          async () => limitsOf(await trigger('member', { start: 'soon' }))[1],
          (left) => left === 3,
        );
      }
    });

    it('give back what a refused request has taken', async () => {
      await setPlan(1, { trigger_rate_limit: '4 per day', default_rate_limit: 'unlimited' });
      const refused = await Promise.all(
        Array.from({ length: 12 }, () => trigger('member', { start: 'soon' })),
      );
      expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([422, 429]));
      await eventually(
        async () => limitsOf(await trigger('member', { start: 'soon' })).slice(0, 2),
        ([limit, left]) => limit === 4 && left === 3,
      );
      expect(await statuses(5, () => trigger('member'))).toEqual([...times(4, 200), 429]);
    });

    it('count those from web pages, too', async () => {
      await setPlan(3, { trigger_rate_limit: '2 per day' });
      const browser = new Browser(scene.api.url);
      const headers = { 'X-Forwarded-For': '192.0.2.77', Accept: 'text/html' };
      await browser.submitWith('/login', { email: emailOf('admin'), password: PASSWORD }, headers);
      const form = { start: `${DAY}T07:00`, duration: 'PT6H', price_sensor: '3' };
      const ask = (soc: string) =>
        browser.submitWith('/sensors/2/schedule', { ...form, soc_at_start: soc }, headers);
      const answers = [await ask('41%'), await ask('x'), await ask('42%'), await ask('43%')];
      expect(answers.map(({ status }) => status)).toEqual([303, 422, 303, 429]);
      expect(answers[3]!.text).toContain('2 per day are allowed.');
    });
  });

  describe('of requests for schedules by other doors', () => {
    const trigger = () =>
      send('POST', `v3_0${TRIGGER}`, {
        person: 'member',
        json: { ...HALF_A_DAY, force_new_job_creation: true },
      });

    it('count the form of a page', async () => {
      await setPlan(1, { trigger_rate_limit: '1 per 25 minutes', default_rate_limit: 'unlimited' });
      const browser = new Browser(scene.api.url);
      await browser.submit('/login', { email: emailOf('member'), password: PASSWORD });
      const form = { start: `${DAY}T07:00`, duration: 'PT6H', soc_at_start: '0.2 MWh', price_sensor: '3' };
      const first = await browser.submit('/sensors/2/schedule', form);
      expect([first.status, first.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/jobs\//) as string,
      ]);
      expect((await browser.submit('/sensors/2/schedule', form)).status).toBe(429);
      expect((await trigger()).status).toBe(429);
    });

    it('count a message of an old version for the asset of its device', async () => {
      const limits = { trigger_rate_limit: '1 per 26 minutes', default_rate_limit: 'unlimited' };
      await setPlan(1, { ...limits, rate_limit_key: 'account+asset' });
      expect((await trigger()).status).toBe(200);
      const json = {
        type: 'PostUdiEventRequest',
        event: 'ea1.2021-01.io.flexmeasures:2:1:soc',
        datetime: `${DAY}T07:00:00+01:00`,
        ...{ value: 0.2, unit: 'MWh' },
      };
      const refused = await send('POST', 'v2_0/postUdiEvent', { person: 'member', json });
      expect([refused.status, await refused.json()]).toMatchObject([429, { type: 'PostUdiEventResponse' }]);
    });
  });

  describe('by plan', () => {
    const patch = (planId: number | null, person: Person) =>
      send('PATCH', 'v3_0/accounts/2', { person, json: { plan_id: planId } });

    it('admins choose the plan of an account, which is not a legacy plan', async () => {
      const { rows } = await scene.sql.query<{ id: number }>(
        "INSERT INTO plan (name, legacy) VALUES ('Pro', false), ('Old', true) RETURNING id",
      );
      const [pro, old] = rows.map(({ id }) => id);
      expect((await patch(pro!, 'stranger')).status).toBe(403);
      const changed = await patch(pro!, 'admin');
      expect([changed.status, await changed.json()]).toMatchObject([200, { id: 2, plan_id: pro }]);
      const legacy = await patch(old!, 'admin');
      expect({ status: legacy.status, body: await legacy.json() }).toMatchObject(
        unprocessable('json', { plan_id: ["No further accounts get the legacy plan 'Old'."] }),
      );
      const unknown = await patch(9999, 'admin');
      expect({ status: unknown.status, body: await unknown.json() }).toMatchObject(
        unprocessable('json', { plan_id: ['There is no plan with id 9999.'] }),
      );
      expect((await patch(null, 'admin')).status).toBe(200);
      const freed = await send('GET', 'v3_0/accounts/2', { person: 'admin' });
      expect(await freed.json()).toMatchObject({ plan_id: null });
      // Requests are limited here, so the log is awaited in the database.
      await eventually(
        async () => (await scene.sql.query("SELECT FROM audit_log WHERE 'plan_id' = ANY (fields)")).rowCount,
        (count) => count! >= 2,
      );
      const log = await send('GET', 'v3_0/accounts/2/auditlog', { person: 'admin' });
      const entries = (await log.json()) as { fields: string[] }[];
      expect(entries.some(({ fields }) => fields.includes('plan_id'))).toBe(true);
    });
  });
});

describe('Rate limits without a proxy', () => {
  it('do not apply to requests from the machine of the server', async () => {
    const scene = await startScene({
      FLEXMEASURES_API_DEFAULT_RATE_LIMIT: '1 per hour',
      FLEXMEASURES_API_TRIGGER_RATE_LIMIT: '1 per hour',
    });
    try {
      for (let i = 0; i < 3; i++) {
        const { status, headers } = await scene.send('GET', '/assets/3');
        expect([status, headers.get('x-ratelimit-limit')]).toEqual([200, null]);
        expect((await scene.send('POST', TRIGGER, HALF_A_DAY)).status).toBe(200);
      }
    } finally {
      await scene.stop();
    }
  });
});
