import { startApi } from '../../harness/servers/api';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { eventually } from '../../harness/eventually';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

describe('HOST', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
  });
  afterAll(() => database.drop());

  /** Status from a loopback address that only a server of all networks answers on. */
  const statusAt = (port: string, host: string): Promise<number | undefined> =>
    fetch(`http://${host}:${port}/api/`).then(
      ({ status }) => status,
      () => undefined,
    );

  it('is 127.0.0.1 by default, and the server prints it', async () => {
    const api = await startApi(database.uri);
    try {
      const { port } = new URL(api.url);
      expect(api.output()).toContain(`It listens on 127.0.0.1, port ${port}, for this machine only.`);
      expect(api.output()).not.toContain('Warning');
      expect(await statusAt(port, '127.0.0.1')).toBe(200);
      expect(await statusAt(port, '127.0.0.2')).toBeUndefined();
    } finally {
      await api.stop();
    }
  });

  it('can be the address of all networks; the server warns if the documented password is valid', async () => {
    const api = await startApi(database.uri, { HOST: '0.0.0.0' });
    try {
      const { port } = new URL(api.url);
      expect(await statusAt(port, '127.0.0.2')).toBe(200);
      expect(api.output()).toContain(`It listens on 0.0.0.0, port ${port}.`);
      const warning = 'toy-user@flexmeasures.io still has the documented password';
      await eventually(
        () => api.output(),
        (output) => output.includes(warning),
      );
    } finally {
      await api.stop();
    }
  });
});
