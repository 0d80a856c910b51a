import { formatInstant } from '#lib/time';
import type { SocTarget } from '../..';
import { flexError } from '../flex-error';
import { isInstant, joined, type ValueInterval } from '../values/intervals';
import { parseVariableQuantity } from '../values/variable-quantity';
import type { DueMoment } from '../values/window';
import type { FlexReader } from './flex-reader';
import type { FlexWindow } from './flex-sources';
import { isAbove, type QuantityOptions, toNumber } from './quantity-number';
import { readStateAtStart } from './state-reader';

/** States of charge of a storage, in MWh. */
export interface StorageSoc {
  socAtStartMwh: number;
  socMinMwh: number;
  socMaxMwh: number;
  socTargets: SocTarget[];
  /** At the end of each step, NaN without a limit; undefined without any limits. */
  socMinimaMwh?: Float64Array;
  socMaximaMwh?: Float64Array;
}

/** A target for each step of the longest schedule, and as many again for overlaps. */
const MAX_TARGETS = 100_000;

/**
 * Reads the fields `soc-*` of a storage. Numbers without a unit are in `soc-unit`; 100 % is the attribute
 * max_soc_in_mwh.
 * @param socUnit unit of numbers if there is no `soc-unit`
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export async function readSoc(reader: FlexReader<'flex-model'>, socUnit: string): Promise<StorageSoc> {
  const options = socOptions(reader, socUnit);
  const socTargets = await readTargets(reader, options);
  const highestTarget = socTargets.reduce((highest, { socMwh }) => Math.max(highest, socMwh), -Infinity);
  const fromTargets = reader.isUnread('soc-targets') ? NaN : highestTarget;
  const socMaxMwh = reader.fixed('soc-max', options) ?? fromTargets;
  if (socMaxMwh === -Infinity) {
    throw flexError('soc-max', 'needed, because there is neither an attribute max_soc_in_mwh nor a target.');
  }
  const given = reader.fixed('soc-at-start', options);
  const soc: StorageSoc = {
    socAtStartMwh: given ?? (await readStateAtStart(reader, options)) ?? storedSoc(reader),
    socMinMwh: reader.fixed('soc-min', options) ?? 0,
    socMaxMwh,
    socTargets,
    socMinimaMwh: await readAtEnds(reader, 'soc-minima', options),
    socMaximaMwh: await readAtEnds(reader, 'soc-maxima', options),
  };
  warnOfContradictions(reader, soc);
  return withinBounds(soc);
}

/** States of charge within soc-min and soc-max. A target below soc-min is soc-min, as no schedule goes further down. */
function withinBounds(soc: StorageSoc): StorageSoc {
  const { socMinMwh, socMaxMwh, socTargets } = soc;
  if (isAbove(socMinMwh, socMaxMwh))
    throw flexError('soc-min', `${socMinMwh} MWh is above soc-max (${socMaxMwh} MWh).`);
  const tooHigh = socTargets.find(({ socMwh }) => isAbove(socMwh, socMaxMwh));
  if (tooHigh) throw flexError('soc-targets', `${tooHigh.socMwh} MWh is above soc-max (${socMaxMwh} MWh).`);
  const lowestMwh = socMinMwh > socMaxMwh ? socMaxMwh : socMinMwh;
  const limited = (mwh: number) => (mwh > socMaxMwh ? socMaxMwh : mwh < lowestMwh ? lowestMwh : mwh);
  const targets = socTargets.map(({ step, socMwh }) => ({ step, socMwh: limited(socMwh) }));
  return { ...soc, socMinMwh: lowestMwh, socTargets: targets };
}

/** Tells of targets that contradict minima or maxima at the same instant, which they replace there, or soc-min. */
function warnOfContradictions(
  { sources: { window, warn } }: FlexReader<'flex-model'>,
  { socTargets, socMinMwh, socMinimaMwh, socMaximaMwh }: StorageSoc,
): void {
  const warnOf = (
    name: string,
    limitAt: (step: number) => number,
    used: string,
    isBroken: typeof isAbove,
  ) => {
    const broken = socTargets.filter(({ step, socMwh }) => isBroken(socMwh, limitAt(step)));
    const [first] = broken;
    if (!first) return;
    const time = formatInstant(window.startMs + first.step * window.stepMs, window.timezone);
    const others = broken.length > 1 ? `, and at ${broken.length - 1} later step(s)` : '';
    const target = `soc-targets: ${first.socMwh} MWh at ${time}`;
    warn(`${target} contradicts ${name} ${limitAt(first.step)} MWh${others}: ${used} was used.`);
  };
  const isBelow = (target: number, minimum: number): boolean => isAbove(minimum, target);
  warnOf('soc-min', () => socMinMwh, 'soc-min', isBelow);
  if (socMinimaMwh) warnOf('soc-minima', (step) => socMinimaMwh[step - 1]!, 'the target', isBelow);
  if (socMaximaMwh) warnOf('soc-maxima', (step) => socMaximaMwh[step - 1]!, 'the target', isAbove);
}

