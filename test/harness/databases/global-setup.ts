import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Builds what has changed, and starts a PostgreSQL server for this test run, with a migrated database to copy. */
export default async function setUp(): Promise<void> {
  execFileSync(process.execPath, [join(__dirname, '../../../.tools/build.mjs')], { stdio: 'inherit' });
  const { EmbeddedPostgres, Migrator } = await import('#lib/database');
  const home = mkdtempSync(join(tmpdir(), 'flexmeasures-db-'));
  const server = new EmbeddedPostgres(home, { throwAway: true });
  const uri = await server.ensureRunning();
  await new Migrator(uri).upgrade();
  process.env['TEST_SERVER_HOME'] = home;
  process.env['TEST_SERVER_URI'] = uri;
}
