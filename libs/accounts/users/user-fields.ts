import { violatedConstraint } from '#lib/database';
import { DomainError, quoted } from '#lib/errors';
import { isTimeZone } from '#lib/time';

/** Maximum length of an e-mail address and of a name. */
const MAX_LENGTH = 255;

/** Personal fields of a user. */
export interface PersonalFields {
  username: string;
  email: string;
  timezone: string;
}

/** Whether a text is longer than any e-mail address. The time to normalise grows with the square of the length. */
export const isTooLongForEmail = (text: string): boolean => text.length > MAX_LENGTH;

/** Normalises an e-mail address. Addresses are stored and compared in this form. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** Validates and normalises the given fields. @throws DomainError USER_INVALID */
export async function normaliseFields<T extends Partial<PersonalFields>>(fields: T): Promise<T> {
  // Loaded on demand: loading takes longer than most commands run.
  const { isEmail } = await import('class-validator');
  const { username, email, timezone } = fields;
  if (email !== undefined && (isTooLongForEmail(email) || !isEmail(normaliseEmail(email)))) {
    throw new DomainError('USER_INVALID', `${quoted(email)} is not an email address.`, 'email');
  }
  if (username?.trim() === '') throw new DomainError('USER_INVALID', 'A user needs a name.', 'username');
  if (username !== undefined && username.length > MAX_LENGTH) {
    const message = `The name of a user must have at most ${MAX_LENGTH} characters.`;
    throw new DomainError('USER_INVALID', message, 'username');
  }
  if (timezone !== undefined && !isTimeZone(timezone)) {
    throw new DomainError('USER_INVALID', `${quoted(timezone)} is not a time zone.`, 'timezone');
  }
  return {
    ...fields,
    ...(username !== undefined && { username: username.trim() }),
    ...(email !== undefined && { email: normaliseEmail(email) }),
  };
}

/** The error for an e-mail address that another user has. */
export const emailExistsError = (): DomainError =>
  new DomainError('USER_EXISTS', 'Another user has this e-mail address.', 'email');

/**
 * Replaces the database error for a change that would give two users the same e-mail address, or two users of an account the
 * same name. Other errors are thrown as they are.
 */
export function toUserExistsError(error: unknown): never {
  if (violatedConstraint(error) !== 'unique') throw error;
  const isEmail = error instanceof Error && 'constraint' in error && error.constraint === 'fm_user_email_key';
  if (isEmail) throw emailExistsError();
  throw new DomainError('USER_EXISTS', 'Another user of this account has this name.', 'username');
}
