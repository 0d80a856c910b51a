import { Client, type ClientConfig } from 'pg';

/**
 * Comment at the start of statements that are asked all the time and planned alike whatever their parameters. The
 * server then reads and plans each of them once per connection, which for small ones is most of their cost.
 */
export const PREPARED = 'prepared';

const MARK = `/* ${PREPARED} */`;

/** Names of marked statements by their text. There are as many as stand in the code. */
const names = new Map<string, string>();

/** A connection that has marked statements prepared. */
export class PreparingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (statement: unknown, ...rest: unknown[]) => unknown;
    this.query = ((statement: unknown, ...rest: unknown[]) =>
      query(named(statement), ...rest)) as typeof this.query;
  }
}

function named(statement: unknown): unknown {
  if (typeof statement !== 'string' || !statement.startsWith(MARK)) return statement;
  const name = names.get(statement) ?? `flexmeasures_${names.size}`;
  names.set(statement, name);
  return { text: statement, name };
}
