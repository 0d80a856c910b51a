import { DomainError, quoted } from '#lib/errors';
import type { Account } from './account.entity';

const MAX_NAME = 100;
const MAX_URL = 255;
const COLOR = /^#?(?:[\da-f]{6}|[\da-f]{3})$/i;

/** The fields of an account that its managers can change. */
export type AccountFields = Pick<
  Account,
  | 'name'
  | 'primaryColor'
  | 'secondaryColor'
  | 'logoUrl'
  | 'attributes'
  | 'consultancyAccountId'
  | 'planId'
  | 'twoFactor'
>;

/** @throws DomainError ACCOUNT_INVALID with the field */
export function checkAccountFields(
  fields: Partial<AccountFields>,
  { maxAttributesBytes }: { maxAttributesBytes: number },
): void {
  const { name, primaryColor, secondaryColor, logoUrl } = fields;
  if (name !== undefined && (name.trim() === '' || name.length > MAX_NAME))
    throw invalid(`The name of an account must have 1 to ${MAX_NAME} characters.`, 'name');
  checkColor(primaryColor, 'primary_color');
  checkColor(secondaryColor, 'secondary_color');
  const bytes = Buffer.byteLength(JSON.stringify(fields.attributes ?? {}));
  if (bytes > maxAttributesBytes)
    throw invalid(
      `Must not have more than ${maxAttributesBytes} bytes as JSON; these have ${bytes}.`,
      'attributes',
    );
  if (logoUrl != null && !isUrl(logoUrl))
    throw invalid(
      `${quoted(logoUrl)} is not an http or https URL of at most ${MAX_URL} characters.`,
      'logo_url',
    );
}

/** A colour as it is stored: with a leading `#`. */
export const normaliseColor = (color: string | null | undefined): string | null | undefined =>
  typeof color === 'string' && !color.startsWith('#') ? `#${color}` : color;

function checkColor(color: string | null | undefined, field: string): void {
  if (color == null || COLOR.test(color)) return;
  throw invalid(`${quoted(color)} is not a hex colour code such as #1a3443.`, field);
}

const isUrl = (text: string): boolean =>
  text.length <= MAX_URL && /^https?:\/\//i.test(text) && URL.canParse(text);

const invalid = (message: string, field: string): DomainError =>
  new DomainError('ACCOUNT_INVALID', message, field);
