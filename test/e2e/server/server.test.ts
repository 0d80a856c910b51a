import { UNAUTHENTICATED } from '../../harness/contract/answers';
import { emailOf, PASSWORD, startScene, type Scene } from '../../harness/scenes/api-scene';

interface Service {
  url: string;
  name: string;
  description: string;
}

describe('The HTTP server', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  it('reports readiness and the versions of the API', async () => {
    const ready = await scene.api.request('GET', '/api/v3_0/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { database_sql: true, status: 200 } });
    expect(ready.headers.get('content-type')).toContain('application/json');
    const versions = await scene.api.request('GET', '/api/');
    expect(versions.body).toMatchObject({
      versions: ['v1', 'v1_1', 'v1_2', 'v1_3', 'v2_0', 'v3_0'],
      status: 200,
    });
    const { flexmeasures_version: version } = versions.body as { flexmeasures_version: string };
    // The newest client compares these with the release that it needs.
    expect(versions.headers.get('flexmeasures-version')).toBe(version);
    const [, minor] = version.split('.').map(Number);
    expect(minor).toBeGreaterThanOrEqual(31);
  });

  it('lists its services with full URLs, without a token', async () => {
    const { status, body, headers } = await scene.api.request('GET', '/api/v3_0');
    expect([status, headers.get('api-version')]).toEqual([200, 'v3_0']);
    const { services, version } = body as { services: Service[]; version: string };
    expect(version).toBe('3.0');
    const named = new Map(services.map((service) => [service.name, service]));
    expect([...named.keys()]).toEqual(
      expect.arrayContaining(['GET', 'POST /sensors/{id}/data', 'DELETE /sensors/{id}/data']),
    );
    const port = new URL(scene.api.url).port;
    expect(named.get('GET /assets')).toEqual({
      url: `http://localhost:${port}/api/v3_0/assets`,
      name: 'GET /assets',
      description: 'List assets.',
    });
    // Each URL leads to a route: 404 would be an unknown path, 405 an unknown method.
    for (const { url, name } of services.filter(({ name }) => name.startsWith('GET')))
      expect([name, (await fetch(url.replace(/\{\w+\}/g, '1'))).status]).not.toEqual([name, 404]);
    expect(await scene.api.request('GET', '/api/v3_0/')).toMatchObject({ status: 200, body });
  });

  it('shows a start page', async () => {
    const { headers, body } = await scene.api.request('GET', '/');
    expect(headers.get('content-type')).toContain('text/html');
    expect(body).toContain('<h1>FlexMeasures</h1>');
  });

  describe('authentication', () => {
    const logIn = (json: unknown) => scene.api.request('POST', '/api/requestAuthToken', { json });

    it('issues a token, and does not reveal whether a user exists', async () => {
      expect(await logIn({ email: emailOf('member'), password: PASSWORD })).toMatchObject({
        status: 200,
        body: {
          auth_token: expect.any(String) as string,
          user_id: expect.any(Number) as number,
          status: 200,
        },
      });
      for (const email of [emailOf('member'), 'nobody@example.com']) {
        expect(await logIn({ email, password: 'wrong' })).toMatchObject({
          status: 401,
          body: UNAUTHENTICATED,
        });
      }
      expect(await logIn({ password: 'x' })).toMatchObject({ status: 400 });
      expect(await scene.api.request('POST', '/api/requestAuthToken', { text: '{bad' })).toMatchObject({
        status: 400,
      });
    });

    it('accepts the token with and without Bearer, and in the query', async () => {
      const token = scene.tokenOf('accountAdmin');
      expect((await scene.send('GET', '/sensors')).status).toBe(200);
      expect((await scene.api.request('GET', '/api/v3_0/sensors', { token: `Bearer ${token}` })).status).toBe(
        200,
      );
      expect((await scene.api.request('GET', `/api/v3_0/sensors?auth_token=${token}`)).status).toBe(200);
    });

    it('rejects requests without a valid token', async () => {
      for (const token of [undefined, 'garbage', `${scene.tokenOf('accountAdmin')}x`]) {
        expect(await scene.api.request('GET', '/api/v3_0/assets', { token })).toMatchObject({
          status: 401,
          body: UNAUTHENTICATED,
        });
        expect(await scene.api.request('GET', '/api/v3_0/assets/public', { token })).toMatchObject({
          status: 401,
        });
      }
    });
  });

  it('answers unknown paths and invalid JSON with errors of the API', async () => {
    expect(await scene.send('GET', '/nothing')).toMatchObject({
      status: 404,
      body: { result: 'Rejected', status: 'NOT_FOUND' },
    });
    const broken = await scene.api.request('POST', '/api/v3_0/sensors/data', {
      token: scene.tokenOf('accountAdmin'),
      text: '{"sensor": ',
    });
    expect(broken).toMatchObject({ status: 400, body: { result: 'Rejected', status: 'INVALID_REQUEST' } });
    expect(JSON.stringify(broken.body)).not.toContain(' at ');
  });
});