function socOptions(reader: FlexReader<'flex-model'>, socUnit: string): QuantityOptions {
  const defaultUnit = reader.raw('soc-unit') ?? socUnit;
  if (defaultUnit !== 'kWh' && defaultUnit !== 'MWh') throw flexError('soc-unit', 'must be kWh or MWh.');
  const attribute = reader.attributes['max_soc_in_mwh'];
  const full = attribute ?? reader.raw('soc-max');
  const isPercentage = typeof full === 'string' && full.includes('%');
  if ((typeof full !== 'number' && typeof full !== 'string') || isPercentage) return { defaultUnit };
  const unit = typeof attribute === 'number' ? 'MWh' : defaultUnit;
  return { defaultUnit, capacity: `${toNumber(String(full), 'soc-max', 'MWh', { defaultUnit: unit })} MWh` };
}

/** The state of charge that attributes give for the very start of the schedule, else 0. */
function storedSoc(reader: FlexReader<'flex-model'>): number {
  const { soc_datetime: time, soc_in_mwh: soc } = reader.attributes;
  const isCurrent = typeof time === 'string' && Date.parse(time) === reader.sources.window.startMs;
  if (!isCurrent || typeof soc !== 'number') return 0;
  return reader.toRange('soc-at-start', Float64Array.of(soc))[0]!;
}

/**
 * Targets by step. Those of a series stay separate, so that contradicting ones can be reported. Of several values of a
 * sensor at the end of a step, the latest is the target.
 */
async function readTargets(reader: FlexReader<'flex-model'>, options: QuantityOptions): Promise<SocTarget[]> {
  const quantity = reader.quantity('soc-targets');
  if (!quantity) return [];
  const { window } = reader.sources;
  const intervals = await reader.intervalsOf(quantity, 'soc-targets', 'MWh', options);
  const targets: SocTarget[] = [];
  for (const interval of quantity.kind === 'sensor' ? joined(intervals) : intervals) {
    const { first, last } = endsOfSteps(interval, window);
    for (let step = first; step <= last; step++) targets.push({ step, socMwh: interval.value });
    if (targets.length <= MAX_TARGETS) continue;
    const reason = `with overlaps, these are targets for more than ${MAX_TARGETS} steps.`;
    throw flexError('soc-targets', reason);
  }
  const inRange = reader.toRange(
    'soc-targets',
    Float64Array.from(targets, ({ socMwh }) => socMwh),
  );
  targets.forEach((target, i) => (target.socMwh = inRange[i]!));
  if (quantity.kind !== 'sensor') return targets;
  return [...new Map(targets.map((target) => [target.step, target])).values()];
}

/**
 * States of charge at the ends of steps, in MWh, NaN where there is none. A minimum or maximum for some moments is no
 * limit for others, so gaps of a sensor stay gaps; those of a sensor that records intervals are told.
 */
async function readAtEnds(
  reader: FlexReader<'flex-model'>,
  name: 'soc-minima' | 'soc-maxima',
  options: QuantityOptions,
): Promise<Float64Array | undefined> {
  const quantity = reader.quantity(name);
  if (!quantity) return undefined;
  const atEnds = { ...options, atEnds: true };
  const series = await reader.series(name, { ...atEnds, keepGaps: true });
  if (quantity.kind !== 'sensor' || reader.sources.isCheck) return series;
  const unknown = series!.filter(Number.isNaN).length;
  const areInstants = (await reader.intervalsOf(quantity, name, 'MWh', options)).every(isInstant);
  if (unknown === series!.length || (unknown > 0 && !areInstants)) {
    const limit = name === 'soc-minima' ? 'soc-min' : 'soc-max';
    const where = `in ${unknown} of ${series!.length} steps`;
    reader.sources.warn(
      `No values of ${name} (sensor ${quantity.sensorId}) known ${where}: ${limit} holds there.`,
    );
  }
  return series;
}

/**
 * The first and last step at whose ends a target holds, counted from 1; none if the last is below the first. An instant
 * holds at the end of the step that contains it, an interval at the ends of steps from its start to its end.
 */
function endsOfSteps({ startMs: fromMs, endMs: toMs }: ValueInterval, window: FlexWindow) {
  const { startMs, stepMs, steps } = window;
  const first = Math.max(1, Math.ceil((fromMs - startMs) / stepMs));
  const lastWhole = Math.floor((toMs - startMs) / stepMs);
  return { first, last: Math.min(steps, Math.max(lastWhole, fromMs > startMs ? first : 0)) };
}

/**
 * When the targets of a flex-model are due; a schedule lasts until the last of them.
 * @param raw value of the field `soc-targets`
 * @param field its path, for errors
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function findDueTargets(raw: unknown, field: string, timezone: string): DueMoment[] {
  if (raw === undefined || raw === null) return [];
  const targets = parseVariableQuantity(raw, field, timezone);
  if (targets.kind !== 'series') return [];
  return targets.entries.map(({ startMs, endMs }) => ({
    field,
    datetimeMs: endMs,
    ...(startMs < endMs ? { fromMs: startMs } : {}),
  }));
}
