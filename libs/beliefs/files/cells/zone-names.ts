/** Offsets from UTC of the zone names that exports of Europe and North America write beside local times. */
const OFFSETS: ReadonlyMap<string, string> = new Map([
  ...['UTC', 'GMT', 'WET'].map((name): [string, string] => [name, '+00:00']),
  ...['CET', 'WEST', 'BST'].map((name): [string, string] => [name, '+01:00']),
  ...['CEST', 'EET'].map((name): [string, string] => [name, '+02:00']),
  ['EEST', '+03:00'],
  ['EDT', '-04:00'],
  ...['EST', 'CDT'].map((name): [string, string] => [name, '-05:00']),
  ...['CST', 'MDT'].map((name): [string, string] => [name, '-06:00']),
  ...['MST', 'PDT'].map((name): [string, string] => [name, '-07:00']),
  ['PST', '-08:00'],
]);

/** Replaces a zone name at the end, such as `CET` or `(CEST)`, by its offset; other texts stay as they are. */
export function replaceZoneName(text: string): string {
  const isBracketed = text.endsWith(')');
  const start = text.lastIndexOf(isBracketed ? '(' : ' ');
  if (start < 0) return text;
  const offset = OFFSETS.get(text.slice(start + 1, isBracketed ? -1 : undefined).toUpperCase());
  return offset === undefined ? text : text.slice(0, start).trimEnd() + offset;
}
