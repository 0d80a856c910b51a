import { Client, type ClientConfig } from 'pg';

/**
 * A connection whose end never ends the process. It emits `error` when it breaks, and Node.js ends a process in which
 * nothing listens to that event. The pool and TypeORM listen, but not between the moments in which one gives the connection
 * to the other: a server that is killed can end a connection just then. The next query on the connection fails anyway.
 */
export class ObservedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
