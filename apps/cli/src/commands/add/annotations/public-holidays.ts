import Holidays from 'date-holidays';
import { DomainError } from '#lib/errors';

/** A public holiday: [startMs, endMs) in epoch milliseconds, whole days in the country's time zone. */
export interface PublicHoliday {
  name: string;
  startMs: number;
  endMs: number;
}

/**
 * The public holidays of a year, with English names if available.
 * @param code ISO 3166-1 (NL) or ISO 3166-2 (DE-BY), optionally with a region (DE-BY-A)
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
    hasCode(known.getCountries(), country) &&
    (state === undefined || hasCode(known.getStates(country), state)) &&
    (region === undefined || hasCode(known.getRegions(country, state ?? ''), region));
  if (!isKnown) {
    const message = `--country: '${code}' is not a known country or subdivision. Give a code such as NL or DE-BY.`;
    throw new DomainError('COUNTRY_UNKNOWN', message, '--country');
  }
  const options = { languages: 'en' };
  if (state === undefined) return new Holidays(country, options);
  return region === undefined
    ? new Holidays(country, state, options)
    : new Holidays(country, state, region, options);
}

/** The library returns undefined for the parts of a country without subdivisions. */
const hasCode = (names: Record<string, string> | undefined, code: string): boolean =>
  Object.keys(names ?? {}).some((known) => known.toUpperCase() === code);
