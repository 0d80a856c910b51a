import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../harness/database';
import { freePort, until } from '../harness/processes';

jest.setTimeout(60_000);

describe('the HTTP server', () => {
  let database: TestDatabase;
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const port = await freePort();
    url = `http://localhost:${port}`;
    server = spawn(process.execPath, [join(__dirname, '..', '..', 'dist', 'apps', 'api', 'src', 'main.js')], {
      env: { ...process.env, SQLALCHEMY_DATABASE_URI: database.uri, PORT: String(port) },
    });
    await until(server, /FlexMeasures is up/);
  });

  afterAll(async () => {
    server.kill();
    await once(server, 'exit');
    await database.drop();
  });

  it('tells that it is ready', async () => {
    const response = await fetch(`${url}/api/v3_0/health/ready`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({ database_sql: true, status: 200 });
  });

  it('greets a person in a browser', async () => {
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('<h1>FlexMeasures</h1>');
  });
});
