import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { Transactions } from './transactions';

const RECONNECT_AFTER_MS = 2_000;

/** Listening to one channel; ends with `stop`. */
export interface Listening {
  stop: () => Promise<void>;
}

/**
 * PostgreSQL's NOTIFY and LISTEN. They only make things faster: a notification is lost while nobody is connected, and
 * some connection poolers do not pass them on, so that whoever listens polls as well.
 */
@Injectable()
export class Notifications implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Database');
  private readonly open = new Set<Listening>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
  ) {}

  /** Notifies whoever listens to a channel, after the commit of the running transaction, if there is one. */
  async notify(channel: string, message: string): Promise<void> {
    await this.transactions.select('SELECT pg_notify($1, $2)', [channel, message]);
  }

  /**
   * Listens on a connection of its own, which is made again when it breaks.
   * @param onMessage is also called without a message after each connecting, as some may have been missed
   */
  listen(channel: string, onMessage: (message?: string) => void): Listening {
    const listener = new Listener(this.dataSource, channel, onMessage, (reason) =>
      this.logger.warn(`Not listening to ${channel} now, and polling instead: ${reason}`),
    );
    this.open.add(listener);
    listener.start();
    return listener;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.open].map((listener) => listener.stop()));
  }
}

class Listener implements Listening {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private isSaid = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly channel: string,
    private readonly onMessage: (message?: string) => void,
    private readonly warn: (reason: string) => void,
  ) {}

  start(): void {
    void this.connect().catch((error: unknown) => this.retry(String(error)));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const { url, extra } = this.dataSource.options as { url?: string; extra?: { options?: string } };
    const client = new Client({
      connectionString: url,
      options: extra?.options,
      application_name: 'flexmeasures events',
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', ({ payload }) => this.onMessage(payload));
    client.on('error', (error) => this.retry(error.message));
    client.on('end', () => this.retry('the connection ended'));
    await client.connect();
    if (this.isStopped) return client.end();
    await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    this.isSaid = false;
    this.onMessage();
  }

  /** Says once that it does not work, and tries again until it does. */
  private retry(reason: string): void {
    if (this.isStopped || this.timer) return;
    if (!this.isSaid) this.warn(reason);
    this.isSaid = true;
    this.client?.removeAllListeners('end');
    void this.client?.end().catch(() => undefined);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.start();
    }, RECONNECT_AFTER_MS).unref();
  }
}
