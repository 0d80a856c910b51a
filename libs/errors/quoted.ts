const MOST_CHARACTERS = 60;
/** Characters that are not seen, or that change how others are seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const SHORT_FORMS: Record<string, string> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** A text that was given, as messages show it: cut to what can be read, and nothing unseen in it. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 4 * MOST_CHARACTERS));
  const isCut = characters.length > MOST_CHARACTERS;
  return characters.slice(0, MOST_CHARACTERS).join('').replace(UNSEEN, escaped) + (isCut ? '…' : '');
}

/** The same between quotation marks. */
export const quoted = (text: string): string => `'${shown(text)}'`;

function escaped(character: string): string {
  const code = character.codePointAt(0)!.toString(16).padStart(4, '0');
  return SHORT_FORMS[character] ?? String.raw`\u${code}`;
}
