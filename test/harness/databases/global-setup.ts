import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres, Migrator } from '#lib/database';

/** Starts a PostgreSQL server for this test run, with one migrated database that test files copy. */
export default async function setUp(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-db-'));
  const server = new EmbeddedPostgres(home, { throwAway: true });
  const uri = await server.ensureRunning();
  await new Migrator(uri).upgrade();
  process.env['TEST_SERVER_HOME'] = home;
  process.env['TEST_SERVER_URI'] = uri;
}
