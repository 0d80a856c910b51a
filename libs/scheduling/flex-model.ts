import type { Attributes } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { addDuration, formatInstant, type Duration } from '#lib/time';
import { quantityTo } from '#lib/units';
import type { SocTarget } from './model';

/** A quantity as users write it: "50%", "225 kWh", or a number in the unit of state of charge. */
export type Quantity = string | number;

/** What a storage device can do, as users describe it; missing parts come from attributes. */
export interface StorageFlexModel {
  socAtStart?: Quantity;
  /** Unit of states of charge without one: kWh or MWh. */
  socUnit?: string;
  socMin?: Quantity;
  socMax?: Quantity;
  socTargets?: { value: Quantity; datetimeMs: number }[];
  roundtripEfficiency?: Quantity;
  preferChargingSooner?: boolean;
}

/** The state of charge of a device over a window, in MWh, checked. */
export interface StorageState {
  socAtStartMwh: number;
  socMinMwh: number;
  socMaxMwh: number;
  socTargets: { socMwh: number; datetimeMs: number }[];
  roundtripEfficiency: number;
  preferChargingSooner: boolean;
}

const invalid = (field: string, message: string): DomainError =>
  new DomainError('FLEX_MODEL_INVALID', `${field}: ${message}`, field);

/**
 * Completes a flex-model from attributes and turns it into numbers.
 * @param startMs start of the schedule, for the state of charge that is stored with its time
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function resolveFlexModel(
  flexModel: StorageFlexModel,
  attributes: Attributes,
  startMs: number,
): StorageState {
  const capacityMwh = numericAttribute(attributes, 'max_soc_in_mwh');
  const inMwh = (value: Quantity, field: string): number =>
    socToMwh(value, field, flexModel.socUnit ?? 'MWh', capacityMwh);
  const socTargets = (flexModel.socTargets ?? []).map(({ value, datetimeMs }) => ({
    socMwh: inMwh(value, 'soc-targets'),
    datetimeMs,
  }));
  const socMaxMwh =
    flexModel.socMax === undefined
      ? (capacityMwh ?? highestTarget(socTargets))
      : inMwh(flexModel.socMax, 'soc-max');
  const socMinMwh =
    flexModel.socMin === undefined
      ? (numericAttribute(attributes, 'min_soc_in_mwh') ?? 0)
      : inMwh(flexModel.socMin, 'soc-min');
  const state = {
    socAtStartMwh:
      flexModel.socAtStart === undefined
        ? storedSoc(attributes, startMs)
        : inMwh(flexModel.socAtStart, 'soc-at-start'),
    socMinMwh,
    socMaxMwh,
    socTargets,
    roundtripEfficiency: resolveEfficiency(
      flexModel.roundtripEfficiency ?? attributes['roundtrip_efficiency'],
    ),
    preferChargingSooner: flexModel.preferChargingSooner ?? true,
  };
  checkState(state);
  return state;
}

function checkState({ socAtStartMwh, socMinMwh, socMaxMwh, socTargets }: StorageState): void {
  if (socAtStartMwh < 0) throw invalid('soc-at-start', 'a state of charge is not negative.');
  if (socMinMwh < 0) throw invalid('soc-min', 'a state of charge is not negative.');
  if (socMinMwh > socMaxMwh)
    throw invalid('soc-min', `${socMinMwh} MWh is above soc-max (${socMaxMwh} MWh).`);
  for (const { socMwh } of socTargets) {
    if (socMwh > socMaxMwh)
      throw invalid('soc-targets', `${socMwh} MWh is above soc-max (${socMaxMwh} MWh).`);
    if (socMwh < 0) throw invalid('soc-targets', 'a state of charge is not negative.');
  }
}

function highestTarget(targets: { socMwh: number }[]): number {
  if (targets.length === 0) {
    throw invalid('soc-max', 'needed, because there is neither an attribute max_soc_in_mwh nor a target.');
  }
  return Math.max(...targets.map(({ socMwh }) => socMwh));
}

function socToMwh(value: Quantity, field: string, unit: string, capacityMwh: number | undefined): number {
  const capacity = capacityMwh === undefined ? undefined : `${capacityMwh} MWh`;
  if (typeof value === 'string' && value.includes('%') && capacity === undefined) {
    throw invalid(field, `${value} needs the attribute max_soc_in_mwh, which tells what 100% is.`);
  }
  try {
    return quantityTo(String(value), 'MWh', { capacity, defaultUnit: unit });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(field, `Not a valid number or quantity of energy: ${reason}`);
  }
}

/** The state of charge that was stored for exactly this moment, else 0. */
function storedSoc(attributes: Attributes, startMs: number): number {
  const time = attributes['soc_datetime'];
  const isCurrent = typeof time === 'string' && Date.parse(time) === startMs;
  return isCurrent ? (numericAttribute(attributes, 'soc_in_mwh') ?? 0) : 0;
}

