import { DomainError, quoted } from '#lib/errors';
import { civilDayMs, timeOfDayMs } from './civil-time';
import { fullYear, hourOfHalf, monthNumber, offsetMs, type DateTimeFound } from './datetime-text';

/** Maximum length of a date format. */
const MAX_FORMAT_LENGTH = 100;

/** Codes of strftime with a number of at most this many digits. */
const DIGITS: Readonly<Record<string, number>> = { Y: 4, y: 2, m: 2, d: 2, H: 2, I: 2, M: 2, S: 2, f: 9 };

const ZONE = /[+-](?:[01]\d|2[0-3]):?[0-5]\d|Z/y;
const WORD = /[a-z]{1,9}/iy;

/** A part of a format: a code such as `Y`, or a literal character. */
interface Part {
  code?: string;
  literal?: string;
}

/** The text of each code that was found. */
type Found = Record<string, string | undefined>;

/** A date format with the codes of strftime: %Y %y %m %b %B %d %H %I %p %M %S %f %z %%. */
export class DateFormat {
  private readonly parts: readonly Part[];

  /** @throws DomainError INVALID_DATE_FORMAT */
  constructor(private readonly format: string) {
    if (format.length > MAX_FORMAT_LENGTH) {
      throw invalid(`A date format has at most ${MAX_FORMAT_LENGTH} characters.`);
    }
    this.parts = Array.from(format.matchAll(/%([\s\S]?)|[^%]/gu), ([whole, code]) =>
      code === undefined ? { literal: whole } : code === '%' ? { literal: '%' } : { code },
    );
    const codes = this.parts.flatMap(({ code }) => (code === undefined ? [] : [code]));
    const unknown = codes.find((code) => !(code in DIGITS) && !['b', 'B', 'p', 'z'].includes(code));
    if (unknown !== undefined) throw invalid(`${quoted(`%${unknown}`)} is not known in a date format.`);
    if (new Set(codes).size < codes.length) throw invalid('A code stands at most once in a date format.');
    const hasDay = codes.includes('d') && codes.some((code) => ['m', 'b', 'B'].includes(code));
    if (!hasDay || !codes.some((code) => code === 'Y' || code === 'y'))
      throw invalid('A date format needs a year (%Y), a month (%m) and a day (%d).');
  }

  /** @returns the datetime, or the reason why the text does not have this format */
  read(text: string): DateTimeFound | string {
    const found = this.match(text);
    if (!found) return `${quoted(text)} does not have the date format ${quoted(this.format)}`;
    const year = fullYear(found['Y'] ?? found['y'] ?? '');
    const name = found['b'] ?? found['B'];
    const month = name === undefined ? Number(found['m']) : monthNumber(name);
    const half = found['p'];
    const clockHour = Number(found['H'] ?? found['I'] ?? 0);
    const hour = half === undefined ? clockHour : hourOfHalf(clockHour, half);
    const timeMs = timeOfDayMs(hour, Number(found['M'] ?? 0), Number(found['S'] ?? 0));
    const fractionMs = Number((found['f'] ?? '').slice(0, 3).padEnd(3, '0'));
    const ms = civilDayMs(year, month, Number(found['d'])) + timeMs + fractionMs - offsetMs(found['z']);
    if (Number.isNaN(ms)) return `${quoted(text)} is not a date and time that exists`;
    return { ms, isAware: found['z'] !== undefined };
  }

  /** Reads the parts one after the other, each as long as possible; undefined if the text has another form. */
  private match(text: string): Found | undefined {
    const found: Found = {};
    let at = 0;
    for (const { code, literal } of this.parts) {
      if (literal !== undefined) {
        if (!text.startsWith(literal, at)) return undefined;
        at += literal.length;
      } else {
        const part = readCode(code!, text, at);
        if (part === '') return undefined;
        found[code!] = part;
        at += part.length;
      }
    }
    return at === text.length ? found : undefined;
  }
}

function readCode(code: string, text: string, at: number): string {
  const max = DIGITS[code];
  if (max === undefined) {
    const pattern = code === 'z' ? ZONE : WORD;
    pattern.lastIndex = at;
    const word = pattern.exec(text)?.[0] ?? '';
    return code === 'p' && !/^[AP]M$/i.test(word) ? '' : word;
  }
  let end = at;
  while (end < at + max && /^\d$/.test(text.charAt(end))) end++;
  return (code === 'Y' && end < at + max) || end === at ? '' : text.slice(at, end);
}

const invalid = (message: string): DomainError =>
  new DomainError('INVALID_DATE_FORMAT', message, 'date_format');
