import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

const serverUri = (): string => {
  const uri = process.env['TEST_SERVER_URI'];
  if (uri === undefined)
    throw new Error('The test server is not up: run the tests with test/jest.config.cjs.');
  return uri;
};

const withName = (uri: string, name: string): string => uri.replace(/\/[^/]*$/, `/${name}`);

/** A database of a test file's own. */
export interface TestDatabase {
  uri: string;
  drop: () => Promise<void>;
}

/** Creates a database: migrated, as a copy of the test server's template, or empty. */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = migrated ? new URL(serverUri()).pathname.slice(1) : 'template1';
  await asAdministrator(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    uri: withName(serverUri(), name),
    drop: () => asAdministrator(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function asAdministrator(sql: string): Promise<void> {
  const client = new Client(withName(serverUri(), 'postgres'));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
