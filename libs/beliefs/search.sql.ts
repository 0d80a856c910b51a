import type { BeliefFilter } from './belief-filter';
import type { KnowledgeHorizon } from './model';
import { parseDurationMs, parseInstant } from '#lib/time';

interface Statement {
  sql: string;
  parameters: unknown[];
}

/**
 * The beliefs that count, one per event. The primary key delivers them ordered by event start and horizon, so that
 * only beliefs of the same event and horizon are left to sort. Numbers come as two comma-separated lists, which
 * costs a tenth of reading as many rows.
 */
export function latestPerEventSql(filter: BeliefFilter): Statement {
  const { sql, parameters } = whereSql(filter);
  return {
    sql: `SELECT string_agg((extract(epoch FROM event_start) * 1000)::bigint::text, ',' ORDER BY event_start) AS starts,
                 string_agg(event_value::text, ',' ORDER BY event_start) AS values
          FROM (
            SELECT DISTINCT ON (event_start) event_start, event_value
            FROM timed_belief WHERE ${sql}
            ORDER BY event_start, belief_horizon, source_id DESC, abs(cumulative_probability - 0.5), cumulative_probability
          ) AS latest`,
    parameters,
  };
}

function whereSql(filter: BeliefFilter): Statement {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  const beliefTime = `${knowledgeTimeSql(filter)} - belief_horizon * interval '1 millisecond'`;
  add((id) => `sensor_id = ${id}`, filter.sensorId);
  add((time) => `event_start >= ${time}::timestamptz`, timestamp(filter.eventStartsAfterMs));
  add((time) => `event_start < ${time}::timestamptz`, timestamp(filter.eventStartsBeforeMs));
  add((time) => `${beliefTime} <= ${time}::timestamptz`, timestamp(filter.beliefsBeforeMs));
  add((time) => `${beliefTime} >= ${time}::timestamptz`, timestamp(filter.beliefsAfterMs));
  add((horizon) => `belief_horizon >= ${horizon}`, filter.horizonAtLeastMs);
  add((horizon) => `belief_horizon <= ${horizon}`, filter.horizonAtMostMs);
  add((ids) => `source_id = ANY(${ids}::int[])`, filter.sourceIds);
  return { sql: conditions.join(' AND '), parameters };
}

const timestamp = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

/** SQL for the moment at which the event of a row becomes known; the arguments come from checked values only. */
function knowledgeTimeSql({ knowledgeHorizon, eventResolutionMs }: BeliefFilter): string {
  switch (knowledgeHorizon.fnc) {
    case 'ex_post':
      return shifted(eventResolutionMs + parseDurationMs(knowledgeHorizon.par.ex_post_horizon ?? 'PT0H'));
    case 'ex_ante':
      return shifted(-parseDurationMs(knowledgeHorizon.par.ex_ante_horizon));
    case 'at_date':
      return `timestamptz '${new Date(parseInstant(knowledgeHorizon.par.knowledge_time)).toISOString()}'`;
    case 'x_days_ago_at_y_oclock':
      return daysAgoSql(knowledgeHorizon);
  }
}

const shifted = (ms: number): string => `(event_start + interval '${ms} milliseconds')`;

function daysAgoSql({ par: { x, y, z } }: KnowledgeHorizon & { fnc: 'x_days_ago_at_y_oclock' }): string {
  const zone = `'${z.replaceAll("'", "''")}'`;
  const hour = `interval '${Math.round(y * 3_600_000)} milliseconds'`;
  return `((date_trunc('day', event_start AT TIME ZONE ${zone}) - interval '${x} days' + ${hour}) AT TIME ZONE ${zone})`;
}
