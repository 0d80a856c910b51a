import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import type { BeliefColumns } from './model';
import type { BeliefFilter } from './belief-filter';
import { stageBeliefs } from './belief-staging';
import { KNOWN_INCOMING, incomingFromArrays, incomingFromStage } from './save.sql';
import { latestPerEventSql } from './search.sql';

/** How many beliefs one save added, and how many it left out because nothing changed. */
export interface SaveResult {
  saved: number;
  unchanged: number;
}

/** A belief that would replace another one of the same source and belief time. */
export interface Replacement {
  eventStartMs: number;
  sourceId: number;
  count: number;
}

/** Beliefs of one sensor, one per event: aligned arrays in order of event start. */
export interface EventSeries {
  /** Epoch milliseconds. */
  eventStarts: Float64Array;
  /** In the sensor's unit. */
  values: Float64Array;
}

/** Above this number of beliefs, COPY into a temporary table beats passing arrays. */
const MAX_ARRAY_ROWS = 50_000;

@Injectable()
export class BeliefsRepository {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Lets one writer at a time change the beliefs of a sensor, and keeps the sensor from being deleted meanwhile.
   * To be called in a transaction. @returns false when the sensor does not exist.
   */
  async lockSensor(sensorId: number): Promise<boolean> {
    const rows = await this.transactions.query('SELECT FROM sensor WHERE id = $1 FOR NO KEY UPDATE', [
      sensorId,
    ]);
    return rows.length === 1;
  }

  /** Takes beliefs in, to be saved by `saveIncoming` in the same transaction. */
  async stage(beliefs: AsyncIterable<BeliefColumns>): Promise<Incoming> {
    const parts: BeliefColumns[] = [];
    let count = 0;
    const iterator = beliefs[Symbol.asyncIterator]();
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      parts.push(next.value);
      count += next.value.values.length;
      if (count > MAX_ARRAY_ROWS) {
        count = await stageBeliefs(this.transactions, chain(parts, iterator));
        return { ...incomingFromStage(), count };
      }
    }
    return { ...incomingFromArrays(parts), count };
  }

  /** The first incoming belief that contradicts a stored one of the same source and belief time. */
  async findReplacement(sensorId: number, incoming: Incoming): Promise<Replacement | undefined> {
    const [row] = await this.transactions.query<{ event_start: Date; source_id: number; count: string }>(
      `${incoming.with}
       SELECT event_start, source_id, count(*) OVER () AS count
       FROM incoming JOIN timed_belief known USING (event_start, belief_horizon, source_id, cumulative_probability)
       WHERE known.sensor_id = $1 AND known.event_value <> incoming.event_value
       ORDER BY event_start LIMIT 1`,
      [sensorId, ...incoming.parameters],
    );
    return (
      row && { eventStartMs: row.event_start.getTime(), sourceId: row.source_id, count: Number(row.count) }
    );
  }

  /** Saves what is new among the incoming beliefs; beliefs that repeat what their source held last are left out. */
  async saveIncoming(sensorId: number, incoming: Incoming, overwrite: boolean): Promise<SaveResult> {
    const onConflict = overwrite
      ? `ON CONFLICT (sensor_id, event_start, belief_horizon, source_id, cumulative_probability)
         DO UPDATE SET event_value = excluded.event_value WHERE timed_belief.event_value <> excluded.event_value`
      : 'ON CONFLICT DO NOTHING';
    const [row] = await this.transactions.query<{ saved: string }>(
      `${incoming.with}, ${KNOWN_INCOMING},
       saved AS (
         INSERT INTO timed_belief
           (sensor_id, event_start, belief_horizon, source_id, cumulative_probability, event_value)
         SELECT $1, event_start, belief_horizon, source_id, cumulative_probability, event_value
         FROM changed ORDER BY event_start, belief_horizon, source_id, cumulative_probability
         ${onConflict} RETURNING 1
       )
       SELECT count(*) AS saved FROM saved`,
      [sensorId, ...incoming.parameters],
    );
    const saved = Number(row?.saved ?? 0);
    return { saved, unchanged: incoming.count - saved };
  }

  /** The one belief per event that counts: most recent, then highest source id, then nearest to the median. */
  async latestPerEvent(filter: BeliefFilter): Promise<EventSeries> {
    const { sql, parameters } = latestPerEventSql(filter);
    const [row] = await this.transactions.query<{ starts: string | null; values: string | null }>(
      sql,
      parameters,
    );
    return { eventStarts: toNumbers(row?.starts), values: toNumbers(row?.values) };
  }
}

/** Beliefs on their way in: a WITH clause that names them `incoming`, its parameters from $2 on, and their number. */
export interface Incoming {
  with: string;
  parameters: unknown[];
  count: number;
}

async function* chain(
  first: BeliefColumns[],
  rest: AsyncIterator<BeliefColumns>,
): AsyncIterable<BeliefColumns> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const toNumbers = (list: string | null | undefined): Float64Array =>
  list ? Float64Array.from(list.split(','), Number) : new Float64Array();
