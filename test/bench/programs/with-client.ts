import { Client } from 'pg';

/** Calls `work` with a new connection to the database. */
export async function withClient<T>(uri: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(uri);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
