import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Transactions } from '#lib/database';
import type { BeliefColumns } from '../model';
import { COPY_COLUMNS, COPY_HEADER, COPY_TRAILER, encodeRows } from './sql/copy-format';

const ROWS_PER_CHUNK = 4096;

/**
 * Copies a stream of beliefs about a sensor into a table, in the running transaction and in bounded memory.
 * @throws what the stream throws; the transaction must then be rolled back
 */
export async function copyBeliefs(
  transactions: Transactions,
  table: string,
  sensorId: number,
  beliefs: AsyncIterable<BeliefColumns>,
): Promise<void> {
  const runner = transactions.manager.queryRunner;
  if (!runner) throw new Error('Beliefs must be copied in a transaction.');
  const client = (await runner.connect()) as PoolClient;
  const copy = client.query(copyFrom(`COPY ${table} (${COPY_COLUMNS}) FROM STDIN WITH (FORMAT binary)`));
  const done = finished(copy);
  // The server may reject a row while the stream still waits for the next batch.
  done.catch(() => undefined);
  try {
    copy.write(COPY_HEADER);
    for await (const batch of beliefs) {
      for (let row = 0; row < batch.values.length; row += ROWS_PER_CHUNK) {
        const end = Math.min(row + ROWS_PER_CHUNK, batch.values.length);
        if (!copy.write(encodeRows(sensorId, batch, row, end)))
          await Promise.race([once(copy, 'drain'), done]);
      }
    }
  } catch (error) {
    copy.destroy(error instanceof Error ? error : new Error(String(error)));
    await done.catch(() => undefined);
    throw error;
  }
  copy.end(COPY_TRAILER);
  await done;
}
