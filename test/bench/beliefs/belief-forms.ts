const COLUMNS = `
  sensor_id integer NOT NULL,
  source_id integer NOT NULL,
  event_start timestamptz NOT NULL,
  belief_horizon bigint NOT NULL,
  cumulative_probability double precision NOT NULL DEFAULT 0.5,
  event_value double precision NOT NULL,
  repeated_horizons bigint[]`;
const VALUES_BESIDE_KEY = 'INCLUDE (event_value)';
const KEY = `PRIMARY KEY (sensor_id, event_start, belief_horizon, source_id, cumulative_probability) ${VALUES_BESIDE_KEY}`;
const PLAIN = `CREATE TABLE timed_belief (${COLUMNS}, ${KEY})`;
const DIVIDED = `CREATE TABLE timed_belief (${COLUMNS}, ${KEY}) PARTITION BY RANGE (event_start)`;
const DEFAULT = 'CREATE TABLE timed_belief_default PARTITION OF timed_belief DEFAULT';

/** A way to store beliefs: statements before and after filling the table. */
export interface BeliefForm {
  name: string;
  create: string[];
  afterwards?: string[];
}

/** Variants with partitions. */
export const PARTITIONED_FORMS: BeliefForm[] = [
  { name: 'plain table', create: [PLAIN] },
  { name: 'default partition only', create: [DIVIDED, DEFAULT] },
  { name: 'partitions by year', create: [DIVIDED, DEFAULT, ...partitions(2019, 2050, 12)] },
  { name: 'partitions by month', create: [DIVIDED, DEFAULT, ...partitions(2019, 2025, 1)] },
];

/** Variants with other indexes than the primary key. */
export const INDEXED_FORMS: BeliefForm[] = [
  { name: 'plain table', create: [PLAIN] },
  { name: 'key without values beside it', create: [PLAIN.replace(VALUES_BESIDE_KEY, '')] },
  {
    name: 'and BRIN on event_start',
    create: [PLAIN, 'CREATE INDEX ON timed_belief USING brin (event_start)'],
  },
  {
    name: 'and index with source_id DESC',
    create: [
      PLAIN,
      'CREATE INDEX ON timed_belief (sensor_id, event_start, belief_horizon, source_id DESC, cumulative_probability)',
    ],
  },
  {
    name: 'and two foreign keys',
    create: [PLAIN],
    afterwards: [
      'ALTER TABLE timed_belief ADD FOREIGN KEY (sensor_id) REFERENCES sensor NOT VALID',
      'ALTER TABLE timed_belief ADD FOREIGN KEY (source_id) REFERENCES data_source NOT VALID',
    ],
  },
];

function partitions(firstYear: number, endYear: number, months: number): string[] {
  const statements: string[] = [];
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
