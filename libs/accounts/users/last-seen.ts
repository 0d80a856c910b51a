import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '#lib/time';
import { UsersRepository } from './users.repository';

const MINUTE_MS = 60_000;
/** Of more users, some are recorded more often. */
const MAX_USERS = 10_000;

/** Records when a user last sent a request: at most once a minute, and without delaying the request. */
@Injectable()
export class LastSeenRecorder {
  private readonly logger = new Logger(LastSeenRecorder.name);
  private readonly recordedAtMs = new LRUCache<number, number>({ max: MAX_USERS });

  constructor(
    private readonly users: UsersRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  record(userId: number): void {
    const nowMs = this.clock.now();
    if (nowMs - (this.recordedAtMs.get(userId) ?? -Infinity) < MINUTE_MS) return;
    this.recordedAtMs.set(userId, nowMs);
    this.users.recordSeen(userId).catch((error: unknown) => {
      this.recordedAtMs.delete(userId);
      this.logger.warn(`The last_seen_at of user ${userId} was not recorded: ${String(error)}`);
    });
  }
}
