import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { Mailer } from '#lib/mail';
import { CLOCK, MINUTE_MS, type Clock } from '#lib/time';
import { USER_UPDATED } from '../events/accounts.events';
import {
  BLOCK_MS,
  isSixDigits,
  MAX_WRONG_CODES,
  neededFactor,
  normaliseCode,
  type Requester,
  type SecondFactor,
  type TwoFactorPolicy,
} from '../model';
import { deriveKey } from '../passwords/secrets';
import type { User } from '../users/user.entity';
import { decrypt, encrypt } from './encryption';
import { hashCode, isHashOf, newMailCode, newRecoveryCodes } from './recovery-codes';
import type { TwoFactor } from './two-factor.entity';
import { TwoFactorRepository } from './two-factor.repository';

const ISSUER = 'FlexMeasures';
const PERIOD_MS = 30_000;
const MAIL_CODE_MS = 10 * MINUTE_MS;

/** State of the second factor of a user. */
export interface TwoFactorState {
  policy: TwoFactorPolicy;
  /** The factor that a login needs; undefined if the password suffices. */
  needed: SecondFactor | undefined;
  hasApp: boolean;
  recoveryCodesLeft: number;
}

type Subject = Pick<User, 'id' | 'email' | 'username'>;

/** Second factors of logins: codes of an app (TOTP, RFC 6238), codes in e-mails, and recovery codes. */
@Injectable()
export class TwoFactorService {
  constructor(
    private readonly factors: TwoFactorRepository,
    private readonly mailer: Mailer,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async getState(userId: number): Promise<TwoFactorState> {
    const policy = await this.factors.findPolicy(userId);
    const row = policy === 'off' ? null : await this.factors.find(userId);
    const hasApp = row?.confirmedAt != null;
    return {
      policy,
      needed: neededFactor(policy, hasApp),
      hasApp,
      recoveryCodesLeft: hasApp ? row.recoveryHashes.length : 0,
    };
  }

  /**
   * Begins to set up an app. It replaces an app that was not confirmed.
   * @returns the secret for the app, in base 32, and the URL of the QR code
   * @throws DomainError TWO_FACTOR_INVALID if the account does not use it, or the user has an app
   */
  async begin({ id, email }: Subject): Promise<{ secret: string; url: string }> {
    if ((await this.factors.findPolicy(id)) === 'off')
      throw invalid('The account of the user does not use a second factor.');
    const { Secret, TOTP } = await import('otpauth');
    const secret = new Secret({ size: 20 });
    await this.transactions.run(async () => {
      const row = await this.factors.lock(id);
      if (row.confirmedAt) throw invalid('The user has set up an app already. Remove it first.');
      await this.factors.update(id, { appSecret: encrypt(secret.base32, this.secretKey, contextOf(id)) });
    });
    return { secret: secret.base32, url: new TOTP({ issuer: ISSUER, label: email, secret }).toString() };
  }

  /**
   * Ends the setup of an app with a code that it shows.
   * @returns recovery codes, which cannot be read later
   * @throws DomainError TWO_FACTOR_INVALID
   */
  confirm(userId: number, code: string): Promise<string[]> {
    return this.transactions.run(async () => {
      const row = await this.factors.lock(userId);
      if (row.confirmedAt || !row.appSecret) throw invalid('No app is being set up.');
      const period = await this.findPeriod(row, normaliseCode(code));
      if (period === undefined) throw invalid('This is not the code that the app shows now.', 'code');
      const codes = newRecoveryCodes();
      await this.factors.update(userId, {
        confirmedAt: new Date(this.clock.now()),
        lastPeriod: String(period),
        recoveryHashes: codes.map((one) => hashCode(normaliseCode(one), this.codeKey)),
        wrongCodes: 0,
        blockedUntil: null,
      });
      this.events.emit(USER_UPDATED, { id: userId, fields: ['two_factor'] });
      return codes;
    });
  }

  /**
   * Removes the second factor of a user. Users who remove their own need a code, so that a stolen token does not suffice.
   * @throws DomainError TWO_FACTOR_INVALID with the field
   */
  async remove(userId: number, requester: Pick<Requester, 'id'>, code: string | undefined): Promise<void> {
    // Also while the account does not use it: the account may do so again.
    const isOwn = requester.id === userId && (await this.factors.find(userId))?.confirmedAt != null;
    if (isOwn && (code === undefined || !(await this.verify(userId, code))))
      throw invalid('A code of the app, or a recovery code, is needed to remove it.', 'code');
    await this.disable(userId);
  }

  /** Removes the app and the recovery codes of a user. */
  disable(userId: number): Promise<void> {
    return this.transactions.run(async () => {
      if (await this.factors.delete(userId))
        this.events.emit(USER_UPDATED, { id: userId, fields: ['two_factor'] });
    });
  }

  /** Mails a new code for a login, which replaces earlier ones. @throws DomainError TWO_FACTOR_UNAVAILABLE */
  async mailCode({ id, email, username }: Subject): Promise<void> {
    if (!this.mailer.isEnabled) {
      const message =
        'The account requires a second factor. The user has no app, and this server cannot send codes by e-mail.';
      throw new DomainError('TWO_FACTOR_UNAVAILABLE', message);
    }
    const code = newMailCode();
    await this.transactions.run(async () => {
      await this.factors.lock(id);
      await this.factors.update(id, {
        mailedHash: hashCode(code, this.codeKey),
        mailedUntil: new Date(this.clock.now() + MAIL_CODE_MS),
      });
    });
    this.mailer.sendInBackground({
      to: email,
      subject: 'Your code to log in',
      text: codeMailText(username, code),
    });
  }

  /**
   * Whether a code proves the second factor of a user: a code of the app, the mailed code, or a recovery code. Each code works
   * once. After some wrong codes in a row, no code is accepted for a while.
   */
  verify(userId: number, code: string): Promise<boolean> {
    const given = normaliseCode(code);
    return this.transactions.run(async () => {
      const row = await this.factors.lock(userId);
      if (row.blockedUntil && row.blockedUntil.getTime() > this.clock.now()) return false;
      const used = await this.findUse(row, given);
      const wrongCodes = used ? 0 : row.wrongCodes + 1;
      const isBlocked = wrongCodes >= MAX_WRONG_CODES;
      await this.factors.update(userId, {
        ...used,
        wrongCodes: isBlocked ? 0 : wrongCodes,
        blockedUntil: isBlocked ? new Date(this.clock.now() + BLOCK_MS) : null,
      });
      if (used?.recoveryHashes)
        this.events.emit(USER_UPDATED, { id: userId, fields: ['recovery_codes'] }, { user: userId });
      return used !== undefined;
    });
  }

  /** What changes when a right code is used; undefined for a wrong one. */
  private async findUse(row: TwoFactor, code: string): Promise<Partial<TwoFactor> | undefined> {
    if (row.confirmedAt === null) {
      const isValid = row.mailedUntil !== null && row.mailedUntil.getTime() > this.clock.now();
      const isSame = isValid && row.mailedHash !== null && isHashOf(row.mailedHash, code, this.codeKey);
      return isSame ? { mailedHash: null, mailedUntil: null } : undefined;
    }
    const period = isSixDigits(code) ? await this.findPeriod(row, code) : undefined;
    if (period !== undefined) return { lastPeriod: String(period) };
    const left = row.recoveryHashes.filter((stored) => !isHashOf(stored, code, this.codeKey));
    return left.length < row.recoveryHashes.length ? { recoveryHashes: left } : undefined;
  }

  /** The period of 30 s of a code of the app: this one, or one before or after. Undefined for wrong and used codes. */
  private async findPeriod(row: TwoFactor, code: string): Promise<number | undefined> {
    const secret = row.appSecret && decrypt(row.appSecret, this.secretKey, contextOf(row.userId));
    if (!secret || !isSixDigits(code)) return undefined;
    const { Secret, TOTP } = await import('otpauth');
    const nowMs = this.clock.now();
    const delta = new TOTP({ secret: Secret.fromBase32(secret) }).validate({
      token: code,
      timestamp: nowMs,
      window: 1,
    });
    if (delta === null) return undefined;
    const period = Math.floor(nowMs / PERIOD_MS) + delta;
    return period > Number(row.lastPeriod ?? -1) ? period : undefined;
  }

  private get secretKey(): Buffer {
    return deriveKey('two-factor-secret', this.settings);
  }

  private get codeKey(): Buffer {
    return deriveKey('two-factor-code', this.settings);
  }
}

const contextOf = (userId: number): string => `two_factor ${userId}`;

const invalid = (message: string, field?: string): DomainError =>
  new DomainError('TWO_FACTOR_INVALID', message, field);

const codeMailText = (username: string, code: string): string =>
  `Hello ${username},

your code to log in is ${code}. It is valid for ten minutes, and once.

If you did not log in just now, somebody knows your password. Choose a new one.
`;
