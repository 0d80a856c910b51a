import { flexmeasures } from '../../harness/servers/cli';
import { processorMs } from '../../harness/servers/computing';
import { emailOf, PASSWORD, startPeopleScene, type PeopleScene } from '../../harness/scenes/people';
import { type ApiServer, startApi } from '../../harness/servers/api';

const PER_USER = 3;
const PER_ADDRESS = 12;
const WITHIN_S = 120;

describe('POST /api/requestAuthToken', () => {
  let scene: PeopleScene<ApiServer>;

  beforeAll(async () => {
    scene = await startPeopleScene(
      { member: [1], other: [1] },
      {
        FLEXMEASURES_LOGIN_FAILURES_PER_USER: String(PER_USER),
        FLEXMEASURES_LOGIN_FAILURES_PER_ADDRESS: String(PER_ADDRESS),
        FLEXMEASURES_LOGIN_FAILURES_WITHIN: `${WITHIN_S / 60} minutes`,
        FLEXMEASURES_TRUST_PROXY: 'True',
      },
      startApi,
    );
  });
  afterAll(() => scene.stop());

  /** Each test uses a different address. */
  let address = 0;
  beforeEach(() => address++);

  const request = async (body: string, from = `192.0.2.${address}`) => {
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': from };
    const url = `${scene.api.url}/api/requestAuthToken`;
    const response = await scene.api.fetch(new Request(url, { method: 'POST', headers, body }));
    return {
      status: response.status,
      headers: response.headers,
      body: await response.json(),
    };
  };
  const logIn = (name: string, password: string, from?: string) =>
    request(JSON.stringify({ email: emailOf(name), password }), from);

  it.each([
    ['{}', ["Please provide the 'email' parameter.", "Please provide the 'password' parameter."]],
    ['{"password": "x"}', ["Please provide the 'email' parameter."]],
    ['{"email": "x@example.com"}', ["Please provide the 'password' parameter."]],
    ['{"email": "x@example.com", "password": ""}', ["Please provide the 'password' parameter."]],
    ['{"email": ["x@example.com"], "password": "x"}', ["Please provide the 'email' parameter."]],
    ['[]', ["Please provide the 'email' parameter.", "Please provide the 'password' parameter."]],
    ['{bad', ['The request body is not valid JSON.']],
    ['"x"', ['The request body is not valid JSON.']],
  ])('names the missing fields of %s', async (body, errors) => {
    expect(await request(body)).toMatchObject({ status: 400, body: { errors, status: 400 } });
  });

  it('answers a wrong password and an unknown user with the same response in the same time', async () => {
    // A password hash with the parameters of the product; those of the other test users are faster.
    const user = `add user --username guarded --email ${emailOf('guarded')} --account-id 1`;
    await flexmeasures(user.split(' '), { databaseUri: scene.databaseUri, input: PASSWORD });
    const times: number[][] = [[], []];
    for (let round = 0; round < 4; round++) {
      for (const [index, name] of ['guarded', 'nobody'].entries()) {
        const before = processorMs(scene.api.pid);
        const { status, body } = await logIn(name, 'wrong', `198.51.100.${round}`);
        times[index]!.push(processorMs(scene.api.pid) - before);
        expect({ status, body }).toEqual({
          status: 401,
          body: {
            message: 'You could not be properly authenticated for this content or functionality.',
            status: 'UNAUTHORIZED',
          },
        });
      }
    }
    expect((await logIn('guarded', PASSWORD)).status).toBe(200);
    const [known, unknown] = times.map((one) => Math.min(...one));
    expect(unknown! / known!).toBeGreaterThan(0.5);
    expect(unknown! / known!).toBeLessThan(2);
  });

  it('blocks a client after failures for one user, and no other client', async () => {
    for (let failures = 0; failures < PER_USER; failures++) {
      expect((await logIn('member', 'wrong')).status).toBe(401);
    }
    const { status, headers, body } = await logIn('MEMBER', PASSWORD);
    expect(status).toBe(429);
    const waitS = Number(headers.get('retry-after'));
    expect(waitS).toBeGreaterThanOrEqual(1);
    expect(waitS).toBeLessThanOrEqual(WITHIN_S);
    expect(body).toEqual({
      message: `Too many failed logins. Try again in ${waitS} seconds.`,
      result: 'Rejected',
      status: 'TOO_MANY_REQUESTS',
    });
    expect((await logIn('other', PASSWORD)).status).toBe(200);
    expect((await logIn('member', PASSWORD, '198.51.100.77')).status).toBe(200);
  });

  it('resets the failures after a successful login', async () => {
    for (let round = 0; round < 3; round++) {
      for (let failures = 1; failures < PER_USER; failures++) {
        expect((await logIn('member', 'wrong')).status).toBe(401);
      }
      expect((await logIn('member', PASSWORD)).status).toBe(200);
    }
  });

  it('does not limit successful logins, even in parallel', async () => {
    const answers = await Promise.all(
      Array.from({ length: 2 * PER_ADDRESS }, () => logIn('member', PASSWORD)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  it('does not allow more failures in parallel than one after another', async () => {
    const guesses = Array.from({ length: 10 }, () => logIn('member', 'wrong'));
    await Promise.all(guesses);
    expect((await logIn('member', PASSWORD)).status).toBe(429);
  });

  it('blocks a network with failures for many users, for its whole IPv6 prefix', async () => {
    const statuses: number[] = [];
    for (let index = 0; index <= PER_ADDRESS; index++) {
      statuses.push((await logIn(`user-${index}`, 'wrong', `2001:db8:1:2::${index}`)).status);
      if (statuses.at(-1) === 429) break;
    }
    expect(statuses).toEqual([...Array.from({ length: PER_ADDRESS }, () => 401), 429]);
    expect((await logIn('other', PASSWORD, '2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await logIn('other', PASSWORD, '2001:db8:1:3::1')).status).toBe(200);
  });
});
