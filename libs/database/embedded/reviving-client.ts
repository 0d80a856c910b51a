import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { errorMessage } from '#lib/errors';
import type { EmbeddedPostgres, ServerAddress } from './embedded-postgres';

/** The pool gives up a connection after ten seconds; the client says why before. */
const TIMEOUT_MS = 9000;
/** After a failed start, the next one is tried after this time. */
const RETRY_AFTER_MS = 2000;

/**
 * Makes connections to an embedded server that may be stopped, may crash, and may get another port: a new connection first
 * starts the server unless it runs, and connects to the address that the server has now.
 */
export function revivingClient(Base: typeof Client, server: EmbeddedPostgres): typeof Client {
  const revival = new Revival(server);
  return class RevivingClient extends Base {
    override connect(): Promise<this>;
    override connect(callback: (error: Error, client: Client) => void): void;
    override connect(callback?: (error: Error, client: Client) => void): Promise<this> | void {
      const connecting = this.findServerAndConnect();
      if (!callback) return connecting;
      // The callbacks of pg get null if there is no error.
      connecting.then(() => callback(null as unknown as Error, this), callback as (error: Error) => void);
    }

    private async findServerAndConnect(): Promise<this> {
      Object.assign(this, await revival.ensureRunning());
      await super.connect();
      return this;
    }
  };
}

/** Starts the server once for all connections of this process. */
class Revival {
  private readonly logger = new Logger('Database');
  private starting: Promise<ServerAddress> | undefined;

  constructor(private readonly server: EmbeddedPostgres) {}

  /** @throws Error that counts as a transient failure of the database */
  async ensureRunning(): Promise<ServerAddress> {
    const running = this.server.findAddress();
    if (running !== undefined) return running;
    this.starting ??= this.start();
    const timeout = sleep(TIMEOUT_MS, undefined, { ref: false }).then(() => {
      throw new Error('Connection terminated: the embedded PostgreSQL is still starting.');
    });
    timeout.catch(() => undefined);
    return Promise.race([this.starting, timeout]);
  }

  private async start(): Promise<ServerAddress> {
    try {
      this.logger.warn('The embedded PostgreSQL does not run. It is started again.');
      await this.server.ensureRunning();
      const address = this.server.findAddress();
      if (!address) throw new Error('the embedded PostgreSQL stopped again.');
      this.starting = undefined;
      return address;
    } catch (error) {
      setTimeout(() => (this.starting = undefined), RETRY_AFTER_MS).unref();
      throw new Error(`Connection terminated: ${errorMessage(error)}`, { cause: error });
    }
  }
}
