/**
 * Wraps a text into lines of at most `maxLength` characters, between words if possible. Existing line breaks are kept.
 */
export function wrapLines(text: string, maxLength: number): string[] {
  return text
    .split(/\r?\n/)
    .flatMap((paragraph) => wrapParagraph(paragraph.trim(), maxLength))
    .filter((line) => line !== '');
}

function wrapParagraph(paragraph: string, maxLength: number): string[] {
  const lines: string[] = [];
  let rest = paragraph;
  while (rest.length > maxLength) {
    const space = rest.lastIndexOf(' ', maxLength);
    const end = space > 0 ? space : maxLength;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
