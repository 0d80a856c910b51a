import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgres } from '#lib/database';

/** Stops and removes the PostgreSQL server of the test run. */
export default function tearDown(): void {
  const home = process.env['TEST_SERVER_HOME'];
  if (home === undefined) return;
  new EmbeddedPostgres(home).stop();
  rmSync(realpathSync(join(home, 'postgres')), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}
