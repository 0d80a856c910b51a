import type { EventEmitter } from 'node:events';
import { Client, type ClientConfig } from 'pg';

/** Message of the server about a setting of the session. */
interface ParameterStatus {
  parameterName: string;
  parameterValue: string;
}

/**
 * A connection whose end never ends the process. It emits `error` when it breaks, and Node.js ends a process in which
 * nothing listens to that event. The pool and TypeORM listen, but not between the moments in which one gives the connection
 * to the other: a server that is killed can end a connection just then. The next query on the connection fails anyway.
 */
export class ObservedClient extends Client {
  /** The time zone of the session, as the server has reported it. */
  timeZone: string | undefined;

  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const { connection } = this as unknown as { connection: EventEmitter };
    connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      if (parameterName === 'TimeZone') this.timeZone = parameterValue;
    });
  }
}
