import { setTimeout as sleep } from 'node:timers/promises';
import { expectWithinLimits, watchServer } from '../../harness/attacks/attack';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { isThorough } from '../../harness/effort';
import { fullHash } from '../../harness/databases/users';
import { type ApiServer, startApi } from '../../harness/servers/api';

// A tolerant limit: other processes may use the machine.
jest.retryTimes(2);

/** More than wait at once. On a busy machine, they arrive in one burst, which takes the server a millisecond for each. */
const FLOOD = isThorough ? 300 : 120;
/** Otherwise, they do not arrive in one burst, but all wait at the same time. */
const MS_BETWEEN = 2;
const PER_USER = 10;
const PER_ADDRESS = 100;
/** Number of hashes that may finish while another login waits: the running ones, and its fair share. */
const AHEAD = 8;

describe('A flood of failed logins', () => {
  let scene: PeopleScene<ApiServer>;
  /** Each flood comes from a different address. */
  let attacker = '';
  let addresses = 0;

  beforeAll(async () => {
    scene = await startPeopleScene(
      { honest: [1], victim: [1] },
      {
        FLEXMEASURES_TRUST_PROXY: 'True',
        FLEXMEASURES_LOGIN_FAILURES_PER_USER: String(PER_USER),
        FLEXMEASURES_LOGIN_FAILURES_PER_ADDRESS: String(PER_ADDRESS),
      },
      startApi,
    );
    await scene.sql.query('UPDATE fm_user SET password = $1', [await fullHash(PASSWORD)]);
  });
  afterAll(() => scene.stop());
  beforeEach(() => (attacker = `198.51.100.${++addresses}`));

  const requestToken = async (email: string, password: string, address: string): Promise<Response> =>
    scene.api.fetch(
      new Request(`${scene.api.url}/api/requestAuthToken`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
        body: JSON.stringify({ email, password }),
      }),
    );

  /** Sends the form of the login page. */
  const sendForm = async (email: string, address: string): Promise<Response> => {
    const page = await fetch(`${scene.api.url}/login`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())![1]!;
    return fetch(`${scene.api.url}/login`, {
      method: 'POST',
      headers: { Cookie: page.headers.get('set-cookie')!.split(';')[0]!, 'X-Forwarded-For': address },
      body: new URLSearchParams({ csrf, email, password: 'wrong' }),
      redirect: 'manual',
    });
  };

  /** Sends a flood and, as soon as passwords are checked, three valid logins one after the other. */
  async function flood(guess: (index: number) => Promise<Response>) {
    const statuses: number[] = [];
    let [isFirstChecked, checked] = [(): void => undefined, 0];
    const firstCheck = new Promise<void>((resolve) => (isFirstChecked = resolve));
    const guesses = Array.from({ length: FLOOD }, async (_, index) => {
      await sleep(index * MS_BETWEEN);
      const response = await guess(index);
      if (response.status === 401) checked++;
      statuses.push(response.status);
      if (response.status === 429 || response.status === 503) {
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      }
      isFirstChecked();
    });
    await firstCheck;
    const honest: { status: number; checkedMeanwhile: number }[] = [];
    for (let round = 0; round < 3; round++) {
      const before = checked;
      const { status } = await requestToken(emailOf('honest'), PASSWORD, '192.0.2.1');
      honest.push({ status, checkedMeanwhile: checked - before });
    }
    await Promise.all(guesses);
    return { statuses, honest };
  }

  const count = (statuses: number[], status: number): number =>
    statuses.filter((one) => one === status).length;

  it('for one user checks no more passwords than the limit, and delays other users only briefly', async () => {
    const watched = await watchServer(scene.api, () =>
      flood(() => requestToken(emailOf('victim'), 'wrong', attacker)),
    );
    expectWithinLimits(watched);
    const { statuses, honest } = watched.result;
    expect(count(statuses, 401)).toBe(PER_USER);
    expect(count(statuses, 429)).toBe(FLOOD - PER_USER);
    for (const { status, checkedMeanwhile } of honest) {
      expect(status).toBe(200);
      expect(checkedMeanwhile).toBeLessThanOrEqual(AHEAD);
    }
  });

  it('for many users is limited per network, and other logins alternate with it', async () => {
    const watched = await watchServer(scene.api, () =>
      flood((index) => requestToken(`user${index}@example.com`, 'wrong', attacker)),
    );
    expectWithinLimits(watched);
    const { statuses, honest } = watched.result;
    expect(count(statuses, 401)).toBeLessThanOrEqual(PER_ADDRESS);
    expect(count(statuses, 503)).toBeGreaterThan(0);
    expect(count(statuses, 401) + count(statuses, 429) + count(statuses, 503)).toBe(FLOOD);
    for (const { status, checkedMeanwhile } of honest) {
      expect(status).toBe(200);
      expect(checkedMeanwhile).toBeLessThanOrEqual(AHEAD);
    }
  });

  it('through the login page is limited in the same way', async () => {
    const watched = await watchServer(scene.api, () => flood(() => sendForm(emailOf('victim'), attacker)));
    expectWithinLimits(watched);
    const { statuses, honest } = watched.result;
    expect(count(statuses, 401)).toBe(PER_USER);
    expect(count(statuses, 429)).toBe(FLOOD - PER_USER);
    expect(honest.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('does not block the user from another network', async () => {
    expect((await requestToken(emailOf('victim'), PASSWORD, '203.0.113.1')).status).toBe(200);
  });
});
