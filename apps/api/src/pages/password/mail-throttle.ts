import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../../http/auth/throttle/network';

const HOUR_S = 3600;
const PER_MAILBOX = 3;
const PER_ADDRESS = 30;
const MAX_EMAIL_LENGTH = 255;

/** Keeps strangers from filling mailboxes with links that nobody asked for. */
@Injectable()
export class MailThrottle {
  private readonly perMailbox = new RateLimiterMemory({ points: PER_MAILBOX, duration: HOUR_S });
  private readonly perAddress = new RateLimiterMemory({ points: PER_ADDRESS, duration: HOUR_S });

  /** Counts a mail that a client asks for; false when it had better not be sent. */
  async allows(email: string, address: string): Promise<boolean> {
    const mailbox = email.trim().toLowerCase().slice(0, MAX_EMAIL_LENGTH);
    return (await isLeft(this.perAddress, networkOf(address))) && (await isLeft(this.perMailbox, mailbox));
  }
}

async function isLeft(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  const { consumedPoints } = await limiter.penalty(key);
  return consumedPoints <= limiter.points;
}
