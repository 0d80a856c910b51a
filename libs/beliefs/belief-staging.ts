import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Transactions } from '#lib/database';
import type { BeliefColumns } from './model';
import { STAGE } from './save.sql';

const ROWS_PER_CHUNK = 4096;

/**
 * Streams beliefs into the temporary table of the running transaction, in bounded memory.
 * @returns how many beliefs came.
 */
export async function stageBeliefs(
  transactions: Transactions,
  beliefs: AsyncIterable<BeliefColumns>,
): Promise<number> {
  await transactions.query(`CREATE TEMPORARY TABLE ${STAGE} (
    position bigint GENERATED ALWAYS AS IDENTITY,
    event_start timestamptz NOT NULL,
    belief_horizon bigint NOT NULL,
    source_id integer NOT NULL,
    cumulative_probability double precision NOT NULL,
    event_value double precision NOT NULL
  ) ON COMMIT DROP`);
  const runner = transactions.manager.queryRunner;
  if (!runner) throw new Error('Beliefs are staged inside a transaction.');
  const client = (await runner.connect()) as PoolClient;
  const copy = client.query(
    copyFrom(
      `COPY ${STAGE} (event_start, belief_horizon, source_id, cumulative_probability, event_value) FROM STDIN`,
    ),
  );
  let count = 0;
  try {
    for await (const batch of beliefs) {
      count += batch.values.length;
      for (let row = 0; row < batch.values.length; row += ROWS_PER_CHUNK) {
        if (!copy.write(toCopyText(batch, row, row + ROWS_PER_CHUNK))) await once(copy, 'drain');
      }
    }
  } catch (error) {
    copy.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  copy.end();
  await finished(copy);
  await transactions.query(`ANALYZE ${STAGE}`);
  return count;
}

function toCopyText(beliefs: BeliefColumns, from: number, to: number): string {
  let text = '';
  for (let i = from; i < Math.min(to, beliefs.values.length); i++) {
    const start = new Date(beliefs.eventStarts[i]!).toISOString();
    text += `${start}\t${beliefs.beliefHorizons[i]!}\t${beliefs.sourceIds[i]!}\t`;
    text += `${beliefs.cumulativeProbabilities[i]!}\t${beliefs.values[i]!}\n`;
  }
  return text;
}
