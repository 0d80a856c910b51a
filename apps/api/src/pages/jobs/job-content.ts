import type { Job } from '#lib/queues';
import { SCHEDULE_JOB, type ScheduleJob, type ScheduleJobResult } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import { forecastContent } from './forecast-content';
import { toFailureReason } from '../../v3/jobs/job-responses';
import { timeInWords } from '../frame/words';
import { planContent, type Fact, type PlanBefore, type PlanOutcome } from '../plans/plan-content';
import type { PlanPeriod } from '../plans/plan-picture';

const STATES: Record<Job['state'], string> = {
  queued: 'waits for its turn',
  started: 'is being computed',
  finished: 'is finished',
  failed: 'failed',
};

/** How often the page of a job that is not finished looks for news, in seconds. */
const RELOAD_S = 1;

/**
 * What the page of a job shows.
 * @param sensors those of its devices
 * @param before the schedule of these devices before it
 */
export function jobContent(job: Job, sensors: readonly Sensor[], before?: Job) {
  const isSchedule = job.kind === SCHEDULE_JOB;
  const zone = sensors[0]?.timezone ?? 'UTC';
  const isOpen = job.state === 'queued' || job.state === 'started';
  const plan = isSchedule && job.state === 'finished' ? planOf(job, zone) : undefined;
  return {
    title: `${isSchedule ? 'Schedule' : 'Forecast'} of ${sensors.map(({ asset }) => asset.name).join(', ') || 'deleted sensors'}`,
    id: job.id,
    state: job.state,
    sentence: `The ${isSchedule ? 'schedule' : 'forecast'} ${STATES[job.state]}.`,
    reload_s: isOpen ? RELOAD_S : undefined,
    failure: job.failureReason === null ? undefined : toFailureReason(job.failureReason),
    times: timesOf(job, zone),
    sensors: sensors.map(({ id, name, asset }) => ({ id, name, asset: { id: asset.id, name: asset.name } })),
    again: isSchedule && job.state === 'failed' ? formPathOf(job) : undefined,
    plan: plan && planContent(plan.outcome, plan.period, sensors, before && planOf(before, zone)),
    forecast:
      !isSchedule && job.state === 'finished' && job.result !== null ? forecastContent(job, zone) : undefined,
    is_forecast: !isSchedule,
  };
}

function timesOf({ createdAt, startedAt, endedAt }: Job, zone: string): Fact[] {
  const show = (name: string, time: Date | null): Fact[] =>
    time ? [[name, timeInWords(formatInstant(Math.floor(time.getTime() / 1000) * 1000, zone))]] : [];
  return [...show('Asked for', createdAt), ...show('Started', startedAt), ...show('Ended', endedAt)];
}

/** Path of the form with which a person asks for such a schedule. */
function formPathOf({ payload }: Job): string | undefined {
  const { assetId, flexModel = [] } = payload as Partial<ScheduleJob>;
  const [device] = flexModel;
  if (assetId !== undefined) return `/assets/${assetId}/schedule`;
  return device && `/sensors/${device.sensor}/schedule`;
}

/** The plan of a finished schedule. */
function planOf({ id, result }: Job, timezone: string): PlanBefore {
  const { start, steps, stepMs, ...outcome } = result as PlanOutcome &
    Pick<ScheduleJobResult, 'start' | 'steps' | 'stepMs'>;
  const period: PlanPeriod = { startMs: Date.parse(start), stepMs, steps, timezone };
  return { outcome, period, path: `/jobs/${id}` };
}
