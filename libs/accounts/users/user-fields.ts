import { DomainError, quoted } from '#lib/errors';
import { isTimeZone } from '#lib/time';

const MIN_PASSWORD_LENGTH = 6;
/** Most characters of an e-mail address, and of a name. */
const MAX_LENGTH = 255;

/** What users tell about themselves. */
export interface PersonalFields {
  username: string;
  email: string;
  timezone: string;
}

/** Whether a text is longer than any e-mail address. Normalising takes time that grows with the square of the length. */
export const isTooLongForEmail = (text: string): boolean => text.length > MAX_LENGTH;

/** The form in which e-mail addresses are stored and compared. */
export const normalisedEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** Brings the fields that are given into the form in which they are stored. @throws DomainError USER_INVALID */
export async function checkedFields<T extends Partial<PersonalFields>>(fields: T): Promise<T> {
  // Loaded here only: it takes longer to load than most commands to run.
  const { isEmail } = await import('class-validator');
  const { username, email, timezone } = fields;
  if (email !== undefined && (isTooLongForEmail(email) || !isEmail(normalisedEmail(email)))) {
    throw new DomainError('USER_INVALID', `${quoted(email)} is not an email address.`, 'email');
  }
  if (username?.trim() === '') throw new DomainError('USER_INVALID', 'A user needs a name.', 'username');
  if (username !== undefined && username.length > MAX_LENGTH) {
    const message = `The name of a user has at most ${MAX_LENGTH} characters.`;
    throw new DomainError('USER_INVALID', message, 'username');
  }
  if (timezone !== undefined && !isTimeZone(timezone)) {
    throw new DomainError('USER_INVALID', `${quoted(timezone)} is not a time zone.`, 'timezone');
  }
  return {
    ...fields,
    ...(username !== undefined && { username: username.trim() }),
    ...(email !== undefined && { email: normalisedEmail(email) }),
  };
}

/** @throws DomainError USER_INVALID */
export function checkPassword(password: string): void {
  if (password.length >= MIN_PASSWORD_LENGTH) return;
  const message = `A password has at least ${MIN_PASSWORD_LENGTH} characters.`;
  throw new DomainError('USER_INVALID', message, 'password');
}
