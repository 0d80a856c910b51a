import { eventually } from '../../harness/eventually';
import { startLegacyScene, type LegacyScene } from '../../harness/scenes/legacy-scene';
import { type ApiServer, startApi } from '../../harness/servers/api';
import { flexmeasures } from '../../harness/servers/cli';

describe('Versions before 3', () => {
  let scene: LegacyScene<ApiServer>;

  beforeAll(async () => {
    scene = await startLegacyScene({ FLEXMEASURES_SUNSET_API_VERSIONS: 'v1_1' }, startApi);
  });
  afterAll(() => scene.stop());

  const expectDeprecated = ({ headers }: { headers: Headers }) => {
    expect(headers.get('deprecation')).toBe('Wed, 14 Dec 2022 00:00:00 GMT');
    expect(headers.get('sunset')).toBe('Wed, 01 Feb 2023 00:00:00 GMT');
    for (const relation of ['deprecation', 'sunset', 'successor-version'])
      expect(headers.get('link')).toContain(`rel="${relation}"`);
  };

  it.each([
    ['an answer', 'GET', 'v1/getService', 200],
    ['a refused request', 'GET', 'v1/getMeterData', 400],
    ['a wrong method', 'PUT', 'v1/getMeterData', 405],
    ['an unknown path', 'GET', 'v1/nothing', 404],
  ])('mark %s as deprecated', async (_what, method, path, status) => {
    const answer = await scene.send(method, path);
    expect(answer.status).toBe(status);
    expectDeprecated(answer);
  });

  it('mark answers to requests without a token as deprecated', async () => {
    const answer = await scene.send('GET', 'v1/getMeterData', undefined, null);
    expect(answer).toMatchObject({
      status: 401,
      body: { status: 'UNAUTHORIZED', type: 'GetMeterDataResponse' },
    });
    expectDeprecated(answer);
  });

  it.each([
    ['v1_1/getMeterData', '1.1'],
    ['v1_0/getMeterData', '1.0'],
  ])('answer 410 at %s if they are switched off', async (path, version) => {
    const answer = await scene.send('GET', path);
    expect(answer).toMatchObject({ status: 410, body: { result: 'Rejected', status: 'GONE' } });
    expect((answer.body as { message: string }).message).toContain(`Version ${version} of the API`);
    expectDeprecated(answer);
  });

  it('are listed unless they are switched off', async () => {
    const { body } = await scene.send('GET', '', undefined, null);
    expect(body).toMatchObject({ versions: ['v1', 'v1_2', 'v1_3', 'v2_0', 'v3_0'] });
    expect((body as { message: string }).message).toMatch(
      /^For these API versions endpoints are available\./,
    );
  });

  it('log a warning once for each client and endpoint', async () => {
    for (const person of ['colleague', 'colleague', 'accountAdmin'] as const)
      await scene.send('POST', 'v1/postMeterData', {}, person);
    const warnings = () =>
      scene.api.output().match(/A deprecated version of the API is used[^\n]*postMeterData[^\n]*/g) ?? [];
    await eventually(warnings, (found) => found.length >= 2);
    expect(warnings()).toHaveLength(2);
    expect(warnings()[0]).toContain('POST /api/v1/postMeterData');
    expect(warnings()[0]).toContain(`user ${scene.ids.colleague}`);
    expect(warnings()[1]).toContain(`user ${scene.ids.accountAdmin}`);
  });

  it('count requests by version and user, and show the counts', async () => {
    const show = async () =>
      (await flexmeasures(['show', 'api-usage'], { databaseUri: scene.databaseUri })).stdout;
    const server = await startApi(scene.databaseUri);
    try {
      const token = scene.tokenOf('stranger');
      for (const version of ['v1_2', 'v1_2', 'v2_0'])
        await server.request('GET', `/api/${version}/getConnection`, { token });
    } finally {
      // A server that stops stores its counts.
      await server.stop();
    }
    const { stranger: id } = scene.ids;
    expect(await show()).toMatch(new RegExp(String.raw`v1_2 +2 +\S+Z +stranger \(${id}\) +Other`));
    expect(await show()).toMatch(new RegExp(String.raw`v2_0 +1 +\S+Z +stranger \(${id}\) +Other`));
  });
});
