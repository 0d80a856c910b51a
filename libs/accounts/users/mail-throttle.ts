import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { normaliseEmail } from './user-fields';

const HOUR_S = 3600;
const PER_MAILBOX = 3;
const PER_CLIENT = 30;
const MAX_EMAIL_LENGTH = 255;

/** Limits the e-mails with links per mailbox and per client, so that nobody can flood the mailbox of a stranger. */
@Injectable()
export class MailThrottle {
  private readonly perMailbox = new RateLimiterMemory({ points: PER_MAILBOX, duration: HOUR_S });
  private readonly perClient = new RateLimiterMemory({ points: PER_CLIENT, duration: HOUR_S });

  /**
   * Counts a requested e-mail.
   * @param client identifies who asks, for example by its network address
   * @returns false if a limit is exceeded
   */
  async allows(email: string, client: string): Promise<boolean> {
    const mailbox = normaliseEmail(email.slice(0, MAX_EMAIL_LENGTH));
    return (await isWithinLimit(this.perClient, client)) && (await isWithinLimit(this.perMailbox, mailbox));
  }
}

async function isWithinLimit(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  const { consumedPoints } = await limiter.penalty(key);
  return consumedPoints <= limiter.points;
}
