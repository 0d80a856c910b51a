const MAX_CHARACTERS = 60;
/** Invisible characters, and characters that change how others are displayed. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const SHORT_FORMS: Record<string, string> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** Input text for a message: cut to 60 characters, with invisible characters escaped. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 4 * MAX_CHARACTERS));
  const isCut = characters.length > MAX_CHARACTERS;
  return characters.slice(0, MAX_CHARACTERS).join('').replace(INVISIBLE, escape) + (isCut ? '…' : '');
}

/** The same between quotation marks. */
export const quoted = (text: string): string => `'${shown(text)}'`;

function escape(character: string): string {
  const code = character.codePointAt(0)!.toString(16).padStart(4, '0');
  return SHORT_FORMS[character] ?? String.raw`\u${code}`;
}
