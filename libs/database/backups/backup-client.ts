import { Client } from 'pg';
import { connectionOptions } from '../connection/connection';

/** Values are written as texts that every server reads as the same values. */
const EXACT_TEXTS = `SET timezone = 'UTC'; SET datestyle = 'ISO, MDY'; SET intervalstyle = 'postgres'; SET extra_float_digits = 1;
  SET bytea_output = 'hex'; SET client_encoding = 'UTF8'; SET statement_timeout = 0`;

/** Runs work with a connection of its own, which is closed afterwards: an open transaction is then rolled back. */
export async function withClient<T>(uri: string, work: (client: Client) => Promise<T>): Promise<T> {
  const { url, extra } = connectionOptions(uri);
  const client = new Client({
    connectionString: url,
    options: extra.options,
    application_name: extra.application_name,
  });
  // A lost connection also fails the statement that runs.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(EXACT_TEXTS);
    return await work(client);
  } finally {
    await client.end();
  }
}
