import type { Job } from '#lib/queues';
import { SCHEDULE_JOB, type JobKpis, type ScheduleJobResult } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import { forecastContent } from './forecast-content';
import { toFailureReason } from '../../v3/jobs/job-responses';
import { shownNumber } from '../graphs/latest-values.service';
import { durationInWords, timeInWords } from '../frame/words';

/** A name and its text. */
type Fact = [name: string, text: string];

const STATES: Record<Job['state'], string> = {
  queued: 'waits for its turn',
  started: 'is being computed',
  finished: 'is finished',
  failed: 'failed',
};

/** How often the page of a job that is not finished looks for news, in seconds. */
const RELOAD_S = 1;

/** What the page of a job shows. @param sensors those of its devices */
export function jobContent(job: Job, sensors: readonly Sensor[]) {
  const isSchedule = job.kind === SCHEDULE_JOB;
  const zone = sensors[0]?.timezone ?? 'UTC';
  const isOpen = job.state === 'queued' || job.state === 'started';
  const result = isSchedule && job.state === 'finished' ? (job.result as StoredResult) : undefined;
  return {
    title: `${isSchedule ? 'Schedule' : 'Forecast'} of ${sensors.map(({ asset }) => asset.name).join(', ') || 'deleted sensors'}`,
    id: job.id,
    state: job.state,
    sentence: `The ${isSchedule ? 'schedule' : 'forecast'} ${STATES[job.state]}.`,
    reload_s: isOpen ? RELOAD_S : undefined,
    failure: job.failureReason === null ? undefined : toFailureReason(job.failureReason),
    times: timesOf(job, zone),
    sensors: sensors.map(({ id, name, asset }) => ({ id, name, asset: { id: asset.id, name: asset.name } })),
    is_forecast: !isSchedule,
    ...(result && resultContent(result, zone)),
    ...(!isSchedule && job.state === 'finished' && job.result !== null && forecastContent(job, zone)),
  };
}

function timesOf({ createdAt, startedAt, endedAt }: Job, zone: string): Fact[] {
  const show = (name: string, time: Date | null): Fact[] =>
    time ? [[name, timeInWords(formatInstant(Math.floor(time.getTime() / 1000) * 1000, zone))]] : [];
  return [...show('Asked for', createdAt), ...show('Started', startedAt), ...show('Ended', endedAt)];
}

/** Jobs of earlier versions lack the fields that were added later. */
type StoredResult = Omit<ScheduleJobResult, Added> & Partial<Pick<ScheduleJobResult, Added>>;
type Added = 'conflicts' | 'kpis';

function resultContent(result: StoredResult, zone: string) {
  const { start, steps, stepMs, cost, currency, commitments, gap } = result;
  const startMs = Date.parse(start);
  const dayOf = (ms: number): string => formatInstant(ms, zone).slice(0, 10);
  return {
    window: { first: dayOf(startMs), last: dayOf(startMs + steps * stepMs - 1) },
    facts: [
      [
        'Period',
        `${timeInWords(formatInstant(startMs, zone))}, ${durationInWords(steps * stepMs)} in steps of ${durationInWords(stepMs)}`,
      ],
      ...moneyFacts(cost, currency, gap),
      ...(result.kpis ? kpiFacts(result.kpis) : []),
    ] satisfies Fact[],
    commitments: commitments.map(({ commitment, cost: part }) => ({
      name: commitment,
      cost: currency === null ? shownNumber(part) : `${shownNumber(part)} ${currency}`,
    })),
    fallback: result.fallbackReason,
    conflicts: (result.conflicts ?? []).map(({ message }) => message),
    not_kept: (result.unresolved ?? []).flatMap(({ asset, ...limits }) =>
      Object.keys(limits).map((limit) => ({ asset, limit })),
    ),
    warnings: result.warnings,
  };
}

function moneyFacts(cost: number | null, currency: string | null, gap: number | null): Fact[] {
  if (cost === null) return [];
  const money = (amount: number): string => [shownNumber(amount), currency].filter(Boolean).join(' ');
  const facts: Fact[] = [cost < 0 ? ['Earns', money(-cost)] : ['Costs', money(cost)]];
  if (gap !== null && gap > 0) facts.push(['At most cheaper by', money(gap)]);
  return facts;
}

function kpiFacts(kpis: JobKpis): Fact[] {
  const { consumedMwh, producedMwh, peakConsumptionMw, peakProductionMw, selfConsumption, storages } = kpis;
  const storageFacts = storages.flatMap(({ chargedMwh, dischargedMwh, fullCycles }): Fact[] => [
    ['Charged and discharged', `${energy(chargedMwh)} and ${energy(dischargedMwh)}`],
    ...(fullCycles === null ? [] : ([['Full cycles', shownNumber(fullCycles)]] as Fact[])),
  ]);
  return [
    ['Taken from the grid', `${energy(consumedMwh)}, at most ${power(peakConsumptionMw)}`],
    ['Fed into the grid', `${energy(producedMwh)}, at most ${power(peakProductionMw)}`],
    ...(selfConsumption === null
      ? []
      : ([['Own use of production', `${Math.round(selfConsumption * 100)} %`]] as Fact[])),
    ...storageFacts,
  ];
}

const energy = (mwh: number): string => inSmallerUnit(mwh, 'MWh', 'kWh');
const power = (mw: number): string => inSmallerUnit(mw, 'MW', 'kW');

const inSmallerUnit = (value: number, large: string, small: string): string =>
  Math.abs(value) >= 1 || value === 0
    ? `${shownNumber(value)} ${large}`
    : `${shownNumber(value * 1000)} ${small}`;
