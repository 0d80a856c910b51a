import type { ClientConfig } from 'pg';
import { ObservedClient } from './observed-client';

/**
 * Comment at the start of frequent statements whose query plan does not depend on the parameters. The server parses and
 * plans each of them once per connection; for small statements this is most of their cost.
 */
export const PREPARED = 'prepared';

const PREPARED_COMMENT = `/* ${PREPARED} */`;

/** Names of the prepared statements, by their text. Their number is limited by the statements in the code. */
const names = new Map<string, string>();

/** A connection that uses prepared statements for statements with the comment `PREPARED`. */
export class PreparingClient extends ObservedClient {
  constructor(config?: string | ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (statement: unknown, ...rest: unknown[]) => unknown;
    this.query = ((statement: unknown, ...rest: unknown[]) =>
      query(withName(statement), ...rest)) as typeof this.query;
  }
}

function withName(statement: unknown): unknown {
  if (typeof statement !== 'string' || !statement.startsWith(PREPARED_COMMENT)) return statement;
  let name = names.get(statement);
  if (name === undefined) names.set(statement, (name = `flexmeasures_${names.size}`));
  return { text: statement, name };
}
