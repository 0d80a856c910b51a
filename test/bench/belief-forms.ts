import type { Transactions } from '#lib/database';

const COLUMNS = `
  sensor_id integer NOT NULL,
  source_id integer NOT NULL,
  event_start timestamptz NOT NULL,
  belief_horizon bigint NOT NULL,
  cumulative_probability double precision NOT NULL DEFAULT 0.5,
  event_value double precision NOT NULL`;
const KEY = 'PRIMARY KEY (sensor_id, event_start, belief_horizon, source_id, cumulative_probability)';
const PARTITIONED = `CREATE TABLE timed_belief (${COLUMNS}, ${KEY}) PARTITION BY RANGE (event_start)`;

/** How beliefs may be stored, as the statements that make an empty table of them. */
export const BELIEF_FORMS: Record<string, string[]> = {
  'plain table': ['DROP TABLE timed_belief CASCADE', `CREATE TABLE timed_belief (${COLUMNS}, ${KEY})`],
  'default partition only': [
    'DROP TABLE timed_belief CASCADE',
    PARTITIONED,
    'CREATE TABLE timed_belief_default PARTITION OF timed_belief DEFAULT',
  ],
  'partitions by year': ['DROP TABLE timed_belief CASCADE', PARTITIONED, ...partitions(2019, 2050, 12)],
  'partitions by month': ['DROP TABLE timed_belief CASCADE', PARTITIONED, ...partitions(2019, 2025, 1)],
};

function partitions(firstYear: number, endYear: number, months: number): string[] {
  const statements = ['CREATE TABLE timed_belief_default PARTITION OF timed_belief DEFAULT'];
  for (let month = firstYear * 12; month < endYear * 12; month += months) {
    statements.push(
      `CREATE TABLE timed_belief_${month} PARTITION OF timed_belief
       FOR VALUES FROM ('${firstOf(month)}') TO ('${firstOf(month + months)}')`,
    );
  }
  return statements;
}

function firstOf(month: number): string {
  return new Date(Date.UTC(Math.floor(month / 12), month % 12)).toISOString();
}

/** Beliefs of 50 other sensors, quarter-hour by quarter-hour as meters report them. */
export async function fillBeliefs(database: Transactions, rows: number): Promise<void> {
  await database.query(
    `INSERT INTO timed_belief (sensor_id, source_id, event_start, belief_horizon, event_value)
     SELECT 1000000 + i % 50, 1, timestamptz '2020-01-01Z' + (i / 50) * interval '15 minutes', 0, i
     FROM generate_series(1, $1::int) AS i`,
    [rows],
  );
}
