import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import {
  type Conflict,
  type ConflictFormat,
  type ConflictingLimit,
  type LimitReport,
  siteCosts,
  unmanagedPowers,
  validateSchedule,
  type SiteKpis,
  siteKpis,
  type SiteProblem,
  type SiteSchedule,
  describeConflict,
  describeConflicts,
  describeLimit,
} from '../model';
import { getDeviceId, getDeviceName } from '../inputs/site-inputs';
import type { FlexWindow } from '../model/flex/readers/flex-sources';

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

/** The window and the power sensors of a schedule. */
export interface ScheduledSite {
  window: FlexWindow;
  sensors: readonly Sensor[];
  /** Names of groups, of storages that several devices change and of devices without a sensor, by id. */
  names?: ReadonlyMap<string, string>;
  /** Ids of the assets of these, by id. */
  assetIds?: ReadonlyMap<string, number>;
}

/** Formats times in the time zone of the window, and devices by the names of their assets. */
export const createSiteFormat = ({
  window,
  sensors,
  names: given = new Map(),
}: ScheduledSite): ConflictFormat => {
  const { startMs, stepMs, timezone } = window;
  const names = new Map([
    ...given,
    ...sensors.map((one): [string, string] => [getDeviceId(one), getDeviceName(one)]),
  ]);
  return {
    stepHours: stepMs / 3_600_000,
    formatTime: (step) => `at ${formatInstant(startMs + step * stepMs, timezone)}`,
    nameOf: (device) => names.get(device) ?? device,
  };
};

/** The schedule, with its fallback reason in the time zone of the window and with the names of the devices. */
export function describeFallback(schedule: SiteSchedule, site: ScheduledSite): SiteSchedule {
  const { conflicts = [] } = schedule;
  if (conflicts.length === 0) return schedule;
  return { ...schedule, fallbackReason: describeConflicts(conflicts, createSiteFormat(site)) };
}

/** The sensor id of a device; undefined for the site, and for devices without a sensor. */
export function findSensorId(device: string | undefined): number | undefined {
  const id = Number(device);
  return Number.isInteger(id) ? id : undefined;
}

/**
 * Rejects a schedule that violates its constraints (see validateSchedule).
 * @throws DomainError SCHEDULE_UNSOUND
 */
export function assertFeasible(problem: SiteProblem, schedule: SiteSchedule, site: ScheduledSite): void {
  const [first, ...others] = validateSchedule(problem, schedule);
  if (!first) return;
  const { device, rule, step, excess } = first;
  const { formatTime, nameOf } = createSiteFormat(site);
  const where = `${device === undefined ? 'the site' : nameOf!(device)} ${formatTime(step)}`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const message = `The computed schedule violates ${rule} of ${where} by ${excess}${more}. It was not stored.`;
  throw new DomainError('SCHEDULE_UNSOUND', message);
}

/** Conflicts for the result of a job. */
export function toJobConflicts(conflicts: readonly Conflict[], site: ScheduledSite): JobConflict[] {
  const { window } = site;
  const format = createSiteFormat(site);
  const time = (step: number) => formatInstant(window.startMs + step * window.stepMs, window.timezone);
  const limitOf = ({ constraint, device, value }: ConflictingLimit): JobLimit => ({
    constraint,
    sensorId: findSensorId(device),
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

/** Maximum number of moments that a result tells of one limit, and of all limits: the first ones. */
const MAX_MOMENTS = { ofLimit: 1000, ofResult: 20_000 };

/**
 * The limits of an asset and its sensors that a schedule does not keep, or keeps: for each limit, by its field, the moments at which
 * it is exceeded and by how much, or the moment of the smallest margin.
 */
export type JobLimits = { asset: number } & Record<string, unknown>;

/** Limits that a schedule keeps and does not keep, by asset. @param siteId asset of the site */
export function toJobLimits(
  reports: readonly LimitReport[],
  { window, sensors, assetIds = new Map() }: ScheduledSite,
  siteId: number,
): { unresolved: JobLimits[]; resolved: JobLimits[] } {
  const assetOf = new Map([
    ...assetIds,
    ...sensors.map((sensor): [string, number] => [getDeviceId(sensor), sensor.assetId]),
  ]);
  const time = (step: number): string => new Date(window.startMs + step * window.stepMs).toISOString();
  const lists = { unresolved: new Map<number, JobLimits>(), resolved: new Map<number, JobLimits>() };
  let left = MAX_MOMENTS.ofResult;
  for (const { constraint, device, commodity, unit, breaches, closest } of reports) {
    const asset = (device === undefined ? siteId : assetOf.get(device)) ?? siteId;
    const list = closest ? lists.resolved : lists.unresolved;
    const limits = list.get(asset) ?? { asset };
    const field = constraint === 'soc-target' ? 'soc-targets' : constraint;
    const name = commodity === undefined ? field : `${commodity} ${field}`;
    const amount = (value: number): string =>
      `${Number((1000 * value).toFixed(6))} ${unit.replace('M', 'k')}`;
    const told = breaches.slice(0, Math.max(1, Math.min(left, MAX_MOMENTS.ofLimit)));
    left -= told.length;
    const moments = closest
      ? [{ datetime: time(closest.step), margin: amount(closest.amount) }]
      : told.map(({ step, amount: value }) => ({ datetime: time(step), violation: amount(value) }));
    // Devices of the same asset may have the same limit.
    limits[name] = [...((limits[name] ?? []) as object[]), ...moments];
    list.set(asset, limits);
  }
  return { unresolved: [...lists.unresolved.values()], resolved: [...lists.resolved.values()] };
}

/** Sentences about limits that a schedule does not keep, without those that the conflicts of a fallback schedule tell of. */
export function describeBreaches(
  reports: readonly LimitReport[],
  { conflicts = [] }: SiteSchedule,
  site: ScheduledSite,
): string[] {
  const isTold = ({ constraint, device, commodity }: LimitReport): boolean =>
    conflicts.some((one) => one.constraint === constraint && one.device === (device ?? commodity));
  return reports
    .filter((report) => report.breaches.length > 0 && !isTold(report))
    .map((report) => describeLimit(report, createSiteFormat(site)));
}

/** What would happen without schedules, for the result of a job. */
export interface JobWithoutFlexibility {
  /** In the currency of the schedule. */
  cost: number;
  kpis: JobKpis;
}

/** What would happen without schedules; null if that is unknown. */
export function toJobWithoutFlexibility(problem: SiteProblem): JobWithoutFlexibility | null {
  const powers = unmanagedPowers(problem);
  return powers ? { cost: siteCosts(problem, powers).cost, kpis: toJobKpis(problem, powers) } : null;
}

/** Key figures for the result of a job. */
export function toJobKpis(problem: SiteProblem, powers: readonly Float64Array[]): JobKpis {
  const { storages, selfConsumption, ...figures } = siteKpis(problem, powers);
  return {
    ...figures,
    selfConsumption: numberOrNull(selfConsumption),
    storages: problem.devices.flatMap(({ id }, index) => {
      const sensorId = findSensorId(id);
      const storage = storages[index];
      if (!storage || sensorId === undefined) return [];
      return [{ sensorId, ...storage, fullCycles: numberOrNull(storage.fullCycles) }];
    }),
  };
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
