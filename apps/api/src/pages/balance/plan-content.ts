import type { EventSeries } from '#lib/beliefs';
import type { Job } from '#lib/queues';
import type { ScheduleJobResult } from '#lib/scheduling';
import { formatInstant } from '#lib/time';
import { timeInWords } from '../frame/words';

/** Shares of a stock from which on it counts as full or empty. */
const NEARLY = 0.005;

/** What limits of schedules are called. */
const LIMIT_NAMES: Record<string, string> = {
  'soc-targets': 'targets of the state of charge',
  'soc-minima': 'minima of the state of charge',
  'soc-maxima': 'maxima of the state of charge',
};

/** What a page shows of the newest plan of an asset. @param zone of the times */
export function planContent(job: Job, assetId: number, zone: string) {
  const result = job.result as ScheduleJobResult;
  const { start, steps, stepMs, cost, currency, beliefTime, warnings, fallbackReason } = result;
  const limitsIn = (lists: ScheduleJobResult['resolved']): string[] =>
    (lists ?? [])
      .filter(({ asset }) => asset === assetId)
      .flatMap(({ asset: _, ...limits }) => Object.keys(limits).map((name) => LIMIT_NAMES[name] ?? name));
  return {
    path: `/jobs/${job.id}`,
    is_of_site: result.sensorIds.length > 1,
    until: moment(Date.parse(start) + steps * stepMs, zone),
    made: moment(Date.parse(beliefTime), zone),
    made_at: beliefTime,
    money: cost === null || currency === null ? undefined : moneyInWords(cost, currency),
    kept: limitsIn(result.resolved),
    not_kept: limitsIn(result.unresolved),
    warnings: fallbackReason === undefined ? warnings : [fallbackReason, ...warnings],
  };
}

/** When a storage will be full and empty, in sentences. @param planned states of charge */
export function stocksInWords(
  { eventStarts, values }: EventSeries,
  { min, max }: { min?: number; max?: number },
  zone: string,
): string[] {
  if (min === undefined || max === undefined || max <= min) return [];
  const margin = NEARLY * (max - min);
  const first = (isReached: (value: number) => boolean): number | undefined => {
    const index = values.findIndex(isReached);
    return index < 0 ? undefined : eventStarts[index];
  };
  const wasFull = values.length > 0 && values[0]! >= max - margin;
  const full = first((value) => value >= max - margin);
  const empty = first((value) => value <= min + margin);
  return [
    ...(full === undefined ? [] : [wasFull ? 'full now' : `full ${moment(full, zone)}`]),
    ...(empty === undefined ? [] : [`empty ${moment(empty, zone)}`]),
  ];
}

const moneyInWords = (cost: number, currency: string): string =>
  cost < 0 ? `earns ${(-cost).toFixed(2)} ${currency}` : `costs ${cost.toFixed(2)} ${currency}`;

/** A moment on the clock of a zone: "2026-03-04 07:00". */
const moment = (ms: number, zone: string): string =>
  timeInWords(formatInstant(Math.floor(ms / 1000) * 1000, zone)).slice(0, 16);
