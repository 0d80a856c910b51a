import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import {
  type Conflict,
  type ConflictFormat,
  type ConflictingLimit,
  validateSchedule,
  type SiteKpis,
  siteKpis,
  type SiteProblem,
  type SiteSchedule,
  describeConflict,
  describeConflicts,
} from '../model';
import { deviceIdOf, deviceNameOf } from '../inputs/site-inputs';
import type { FlexWindow } from '../model/flex/readers/flex-reader';

/** A constraint that stands against another one, as jobs tell it. */
export interface LimitOfJob {
  constraint: string;
  /** The sensor of the device whose constraint it is; not given for the site's. */
  sensorId?: number;
  /** MW of a capacity, MWh of a state of charge; not given where it changes over the time in question. */
  value?: number;
}

/** Constraints that cannot all be kept, as jobs tell it; see Conflict. */
export interface ConflictOfJob extends LimitOfJob {
  message: string;
  kind: Conflict['kind'];
  /** ISO 8601: when the time in question begins, when the constraint is due, and until when it stays missed. */
  from: string;
  at: string;
  until: string;
  unit: 'MWh' | 'MW' | 'h';
  wanted: number;
  possible: number;
  needed: number;
  available: number;
  limitedBy: LimitOfJob[];
}

/** Figures to judge a schedule by, as jobs tell them: null where there is nothing to tell. Energy in MWh, power in MW. */
export interface KpisOfJob extends Omit<SiteKpis, 'selfConsumption' | 'storages'> {
  selfConsumption: number | null;
  storages: { sensorId: number; chargedMwh: number; dischargedMwh: number; fullCycles: number | null }[];
}

/** The window and the power sensors that a schedule is about. */
export interface ScheduledSite {
  window: FlexWindow;
  sensors: readonly Sensor[];
}

/** Writes times on the clock of the window's zone, and devices by the names of their assets. */
export const siteFormat = ({ window, sensors }: ScheduledSite): ConflictFormat => {
  const { startMs, stepMs, timezone } = window;
  const names = new Map(sensors.map((one) => [deviceIdOf(one), deviceNameOf(one)]));
  return {
    stepHours: stepMs / 3_600_000,
    formatTime: (step) => `at ${formatInstant(startMs + step * stepMs, timezone)}`,
    nameOf: (device) => names.get(device) ?? device,
  };
};

/** The schedule with its reason for being a fallback in the words of `siteFormat`. */
export function describeFallback(schedule: SiteSchedule, site: ScheduledSite): SiteSchedule {
  const { conflicts = [] } = schedule;
  if (conflicts.length === 0) return schedule;
  return { ...schedule, fallbackReason: describeConflicts(conflicts, siteFormat(site)) };
}

/** The sensor id of a device; undefined for the site, and for devices without a sensor. */
export function sensorIdOf(device: string | undefined): number | undefined {
  const id = Number(device);
  return Number.isInteger(id) ? id : undefined;
}

/**
 * Refuses a schedule that violates its constraints (see validateSchedule).
 * @throws DomainError SCHEDULE_UNSOUND
 */
export function assertFeasible(problem: SiteProblem, schedule: SiteSchedule, site: ScheduledSite): void {
  const [first, ...others] = validateSchedule(problem, schedule);
  if (!first) return;
  const { device, rule, step, excess } = first;
  const { formatTime, nameOf } = siteFormat(site);
  const where = `${device === undefined ? 'the site' : nameOf!(device)} ${formatTime(step)}`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const message = `The computed schedule breaks ${rule} of ${where} by ${excess}${more}, so it was not stored.`;
  throw new DomainError('SCHEDULE_UNSOUND', message);
}

/** Conflicts as they are kept with a job. */
export function conflictsOfJob(conflicts: readonly Conflict[], site: ScheduledSite): ConflictOfJob[] {
  const { window } = site;
  const format = siteFormat(site);
  const time = (step: number) => formatInstant(window.startMs + step * window.stepMs, window.timezone);
  const limitOf = ({ constraint, device, value }: ConflictingLimit): LimitOfJob => ({
    constraint,
    sensorId: sensorIdOf(device),
    value,
  });
  return conflicts.map((conflict) => {
    const amount = (value: number) => (conflict.kind === 'time' ? value * format.stepHours : value);
    return {
      ...limitOf(conflict),
      message: describeConflict(conflict, format),
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

/** Figures as they are kept with a job. */
export function kpisOfJob(problem: SiteProblem, powers: readonly Float64Array[]): KpisOfJob {
  const { storages, selfConsumption, ...figures } = siteKpis(problem, powers);
  return {
    ...figures,
    selfConsumption: numberOrNull(selfConsumption),
    storages: problem.devices.flatMap(({ id }, index) => {
      const sensorId = sensorIdOf(id);
      const storage = storages[index];
      if (!storage || sensorId === undefined) return [];
      return [{ sensorId, ...storage, fullCycles: numberOrNull(storage.fullCycles) }];
    }),
  };
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
