import { Injectable, Logger } from '@nestjs/common';
import { UsersRepository } from './users.repository';

const MINUTE_MS = 60_000;

/** Records when a user last sent a request: at most once a minute, and without delaying the request. */
@Injectable()
export class LastSeenRecorder {
  private readonly logger = new Logger(LastSeenRecorder.name);
  private readonly recordedAtMs = new Map<number, number>();

  constructor(private readonly users: UsersRepository) {}

  record(userId: number): void {
    const nowMs = Date.now();
    if (nowMs - (this.recordedAtMs.get(userId) ?? -Infinity) < MINUTE_MS) return;
    this.recordedAtMs.set(userId, nowMs);
    this.users.recordSeen(userId).catch((error: unknown) => {
      this.recordedAtMs.delete(userId);
      this.logger.warn(`The last_seen_at of user ${userId} was not recorded: ${String(error)}`);
    });
  }
}
