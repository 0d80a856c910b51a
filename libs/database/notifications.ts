import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Client as PlainClient } from 'pg';
import { DataSource } from 'typeorm';
import { Transactions } from './transactions';

const RECONNECT_AFTER_MS = 2_000;

/** Listens to one channel until `stop` is called. */
export interface NotificationListener {
  stop: () => Promise<void>;
}

/**
 * NOTIFY and LISTEN of PostgreSQL. They only reduce delays: notifications are lost while a listener is not connected, and
 * some connection poolers do not forward them. Listeners must therefore poll as well.
 */
@Injectable()
export class Notifications implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Database');
  private readonly open = new Set<NotificationListener>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
  ) {}

  /** Notifies the listeners of a channel. In a transaction, this happens after the commit. */
  async notify(channel: string, message: string): Promise<void> {
    await this.transactions.select('SELECT pg_notify($1, $2)', [channel, message]);
  }

  /**
   * Listens on a separate connection, which is re-established when it breaks.
   * @param onMessage is also called, without a message, after each connect, as messages may have been missed
   */
  listen(channel: string, onMessage: (message?: string) => void): NotificationListener {
    const listener = new Listener(this.dataSource, channel, onMessage, (reason) =>
      this.logger.warn(`Listening to ${channel} failed; polling until it works again: ${reason}`),
    );
    this.open.add(listener);
    listener.start();
    return listener;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.open].map((listener) => listener.stop()));
  }
}

/** The options of connections that listeners share with the pool. */
interface ConnectionExtra {
  options?: string;
  Client?: typeof PlainClient;
}

class Listener implements NotificationListener {
  private client: PlainClient | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private hasWarned = false;

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
    const { url, extra } = this.dataSource.options as { url?: string; extra?: ConnectionExtra };
    const Client = extra?.Client ?? PlainClient;
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
    this.hasWarned = false;
    this.onMessage();
  }

  /** Logs the first failure in a row, and tries again after a delay. */
  private retry(reason: string): void {
    if (this.isStopped || this.timer) return;
    if (!this.hasWarned) this.warn(reason);
    this.hasWarned = true;
    this.client?.removeAllListeners('end');
    void this.client?.end().catch(() => undefined);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.start();
    }, RECONNECT_AFTER_MS).unref();
  }
}
