import { Migrator } from '#lib/database';
import { startApi } from '../../harness/servers/api';
import { createTestDatabase } from '../../harness/databases/database';

describe('the database schema', () => {
  it('is reported by the server until `flexmeasures db upgrade` completes it', async () => {
    const database = await createTestDatabase({ migrated: false });
    const api = await startApi(database.uri);
    try {
      expect(api.output()).toContain('The database has no schema yet. Run `flexmeasures db upgrade`.');
      const ready = () => api.request('GET', '/api/v3_0/health/ready');
      expect(await ready()).toMatchObject({
        status: 503,
        body: { database_sql: true, message: expect.stringContaining('no schema') as string, status: 503 },
      });
      const migrator = new Migrator(database.uri);
      await migrator.upgrade();
      expect((await ready()).body).toEqual({ database_sql: true, status: 200 });
      await migrator.downgrade();
      expect(await ready()).toMatchObject({
        status: 503,
        body: { message: expect.stringContaining('1 migration is not applied') as string },
      });
    } finally {
      await api.stop();
      await database.drop();
    }
  });
});