function resolveEfficiency(value: unknown): number {
  if (value === undefined || value === null) return 1;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*$/.exec(text);
  const efficiency = match ? Number(match[1]) / (match[2] === '%' ? 100 : 1) : NaN;
  if (efficiency > 0 && efficiency <= 1) return efficiency;
  throw invalid('roundtrip-efficiency', 'Must be greater than 0 and less than or equal to 1.');
}

/**
 * A number among the attributes.
 * @throws DomainError ATTRIBUTE_INVALID when it is there but not a number
 */
export function numericAttribute(attributes: Attributes, name: string): number | undefined {
  const value = attributes[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new DomainError('ATTRIBUTE_INVALID', `Attribute ${name} is not a number.`, name);
}

/** A schedule's window in steps of the sensor's resolution. */
export interface ScheduleWindow {
  startMs: number;
  stepMs: number;
  steps: number;
}

export interface WindowRequest {
  startMs: number;
  /** Length; the default horizon when not given. */
  duration?: Duration;
  stepMs: number;
  timezone: string;
  targets: StorageState['socTargets'];
  planningHorizonMs: number;
  maxPlanningHorizonMs: number | null;
}

/**
 * The window to schedule: the duration asked for or the default, extended to the last target; the start moved down
 * and targets up to the sensor's steps.
 * @throws DomainError INVALID_DURATION, FLEX_MODEL_INVALID for targets outside of what may be planned
 */
export function resolveWindow(request: WindowRequest): {
  window: ScheduleWindow;
  targets: SocTarget[];
  notes: string[];
} {
  const { stepMs, timezone, maxPlanningHorizonMs } = request;
  const notes: string[] = [];
  const startMs = Math.floor(request.startMs / stepMs) * stepMs;
  if (startMs !== request.startMs) {
    notes.push(`The start was moved to ${formatInstant(startMs, timezone)}, the start of the sensor's step.`);
  }
  const latestMs = maxPlanningHorizonMs === null ? Infinity : startMs + maxPlanningHorizonMs;
  const askedMs = request.duration && addDuration(startMs, request.duration, timezone);
  if (askedMs !== undefined && (askedMs <= startMs || askedMs > latestMs)) {
    const message =
      askedMs <= startMs
        ? 'duration: a schedule has a positive duration.'
        : `duration: schedules reach at most ${(latestMs - startMs) / 3_600_000} hours ahead.`;
    throw new DomainError('INVALID_DURATION', message, 'duration');
  }
  let endMs = askedMs ?? Math.min(startMs + request.planningHorizonMs, latestMs);
  endMs = startMs + Math.ceil((endMs - startMs) / stepMs) * stepMs;
  const targets = request.targets.map(({ socMwh, datetimeMs }) => {
    checkTargetTime(datetimeMs, startMs, latestMs, timezone);
    const step = Math.ceil((datetimeMs - startMs) / stepMs);
    const dueMs = startMs + step * stepMs;
    if (dueMs !== datetimeMs) {
      notes.push(`The target of ${formatInstant(datetimeMs, timezone)} was moved to the end of its step.`);
    }
    endMs = Math.max(endMs, dueMs);
    return { step, socMwh };
  });
  return { window: { startMs, stepMs, steps: Math.round((endMs - startMs) / stepMs) }, targets, notes };
}

function checkTargetTime(datetimeMs: number, startMs: number, latestMs: number, timezone: string): void {
  const time = formatInstant(datetimeMs, timezone);
  if (datetimeMs <= startMs)
    throw invalid('soc-targets', `${time} does not lie after the start of the schedule.`);
  if (datetimeMs > latestMs)
    throw invalid('soc-targets', `${time} lies beyond the maximum planning horizon.`);
}
