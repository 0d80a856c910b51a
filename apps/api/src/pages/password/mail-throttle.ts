import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../../http/auth/throttle/network';

const HOUR_S = 3600;
const PER_MAILBOX = 3;
const PER_ADDRESS = 30;
const MAX_EMAIL_LENGTH = 255;

/** Limits the e-mails with reset links per mailbox and per network, so that strangers cannot flood a mailbox. */
@Injectable()
export class MailThrottle {
  private readonly perMailbox = new RateLimiterMemory({ points: PER_MAILBOX, duration: HOUR_S });
  private readonly perAddress = new RateLimiterMemory({ points: PER_ADDRESS, duration: HOUR_S });

  /** Counts a requested e-mail. @returns false if a limit is exceeded */
  async allows(email: string, address: string): Promise<boolean> {
    const mailbox = email.trim().toLowerCase().slice(0, MAX_EMAIL_LENGTH);
    return (
      (await isWithinLimit(this.perAddress, networkOf(address))) &&
      (await isWithinLimit(this.perMailbox, mailbox))
    );
  }
}

async function isWithinLimit(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  const { consumedPoints } = await limiter.penalty(key);
  return consumedPoints <= limiter.points;
}
