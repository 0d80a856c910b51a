import { DomainError } from '#lib/errors';
import { formatInstant } from '#lib/time';
import {
  type Conflict,
  type StepTimeFormat,
  type ConflictingLimit,
  validateSchedule,
  type SiteKpis,
  siteKpis,
  type SiteProblem,
  type SiteSchedule,
  describeConflict,
  describeConflicts,
} from '../model';
import type { FlexWindow } from '../model/flex/flex-fields';

/** A constraint that contradicts another one, in the result of a job. */
export interface JobLimit {
  constraint: string;
  /** The sensor of the device with the constraint; undefined for constraints of the site. */
  sensorId?: number;
  /** MW for a capacity, MWh for a state of charge; undefined if it changes over the period. */
  value?: number;
}

/** Contradicting constraints in the result of a job; see Conflict. */
export interface JobConflict extends JobLimit {
  message: string;
  kind: Conflict['kind'];
  /** ISO 8601: the start of the period, the time of the constraint, and the end of its violation. */
  from: string;
  at: string;
  until: string;
  unit: 'MWh' | 'MW' | 'h';
  wanted: number;
  possible: number;
  needed: number;
  available: number;
  limitedBy: JobLimit[];
}

/** Key figures of a schedule in the result of a job; null if unknown. Energy in MWh, power in MW. */
export interface JobKpis extends Omit<SiteKpis, 'selfConsumption' | 'storages'> {
  selfConsumption: number | null;
  storages: { sensorId: number; chargedMwh: number; dischargedMwh: number; fullCycles: number | null }[];
}

/** Finds the sensor id of a device by its name; undefined for devices without a sensor. */
export type SensorIdOf = (device: string | undefined) => number | undefined;

/** Formats times of steps in the time zone of the window. */
export const createTimeFormat = ({ startMs, stepMs, timezone }: FlexWindow): StepTimeFormat => ({
  stepHours: stepMs / 3_600_000,
  formatTime: (step) => `at ${formatInstant(startMs + step * stepMs, timezone)}`,
});

/** The schedule, with the times in its fallback reason in the time zone of the window. */
export function withLocalTimes(schedule: SiteSchedule, window: FlexWindow): SiteSchedule {
  const { conflicts = [] } = schedule;
  if (conflicts.length === 0) return schedule;
  return { ...schedule, fallbackReason: describeConflicts(conflicts, createTimeFormat(window)) };
}

/**
 * Rejects a schedule that violates its constraints (see validateSchedule).
 * @throws DomainError SCHEDULE_UNSOUND
 */
export function assertFeasible(problem: SiteProblem, schedule: SiteSchedule, window: FlexWindow): void {
  const [first, ...others] = validateSchedule(problem, schedule);
  if (!first) return;
  const { device, rule, step, excess } = first;
  const where = `${device === undefined ? 'the site' : device} ${createTimeFormat(window).formatTime(step)}`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const message = `The computed schedule violates ${rule} of ${where} by ${excess}${more}. It was not stored.`;
  throw new DomainError('SCHEDULE_UNSOUND', message);
}

/** Conflicts for the result of a job. */
export function toJobConflicts(
  conflicts: readonly Conflict[],
  window: FlexWindow,
  sensorIdOf: SensorIdOf,
): JobConflict[] {
  const clock = createTimeFormat(window);
  const time = (step: number) => formatInstant(window.startMs + step * window.stepMs, window.timezone);
  const limitOf = ({ constraint, device, value }: ConflictingLimit): JobLimit => ({
    constraint,
    sensorId: sensorIdOf(device),
    value,
  });
  return conflicts.map((conflict) => {
    const amount = (value: number) => (conflict.kind === 'time' ? value * clock.stepHours : value);
    return {
      ...limitOf(conflict),
      message: describeConflict(conflict, clock),
      kind: conflict.kind,
      from: time(conflict.fromStep),
      at: time(conflict.step),
      until: time(conflict.untilStep),
      unit: conflict.kind === 'time' ? 'h' : conflict.kind === 'power' ? 'MW' : 'MWh',
      wanted: amount(conflict.wanted),
      possible: amount(conflict.nearest),
      needed: amount(conflict.needed),
      available: amount(conflict.available),
      limitedBy: conflict.limitedBy.map(limitOf),
    };
  });
}

/** Key figures for the result of a job. */
export function toJobKpis(
  problem: SiteProblem,
  powers: readonly Float64Array[],
  sensorIdOf: SensorIdOf,
): JobKpis {
  const { storages, selfConsumption, ...figures } = siteKpis(problem, powers);
  return {
    ...figures,
    selfConsumption: numberOrNull(selfConsumption),
    storages: problem.devices.flatMap(({ name }, index) => {
      const sensorId = sensorIdOf(name);
      const storage = storages[index];
      if (!storage || sensorId === undefined) return [];
      return [{ sensorId, ...storage, fullCycles: numberOrNull(storage.fullCycles) }];
    }),
  };
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
