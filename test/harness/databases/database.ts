import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

const serverUri = (): string => {
  const uri = process.env['TEST_SERVER_URI'];
  if (uri === undefined)
    throw new Error('The test server is not up: run the tests with test/jest.config.cjs.');
  return uri;
};

const withName = (uri: string, name: string): string => uri.replace(/\/[^/]*$/, `/${name}`);

/** The database that the test server has from the start: migrated and empty. */
const migratedTemplate = (): string => new URL(serverUri()).pathname.slice(1);

/** A database that only one test file uses. */
export interface TestDatabase {
  uri: string;
  drop: () => Promise<void>;
}

/** A database that many test files copy. */
export interface Template {
  /** Unique among the templates; lower-case letters, digits and underscores. */
  name: string;
  /** The template to copy before `build` runs; without it, the database is migrated and empty. */
  from?: Template;
  /** Fills the database, and closes its connections. */
  build: (uri: string) => Promise<void>;
}

/** Creates a database: migrated, as a copy of a template, or without a schema. */
export async function createTestDatabase({
  migrated = true,
  template = undefined as Template | undefined,
} = {}): Promise<TestDatabase> {
  const source = template ? await ensureTemplate(template) : migrated ? migratedTemplate() : 'template1';
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withAdministrator((client) => createDatabase(client, name, source));
  return {
    uri: withName(serverUri(), name),
    drop: () => asAdministrator(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Lets the system copy the files, where the server can: a quarter of the processor time. */
const SYSTEM_COPIES = `SELECT set_config(name, 'clone', false) FROM pg_settings
  WHERE name = 'file_copy_method' AND 'clone' = ANY (enumvals)`;

/** Copies files, which is faster than writing each page to the log. */
async function createDatabase(client: Client, name: string, source: string): Promise<void> {
  await client.query(SYSTEM_COPIES);
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY FILE_COPY`);
}

/** Builds the template's database unless another test file of this run has done so. @returns its name. */
async function ensureTemplate({ name, from, build }: Template): Promise<string> {
  const source = from ? await ensureTemplate(from) : migratedTemplate();
  const [finished, unfinished] = [`template_${name}`, `unfinished_${name}`];
  await withAdministrator(async (client) => {
    // The lock is held until the connection ends; other test files wait for it.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [finished]);
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [finished]);
    if (found.rowCount !== 0) return;
    // Left over from a failed build.
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await createDatabase(client, unfinished, source);
    await build(withName(serverUri(), unfinished));
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${finished}`);
  });
  return finished;
}

const asAdministrator = (sql: string): Promise<void> =>
  withAdministrator(async (client) => {
    await client.query(sql);
  });

async function withAdministrator(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(withName(serverUri(), 'postgres'));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
