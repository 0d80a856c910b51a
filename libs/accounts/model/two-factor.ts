/** Whether the users of an account log in with a second factor: never, if they set one up, or always. */
export const TWO_FACTOR_POLICIES = ['off', 'optional', 'required'] as const;

export type TwoFactorPolicy = (typeof TWO_FACTOR_POLICIES)[number];

/** How a user proves the second factor: with an app that shows codes, or with a code in an e-mail. */
export type SecondFactor = 'app' | 'mail';

/**
 * The second factor that a login needs; undefined if the password suffices.
 * @param hasApp whether the user has set up an app
 */
export function neededFactor(policy: TwoFactorPolicy, hasApp: boolean): SecondFactor | undefined {
  if (policy === 'off') return undefined;
  if (hasApp) return 'app';
  return policy === 'required' ? 'mail' : undefined;
}

/** Wrong codes in a row after which no code is accepted for a while. */
export const MAX_WRONG_CODES = 10;

/** How long no code is accepted then, in ms. */
export const BLOCK_MS = 15 * 60_000;

/** Number of recovery codes that a user gets. */
export const RECOVERY_CODES = 10;

/** A code as it is compared: spaces and hyphens do not matter, nor does the case. */
export const normaliseCode = (code: string): string => code.replaceAll(/[\s-]/g, '').toLowerCase();

/** Whether a code has the form of those of apps and mails. Others can only be recovery codes. */
export const isSixDigits = (code: string): boolean => /^\d{6}$/.test(code);
