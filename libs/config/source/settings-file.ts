import { ConfigError } from './config-error';

/** A value of a settings file; a timedelta becomes a number of milliseconds. */
export type SettingValue =
  string | number | boolean | null | SettingValue[] | { [key: string]: SettingValue };

/** Maximum nesting of lists and dictionaries. */
const MAX_DEPTH = 20;

/**
 * Parses a config file of FlexMeasures: lines `NAME = value`, where a value is a Python literal (string, number, product of
 * numbers, True, False, None, list, tuple, dictionary) or a `timedelta(...)`. Comments, blank lines and imports are skipped.
 * Settings with other values are omitted and passed to `onInvalid`, which throws by default.
 * @throws ConfigError for a line that is not a setting.
 */
export function parseSettingsFile(
  text: string,
  onInvalid: (error: ConfigError) => void = (error) => {
    throw error;
  },
): Map<string, SettingValue> {
  const settings = new Map<string, SettingValue>();
  const cursor = new Cursor(text);
  while (!cursor.atEnd()) {
    cursor.skipBlank();
    if (cursor.atEnd()) break;
    if (cursor.take(/(?:import|from)\s[^\n]*/y) !== undefined) continue;
    const name = cursor.take(/[A-Za-z_]\w*/y);
    if (name === undefined || cursor.take(/\s*=/y) === undefined) {
      throw new ConfigError(name ?? 'file', `line ${cursor.line()} is not of the form NAME = value`);
    }
    try {
      settings.set(name, parseValueToEnd(cursor, name));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      onInvalid(error);
      settings.delete(name);
      cursor.depth = 0;
      cursor.skipToNextSetting();
    }
  }
  return settings;
}

function parseValueToEnd(cursor: Cursor, name: string): SettingValue {
  const value = parseValue(cursor, name);
  if (cursor.take(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y) !== undefined) return value;
  throw new ConfigError(name, `line ${cursor.line()} has more than one value`);
}

class Cursor {
  /** Current nesting of lists and dictionaries. */
  depth = 0;
  private position = 0;
  /** Number of the line at `countedTo`. */
  private lines = 1;
  private countedTo = 0;
  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.position >= this.text.length;
  }

  line(): number {
    this.lines += this.text.slice(this.countedTo, this.position).split('\n').length - 1;
    this.countedTo = this.position;
    return this.lines;
  }

  /** Consumes and returns the match of a sticky expression at the current position. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (!match) return undefined;
    this.position = pattern.lastIndex;
    return match[0];
  }

  /** Moves to the next line that starts with a name and an equals sign, or with an import. */
  skipToNextSetting(): void {
    const next = /\n(?=[A-Za-z_]\w*[ \t]*=(?!=)|(?:import|from)\s)/g;
    next.lastIndex = this.position;
    this.position = next.exec(this.text) ? next.lastIndex : this.text.length;
  }

  skipBlank(): void {
    while (this.take(/\s+|#[^\n]*/y) !== undefined);
  }
}

function parseValue(cursor: Cursor, name: string): SettingValue {
  cursor.skipBlank();
  const string = cursor.take(/[rbu]?(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*')/y);
  if (string !== undefined) return unquote(string);
  const timedelta = cursor.take(/(?:datetime\.)?timedelta\(([^)]{0,200})\)/y);
  if (timedelta !== undefined) return timedeltaMs(timedelta, name);
  const number = cursor.take(/-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?(?:\s*\*\s*\d+(?:\.\d+)?)*/iy);
  if (number !== undefined) return product(number);
  const word = cursor.take(/True|False|None|true|false|null/y);
  if (word !== undefined) return { true: true, false: false }[word.toLowerCase()] ?? null;
  const opening = cursor.take(/[[({]/y);
  if (opening !== undefined) return parseParts(cursor, name, opening);
  const logging = cursor.take(/logging\.[A-Z]+/y);
  if (logging !== undefined) return logging.slice('logging.'.length);
  throw new ConfigError(name, `line ${cursor.line()} does not contain a literal value`);
}

function parseParts(cursor: Cursor, name: string, opening: string): SettingValue {
  if (++cursor.depth > MAX_DEPTH)
    throw new ConfigError(name, `line ${cursor.line()} nests values deeper than ${MAX_DEPTH} levels`);
  const value =
    opening === '{'
      ? parseDictionary(cursor, name)
      : parseItems(cursor, name, opening === '[' ? /\s*\]/y : /\s*\)/y);
  cursor.depth--;
  return value;
}

function parseItems(cursor: Cursor, name: string, close: RegExp): SettingValue[] {
  const items: SettingValue[] = [];
  for (;;) {
    cursor.skipBlank();
    if (cursor.take(close) !== undefined) return items;
    items.push(parseValue(cursor, name));
    cursor.skipBlank();
    cursor.take(/,/y);
  }
}

function parseDictionary(cursor: Cursor, name: string): { [key: string]: SettingValue } {
  const entries: { [key: string]: SettingValue } = {};
  for (;;) {
    cursor.skipBlank();
    if (cursor.take(/\}/y) !== undefined) return entries;
    const key = parseValue(cursor, name);
    if (typeof key !== 'string' || cursor.take(/\s*:/y) === undefined) {
      throw new ConfigError(name, `line ${cursor.line()} contains a malformed dictionary`);
    }
    entries[key] = parseValue(cursor, name);
    cursor.skipBlank();
    cursor.take(/,/y);
  }
}

function unquote(literal: string): string {
  const raw = literal.startsWith('r');
  const body = literal.slice(/^[rbu]/.test(literal) ? 2 : 1, -1);
  return raw ? body : body.replace(/\\(.)/g, (_, char: string) => ({ n: '\n', t: '\t' })[char] ?? char);
}

function product(expression: string): number {
  return expression
    .replaceAll('_', '')
    .split('*')
    .reduce((result, factor) => result * Number(factor), 1);
}

const TIMEDELTA_MS: Record<string, number> = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
};

function timedeltaMs(call: string, name: string): number {
  const inner = call.slice(call.indexOf('(') + 1, -1).trim();
  if (inner === '') return 0;
  return inner.split(',').reduce((sum, part, index) => {
    const [key = '', value] = part.includes('=') ? part.split('=') : [['days', 'seconds'][index], part];
    const unit = TIMEDELTA_MS[key.trim()];
    const count = Number(value);
    if (unit === undefined || Number.isNaN(count)) throw new ConfigError(name, `${call} is not understood`);
    return sum + unit * count;
  }, 0);
}
