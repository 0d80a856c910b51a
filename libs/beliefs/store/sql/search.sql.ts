import { PREPARED } from '#lib/database';
import { parseDurationMs, parseInstant } from '#lib/time';
import { startOfEventEnding, type KnowledgeHorizon } from '../../model';
import type { BeliefFilter, EventFilter, ManySensorsFilter, MostRecent } from './belief-filter';
import {
  BELIEF_BYTES,
  beliefsSql,
  columnSql,
  EVENT_BYTES,
  eventsSql,
  inPartsSql,
  PART_ROWS,
  partSql,
} from './column-format';

/** A statement with its parameters. */
export interface Statement {
  sql: string;
  parameters: unknown[];
}

/** ORDER BY that puts the median of a probabilistic belief first; see `medianOf`. */
export const MEDIAN_FIRST = 'cumulative_probability < 0.5, abs(cumulative_probability - 0.5)';

/**
 * One belief per event: the most recent over all sources, then that of the highest source id, then its median. The
 * index of the primary key holds the values too and is ordered by event start and horizon, so that only equally recent
 * beliefs must be sorted.
 * A short window comes in one row with a column of starts and one of values, which takes less time to plan and to read.
 *
 * @param options.maxEvents of which the first are returned
 * @param options.mayPrepare whether the statement may be prepared, with one plan for all values
 */
export function latestPerEventSql(
  filter: BeliefFilter,
  { maxEvents, mayPrepare = false }: { maxEvents?: number; mayPrepare?: boolean } = {},
): Statement {
  const isPrepared = mayPrepare && maxEvents === undefined && isCommonFilter(filter);
  const { sql, parameters } = isPrepared ? whereSql(filter, HIDDEN) : whereSql(filter);
  const latest = `SELECT DISTINCT ON (event_start) event_start, event_value
            FROM timed_belief WHERE ${sql}
            ORDER BY event_start, belief_horizon, source_id DESC, ${MEDIAN_FIRST} ${limitSql(maxEvents)}`;
  const from = `(${latest}) AS latest`;
  const comment = isPrepared ? `/* ${PREPARED} */ ` : '';
  if (hasShortWindow(filter)) {
    const columns = [
      columnSql('timestamptz_send', 'event_start', 'event_start', 'event_starts'),
      columnSql('float8send', 'event_value', 'event_start', 'event_values'),
    ];
    return { sql: `${comment}SELECT ${columns.join(', ')} FROM ${from}`, parameters };
  }
  const whole = `SELECT ${eventsSql('event_start')} AS events FROM ${from}`;
  return { sql: `${comment}${inPartsSql(whole, 'events', EVENT_BYTES)}`, parameters };
}

/** Whether a window has no more events than a part, unless they follow each other faster than they are long. */
function hasShortWindow(filter: BeliefFilter): boolean {
  const startMs = filter.eventStartsAfterMs ?? filter.eventEndsAfterMs ?? -Infinity;
  const endMs = filter.eventStartsBeforeMs ?? filter.eventEndsBeforeMs ?? Infinity;
  return endMs - startMs <= PART_ROWS * filter.eventResolutionMs;
}

const limitSql = (count: number | undefined): string =>
  count === undefined ? '' : `LIMIT ${Math.trunc(count)}`;

/** Properties of filters that most searches have, so that there are few statements to prepare. */
const COMMON = new Set<keyof BeliefFilter>([
  ...(['sensorId', 'eventResolutionMs', 'timezone', 'knowledgeHorizon', 'sourceIds'] as const),
  ...(['eventStartsAfterMs', 'eventStartsBeforeMs', 'eventEndsAfterMs', 'eventEndsBeforeMs'] as const),
  'beliefsBeforeMs',
]);

/** Whether a filter has only properties of `COMMON`, and its SQL is the same for other sensors. */
function isCommonFilter(filter: BeliefFilter): boolean {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (!given.every(([name]) => COMMON.has(name as keyof BeliefFilter))) return false;
  return filter.beliefsBeforeMs === undefined || constantShiftMs(filter) !== undefined;
}

/** SQL for the value of a parameter of a type. */
type ValueSql = (parameter: string, type: string) => string;

const GIVEN: ValueSql = (parameter, type) => `${parameter}::${type}`;

/**
 * Hides the values from the planner. Otherwise, it finds a plan that is cheaper for few events than the plan for all values,
 * and therefore plans a prepared statement anew each time; the plans are the same, and to plan takes as long as to read a day.
 */
const HIDDEN: ValueSql = (parameter, type) => `(SELECT ${parameter}::${type})::${type}`;

