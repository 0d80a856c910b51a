import type { Request, Response } from 'express';
import { isAfter, type Position } from '#lib/events';
import type { ApiUser } from '../http/auth/authentication/api-user';
import type { StreamFilter } from './readable-subjects';

/** A message for one client. */
export interface Message {
  id: Position;
  event: string;
  data: object;
}

/** A client that leaves more unread is cut off; it may resume. */
const MAX_UNREAD_BYTES = 1_000_000;
/** Messages that arrive while earlier events are still read. */
const MAX_WAITING = 5_000;
/** How long browsers wait before they connect again. */
const RETRY_MS = 2_000;

/** The open response to one client. */
export class EventStream {
  private waiting: Message[] | undefined = [];
  private position: Position | undefined;
  private isEnded = false;
  private userTurn = 0;

  constructor(
    readonly request: Request & { user: ApiUser },
    private readonly response: Response,
    /** Which events the client wants; undefined: all that it may read. */
    readonly filter: StreamFilter | undefined,
  ) {}

  /** Who the client is, with the rights of now. */
  get user(): ApiUser {
    return this.request.user;
  }

  /** Sets the user as a look-up found it, unless one that began later has been here before. @param turn of the look-up */
  setUser(user: ApiUser, turn: number): void {
    if (turn < this.userTurn) return;
    this.userTurn = turn;
    this.request.user = user;
  }

  get isOpen(): boolean {
    return !this.isEnded && !this.response.closed;
  }

  /** Sends status and headers. Streams are not compressed, because compression would hold messages back. */
  begin(): void {
    this.response.status(200).set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
      // Its end closes the connection, for which the shutdown of the server waits.
      Connection: 'close',
    });
    this.response.flushHeaders();
    this.response.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Sends a message of an event that happened before the stream began. Resolves when the client has room for more. */
  async sendEarlier(message: Message): Promise<void> {
    this.position = message.id;
    if (!this.isOpen || this.write(message)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.response.off('drain', go).off('close', go);
        resolve();
      };
      this.response.on('drain', go).on('close', go);
    });
  }

  /** Sends the message of a new event, or keeps it until earlier ones were sent. Events that were sent are not sent again. */
  send(message: Message): void {
    if (this.waiting) {
      this.waiting.push(message);
      if (this.waiting.length > MAX_WAITING) this.end();
      return;
    }
    if (!this.isOpen || (this.position !== undefined && !isAfter(message.id, this.position))) return;
    this.position = message.id;
    this.write(message);
    if (this.response.writableLength > MAX_UNREAD_BYTES) this.end();
  }

  /** Goes on with new events, after all up to a position were sent. */
  follow(position: Position): void {
    const { waiting = [] } = this;
    this.waiting = undefined;
    this.position = position;
    for (const message of waiting) this.send(message);
  }

  /** Says that the connection works, and up to where the client has seen all events. */
  beat(position: Position): void {
    if (!this.isOpen || this.waiting) return;
    const seen = this.position === undefined || isAfter(position, this.position) ? position : this.position;
    this.position = seen;
    this.write({ id: seen, event: 'heartbeat', data: {} });
    if (this.response.writableLength > MAX_UNREAD_BYTES) this.end();
  }

  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.response.end();
    // A client that reads nothing would keep the rest in memory.
    if (this.response.writableLength > MAX_UNREAD_BYTES) this.response.destroy();
  }

  private write({ id, event, data }: Message): boolean {
    return this.response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
