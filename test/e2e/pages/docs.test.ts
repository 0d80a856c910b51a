import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { startApiHere, type Api } from '../../harness/servers/api';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

interface Parameter {
  name: string;
  in: string;
  schema: { example?: string | number | boolean };
}

type Parameters = (Parameter | { $ref: string })[];

interface Document {
  servers: { url: string }[];
  components: {
    securitySchemes: { token: { name: string } };
    parameters?: Record<string, Parameter>;
  };
  paths: Record<string, { parameters?: Parameters; get?: { operationId: string; parameters?: Parameters } }>;
}

describe('The documentation of the API', () => {
  let database: TestDatabase;
  let api: Api;
  let document: Document;

  const load = (path: string, headers: Record<string, string> = {}) => fetch(api.url + path, { headers });

  /** Sends a conditional request, as a browser with a cached response does; `fetch` would disable caches. */
  const statusOfRenewal = async (path: string, known: Headers) => {
    const request = get(api.url + path, { headers: { 'If-None-Match': known.get('etag')! } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    api = await startApiHere(database.uri, { SECURITY_TOKEN_AUTHENTICATION_HEADER: 'X-Token' });
    // The examples ask for beliefs of the source with id 1, which is the first user who posts data.
    const token = await api.logIn('toy-user@flexmeasures.io', 'toy-password');
    await fetch(`${api.url}/api/v3_0/sensors/data`, {
      method: 'POST',
      headers: { 'X-Token': token, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        sensor: 2,
        values: [1],
        start: '2026-01-01T00:00:00Z',
        duration: 'PT15M',
        unit: 'MW',
      }),
    });
    document = (await (await load('/openapi.json')).json()) as Document;
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  it('is the contract with this server and its token header', async () => {
    expect(document.servers).toMatchObject([{ url: '/' }]);
    expect(document.components.securitySchemes.token.name).toBe('X-Token');
    const { headers, status } = await load('/openapi.json');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await statusOfRenewal('/openapi.json', headers)).toBe(304);
  });

  it('loads all files of its page from this server', async () => {
    const page = await (await load('/docs')).text();
    expect((await load('/docs/')).status).toBe(200);
    const parts = [...page.matchAll(/<(?:link|script)[^>]+(?:href|src)="([^"]+)"/g)].map(([, path]) => path!);
    expect(parts).toEqual(expect.arrayContaining(['/docs/swagger-ui.css', '/docs/start.js']));
    expect(parts.length).toBeGreaterThan(6);
    for (const path of parts) {
      const { status, headers } = await load(path);
      expect([path, status]).toEqual([path, 200]);
      // The names of the others change with their content, so that browsers need not ask again.
      const isImmutable = headers.get('cache-control')?.includes('immutable') ?? false;
      if (!isImmutable) expect([path, await statusOfRenewal(path, headers)]).toEqual([path, 304]);
    }
    expect(page).not.toMatch(/<script>|https?:/);
    expect((await load('/docs/package.json')).status).toBe(404);
    expect((await load('/docs/..%2fpackage.json')).status).toBe(404);
  });

  it.each(['v1', 'v1_1', 'v1_2', 'v1_3', 'v2_0'])(
    'offers the contract of %s under its name',
    async (version) => {
      const contract = (await (await load(`/openapi/${version}.json`)).json()) as Document;
      expect(contract.components.securitySchemes.token.name).toBe('X-Token');
      expect(Object.keys(contract.paths)).toContain(`/api/${version}/getMeterData`);
      expect(await (await load('/docs/start.js')).text()).toContain(`"url":"/openapi/${version}.json"`);
    },
  );

  it('has no other contracts', async () => {
    for (const path of ['/openapi/v9.json', '/openapi/v1', '/openapi/..%2fpackage.json'])
      expect([path, (await load(path)).status]).toEqual([path, 404]);
  });

  it.each([
    'getVersions',
    'listAssets',
    'getAsset',
    'listPublicAssets',
    'listSensors',
    'getSensorData',
    'getUser',
  ])('has an example of %s that works for the toy account', async (operationId) => {
    const login = { email: 'toy-user@flexmeasures.io', password: 'toy-password' };
    const token = await api.logIn(login.email, login.password);
    const { status } = await load(exampleOf(operationId), { 'X-Token': token });
    expect(status).toBe(200);
  });

  /** Path and query of an operation, with the values that the page fills in. */
  function exampleOf(operationId: string): string {
    const [path, { get, parameters = [] }] = Object.entries(document.paths).find(
      ([, item]) => item.get?.operationId === operationId,
    )!;
    const query = new URLSearchParams();
    let filled = path;
    for (const given of [...parameters, ...(get!.parameters ?? [])]) {
      const parameter =
        '$ref' in given ? document.components.parameters![given.$ref.split('/').pop()!]! : given;
      const example = String(parameter.schema.example);
      if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, example);
      else query.set(parameter.name, example);
    }
    return `${filled}?${query.toString()}`;
  }
});
