/** At most so many requests in a period. */
export interface RateLimit {
  count: number;
  perS: number;
}

/** What requests for schedules and forecasts are counted against. */
export const TRIGGER_KEYS = ['account', 'account+asset', 'user'] as const;
export type TriggerKey = (typeof TRIGGER_KEYS)[number];

const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

const FORM = /^\s*(\d{1,9})\s*(?:\/|per)\s*(?:(\d{1,4})\s*)?(second|minute|hour|day)s?\s*$/i;

const MAX_PERIOD_S = 7 * 86_400;

/** What is expected, for errors. */
export const RATE_LIMIT_FORM =
  "a limit such as '500 per minute' or '10 per 5 minutes' is expected, or 'unlimited'";

/**
 * Reads a limit such as `500 per minute`, `500/minute` or `10 per 5 minutes`.
 * Periods have at most a week.
 * @returns null for `unlimited`; undefined for any other text
 */
export function parseRateLimit(text: string): RateLimit | null | undefined {
  if (/^\s*unlimited\s*$/i.test(text)) return null;
  const [, count, periods = '1', unit = ''] = FORM.exec(text) ?? [];
  const limit = { count: Number(count), perS: Number(periods) * (SECONDS[unit.toLowerCase()] ?? 0) };
  return limit.count > 0 && limit.perS > 0 && limit.perS <= MAX_PERIOD_S ? limit : undefined;
}

/** A limit for people: `10 per 5 minutes`. */
export function formatRateLimit({ count, perS }: RateLimit): string {
  const [unit, unitS] = Object.entries(SECONDS).findLast(([, seconds]) => perS % seconds === 0)!;
  const periods = perS / unitS;
  return periods === 1 ? `${count} per ${unit}` : `${count} per ${periods} ${unit}s`;
}
