import { Injectable } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { SESSION_ENDED } from '../events/accounts.events';
import { UsersRepository } from '../users/users.repository';
import type { SessionPayload } from './authentication.service';

/** Ends sessions of browsers. */
@Injectable()
export class EndedSessions {
  constructor(
    private readonly users: UsersRepository,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /** Ends one session: its cookie is no longer accepted. */
  end({ jti, exp }: Pick<SessionPayload, 'jti' | 'exp'>): Promise<void> {
    return this.transactions.run(async () => {
      await this.users.endSession(jti, new Date(exp * 1000));
      this.events.emit(SESSION_ENDED, { id: jti });
    });
  }
}
