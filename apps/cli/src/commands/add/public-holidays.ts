import Holidays from 'date-holidays';
import { DomainError } from '#lib/errors';

/** A public holiday: [startMs, endMs) in epoch milliseconds, whole days in the country's own time. */
export interface PublicHoliday {
  name: string;
  startMs: number;
  endMs: number;
}

/**
 * The public holidays of a year, in English where the calendar knows the names.
 * @param code ISO 3166-1 (NL) or ISO 3166-2 (DE-BY), and perhaps a region of it (DE-BY-A)
 * @throws DomainError COUNTRY_UNKNOWN
 */
export function publicHolidays(code: string, year: number): PublicHoliday[] {
  const calendar = calendarOf(code);
  return calendar
    .getHolidays(year)
    .filter(({ type }) => type === 'public')
    .map(({ name, start, end }) => ({ name, startMs: start.getTime(), endMs: end.getTime() }));
}

function calendarOf(code: string): Holidays {
  const known = new Holidays();
  const [country = '', state, region] = code.toUpperCase().split('-');
  const isKnown =
    has(known.getCountries(), country) &&
    (state === undefined || has(known.getStates(country), state)) &&
    (region === undefined || has(known.getRegions(country, state ?? ''), region));
  if (!isKnown) {
    const message = `--country: no holidays are known for '${code}'. Give a code such as NL or DE-BY.`;
    throw new DomainError('COUNTRY_UNKNOWN', message, 'country');
  }
  const options = { languages: 'en' };
  if (state === undefined) return new Holidays(country, options);
  return region === undefined
    ? new Holidays(country, state, options)
    : new Holidays(country, state, region, options);
}

/** The library has no names, but undefined, for parts of a country that has none. */
const has = (names: Record<string, string> | undefined, code: string): boolean =>
  Object.keys(names ?? {}).some((known) => known.toUpperCase() === code);