/** As `latestPerEventSql`, for several sensors with the same filter: a row with `sensor_id` for each that has events. */
export function latestPerEventOfManySql(sensorIds: readonly number[], filter: ManySensorsFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  const conditions = sql === '' ? '' : `AND ${sql}`;
  return {
    // For each sensor by itself: its events are in the order of the index.
    sql: `SELECT wanted.id AS sensor_id, ${partSql('events')}, octet_length(events) AS bytes
          FROM unnest($${parameters.push([...sensorIds])}::int[]) AS wanted (id), LATERAL (
            SELECT ${eventsSql('event_start')} AS events FROM (
              SELECT DISTINCT ON (event_start) event_start, event_value
              FROM timed_belief WHERE sensor_id = wanted.id ${conditions}
              ORDER BY event_start, belief_horizon, source_id DESC, ${MEDIAN_FIRST}
            ) AS latest
          ) AS found WHERE events IS NOT NULL`,
    parameters,
  };
}

/** The last event with a belief that passes, and its value as `latestPerEventSql` chooses it: one row, or none. */
export function lastEventSql(filter: BeliefFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  return {
    sql: `SELECT event_start, event_value, source_id FROM timed_belief WHERE ${sql}
          ORDER BY event_start DESC, belief_horizon, source_id DESC, ${MEDIAN_FIRST} LIMIT 1`,
    parameters,
  };
}

const BELIEF_ORDER = 'event_start, belief_horizon DESC, source_id, cumulative_probability';

/** All beliefs about events that pass, and their repeats; by event, then from oldest to newest. */
export function statementsSql(filter: EventFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  const statements = `SELECT event_start, belief_horizon, source_id, cumulative_probability, event_value
            FROM timed_belief WHERE ${sql}
            UNION ALL
            SELECT event_start, repeat, source_id, cumulative_probability, event_value
            FROM timed_belief, unnest(repeated_horizons) AS repeat WHERE ${sql}`;
  return { sql: allSql(`(${statements}) AS statements`, BELIEF_ORDER), parameters };
}

/**
 * All beliefs that pass, or the most recent ones; ordered by event, then from oldest to newest.
 *
 * @param maxBeliefs to return; which are left out is undefined
 */
export function searchSql(filter: BeliefFilter, mostRecent: MostRecent, maxBeliefs?: number): Statement {
  const { sql, parameters } = whereSql(filter);
  const group = mostRecent === 'per-event' ? 'event_start' : 'event_start, source_id';
  const found =
    mostRecent === undefined
      ? `timed_belief WHERE ${sql}`
      : `(SELECT *, rank() OVER (PARTITION BY ${group} ORDER BY belief_horizon) AS recency
          FROM timed_belief WHERE ${sql}) AS candidates WHERE recency = 1`;
  const limited =
    maxBeliefs === undefined ? found : `(SELECT * FROM ${found} ${limitSql(maxBeliefs)}) AS limited`;
  return { sql: allSql(limited, BELIEF_ORDER), parameters };
}

/** All beliefs that pass; by event, then from newest to oldest, which is the order of the index: nothing is sorted or compared. */
export function newestFirstSql(filter: BeliefFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  const order = 'event_start, belief_horizon, source_id, cumulative_probability';
  return { sql: allSql(`timed_belief WHERE ${sql}`, order), parameters };
}

const allSql = (from: string, order: string): string =>
  inPartsSql(`SELECT ${beliefsSql(order, 'beliefs')} FROM ${from}`, 'beliefs', BELIEF_BYTES);

/** The number of beliefs that pass, counted up to a limit. */
export function countUpToSql(limit: number, filter: BeliefFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  return {
    sql: `SELECT count(*) FROM (SELECT FROM timed_belief WHERE ${sql} LIMIT ${Math.trunc(limit)}) AS passing`,
    parameters,
  };
}

/** More beliefs than this, times the limit of events, are not read to count events. */
const BELIEFS_PER_EVENT = 20;

/**
 * The number of events that have beliefs that pass, counted up to a limit; the limit, too, if there are very many beliefs. The
 * order is that of the index, of which only the beginning is read: DISTINCT alone could read all.
 */
export function countEventsUpToSql(limit: number, filter: BeliefFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  const events = Math.trunc(limit);
  const beliefs = BELIEFS_PER_EVENT * events;
  return {
    sql: `SELECT CASE WHEN count(*) < ${beliefs} THEN least(count(DISTINCT event_start), ${events}) ELSE ${events} END AS count
          FROM (SELECT event_start FROM timed_belief WHERE ${sql} ORDER BY event_start LIMIT ${beliefs}) AS first`,
    parameters,
  };
}

/** Conditions on `timed_belief`, with the columns of the primary key first. Without a sensor, there may be none. */
export function whereSql(filter: BeliefFilter | ManySensorsFilter, valueSql: ValueSql = GIVEN): Statement {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const valueOf = (value: unknown, type: string): string => valueSql(`$${parameters.push(value)}`, type);
  const add = (value: unknown, type: string, condition: (value: string) => string): void => {
    if (value !== undefined) conditions.push(condition(valueOf(value, type)));
  };
  const { eventResolutionMs, timezone } = filter;
  const startOf = (endMs: number | undefined): Date | undefined =>
    endMs === undefined ? undefined : new Date(startOfEventEnding(endMs, eventResolutionMs, timezone));
  add(filter.sensorId, 'int', (id) => `sensor_id = ${id}`);
  add(timestamp(filter.eventStartsAfterMs), 'timestamptz', (time) => `event_start >= ${time}`);
  add(timestamp(filter.eventStartsBeforeMs), 'timestamptz', (time) => `event_start < ${time}`);
  add(startOf(filter.eventEndsBeforeMs), 'timestamptz', (time) => `event_start <= ${time}`);
  const after = eventResolutionMs === 0 ? '>=' : '>';
  add(startOf(filter.eventEndsAfterMs), 'timestamptz', (time) => `event_start ${after} ${time}`);
  const shiftMs = valueSql === HIDDEN ? constantShiftMs(filter) : undefined;
  const beliefTime = (): string =>
    shiftMs === undefined
      ? `${knowledgeTimeSql(filter)} - belief_horizon * interval '1 millisecond'`
      : `event_start + (${valueOf(shiftMs, 'float8')} - belief_horizon) * interval '1 millisecond'`;
  add(timestamp(filter.beliefsBeforeMs), 'timestamptz', (time) => `${beliefTime()} <= ${time}`);
  add(timestamp(filter.beliefsAfterMs), 'timestamptz', (time) => `${beliefTime()} >= ${time}`);
  add(
    filter.leadAtLeastMs,
    'float8',
    (lead) => `${beliefTime()} <= event_start + (${eventResolutionMs} - ${lead}) * interval '1 millisecond'`,
  );
  add(filter.horizonAtLeastMs, 'bigint', (horizon) => `belief_horizon >= ${horizon}`);
  add(filter.horizonAtMostMs, 'bigint', (horizon) => `belief_horizon <= ${horizon}`);
  add(filter.sourceIds, 'int[]', (ids) => `source_id = ANY(${ids})`);
  add(filter.sourceTypes, 'text[]', (types) => sourceSql(`type = ANY(${types})`));
  add(filter.excludeSourceTypes, 'text[]', (types) => sourceSql(`type <> ALL(${types})`));
  add(filter.userIds, 'int[]', (ids) => sourceSql(`user_id = ANY(${ids})`));
  add(filter.accountIds, 'int[]', (ids) =>
    sourceSql(`user_id IN (SELECT id FROM fm_user WHERE account_id = ANY(${ids}))`),
  );
  return { sql: conditions.join(' AND '), parameters };
}

const sourceSql = (condition: string): string =>
  `source_id IN (SELECT id FROM data_source WHERE ${condition})`;

const timestamp = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

/** SQL for the knowledge time of a row's event. The arguments of the rule were checked when it was parsed. */
export function knowledgeTimeSql({
  knowledgeHorizon,
  eventResolutionMs,
}: Pick<BeliefFilter, 'knowledgeHorizon' | 'eventResolutionMs'>): string {
  switch (knowledgeHorizon.fnc) {
    case 'ex_post':
    case 'ex_ante':
      return `(event_start + interval '${constantShiftMs({ knowledgeHorizon, eventResolutionMs })} milliseconds')`;
    case 'at_date':
      return `timestamptz '${new Date(parseInstant(knowledgeHorizon.par.knowledge_time)).toISOString()}'`;
    case 'x_days_ago_at_y_oclock':
      return daysAgoSql(knowledgeHorizon);
  }
}

/** The time from the start of an event to its knowledge time, if it is the same for all events of the sensor. */
function constantShiftMs({
  knowledgeHorizon: { fnc, par },
  eventResolutionMs,
}: Pick<BeliefFilter, 'knowledgeHorizon' | 'eventResolutionMs'>): number | undefined {
  if (fnc === 'ex_post') return eventResolutionMs + parseDurationMs(par.ex_post_horizon ?? 'PT0H');
  return fnc === 'ex_ante' ? -parseDurationMs(par.ex_ante_horizon) : undefined;
}

function daysAgoSql({ par: { x, y, z } }: KnowledgeHorizon & { fnc: 'x_days_ago_at_y_oclock' }): string {
  const zone = `'${z.replaceAll("'", "''")}'`;
  const hour = `interval '${Math.round(y * 3_600_000)} milliseconds'`;
  return `((date_trunc('day', event_start AT TIME ZONE ${zone}) - interval '${x} days' + ${hour}) AT TIME ZONE ${zone})`;
}
