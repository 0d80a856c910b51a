import type { SocTarget } from '..';
import { seriesOfEntries } from './entries-series';
import { flexError } from './flex-error';
import { type FlexFields, type FlexWindow, type ReadOptions, toNumber } from './flex-fields';
import { parseVariableQuantity, type QuantityEntry } from './variable-quantity';
import type { DueMoment } from './window';

/** States of charge of a storage, in MWh. */
export interface SocFields {
  socAtStartMwh: number;
  socMinMwh: number;
  socMaxMwh: number;
  socTargets: SocTarget[];
  /** At the end of each step, NaN where there is none; undefined when there are none at all. */
  socMinimaMwh?: Float64Array;
  socMaximaMwh?: Float64Array;
}

/** A target for each step of the longest schedule, and as many again for overlaps. */
const MAX_TARGETS = 100_000;

/**
 * Reads states of charge; numbers without a unit are in `soc-unit`, and 100 % is the attribute max_soc_in_mwh.
 * @param socUnit unit of numbers where the user gives none
 */
export async function readSoc(fields: FlexFields, socUnit: string): Promise<SocFields> {
  const options = socOptions(fields, socUnit);
  const socTargets = await readTargets(fields, options);
  const highestTarget = socTargets.reduce((highest, { socMwh }) => Math.max(highest, socMwh), -Infinity);
  const socMaxMwh = fields.fixed('soc-max', 'MWh', options) ?? highestTarget;
  if (socMaxMwh === -Infinity) {
    throw flexError('soc-max', 'needed, because there is neither an attribute max_soc_in_mwh nor a target.');
  }
  const soc: SocFields = {
    socAtStartMwh: fields.has('soc-at-start')
      ? fields.fixed('soc-at-start', 'MWh', options)!
      : storedSoc(fields),
    socMinMwh: fields.fixed('soc-min', 'MWh', options) ?? 0,
    socMaxMwh,
    socTargets,
    socMinimaMwh: await readInstants(fields, 'soc-minima', { ...options, precedence: 'highest' }),
    socMaximaMwh: await readInstants(fields, 'soc-maxima', { ...options, precedence: 'lowest' }),
  };
  checkSoc(soc);
  return soc;
}

function checkSoc({ socAtStartMwh, socMinMwh, socMaxMwh, socTargets }: SocFields): void {
  if (socAtStartMwh < 0) throw flexError('soc-at-start', 'a state of charge is not negative.');
  if (socMinMwh < 0) throw flexError('soc-min', 'a state of charge is not negative.');
  if (socMinMwh > socMaxMwh)
    throw flexError('soc-min', `${socMinMwh} MWh is above soc-max (${socMaxMwh} MWh).`);
  for (const { socMwh } of socTargets) {
    if (socMwh > socMaxMwh)
      throw flexError('soc-targets', `${socMwh} MWh is above soc-max (${socMaxMwh} MWh).`);
    if (socMwh < 0) throw flexError('soc-targets', 'a state of charge is not negative.');
  }
}

function socOptions(fields: FlexFields, socUnit: string): ReadOptions {
  const defaultUnit = fields.raw('soc-unit') ?? socUnit;
  if (defaultUnit !== 'kWh' && defaultUnit !== 'MWh') throw flexError('soc-unit', 'must be kWh or MWh.');
  const full = fields.attributes['max_soc_in_mwh'] ?? fields.given['soc-max'];
  const isPercentage = typeof full === 'string' && full.includes('%');
  if ((typeof full !== 'number' && typeof full !== 'string') || isPercentage) return { defaultUnit };
  const unit = typeof fields.attributes['max_soc_in_mwh'] === 'number' ? 'MWh' : defaultUnit;
  return { defaultUnit, capacity: `${toNumber(String(full), 'soc-max', 'MWh', { defaultUnit: unit })} MWh` };
}

/** The state of charge that was stored for exactly the start, else 0. */
function storedSoc({ attributes, sources }: FlexFields): number {
  const { soc_datetime: time, soc_in_mwh: soc } = attributes;
  const isCurrent = typeof time === 'string' && Date.parse(time) === sources.window.startMs;
  return isCurrent && typeof soc === 'number' ? soc : 0;
}

/**
 * Targets: of a series each entry by itself, so that those which contradict each other are told apart; a sensor's value
 * is a target at each end of a step for which there is one.
 */
async function readTargets(fields: FlexFields, options: ReadOptions): Promise<SocTarget[]> {
  const quantity = fields.quantity('soc-targets');
  if (!quantity) return [];
  if (quantity.kind === 'series') {
    const targets: SocTarget[] = [];
    quantity.entries.forEach((entry, i) => {
      const socMwh = toNumber(entry.text, `soc-targets.${i}`, 'MWh', options);
      const { first, last } = endsOfSteps(entry, fields.sources.window);
      for (let step = first; step <= last; step++) targets.push({ step, socMwh });
      if (targets.length <= MAX_TARGETS) return;
      const reason = `with overlaps, these are targets for more than ${MAX_TARGETS} steps.`;
      throw flexError('soc-targets', reason);
    });
    return targets;
  }
  const series = await fields.seriesOf(quantity, 'soc-targets', 'MWh', { ...options, atEnds: true });
  return [...series].flatMap((socMwh, t) => (Number.isNaN(socMwh) ? [] : [{ step: t + 1, socMwh }]));
}

/** A series of states of charge at the ends of steps. A sensor's value is that of the instant at which its event starts. */
async function readInstants(
  fields: FlexFields,
  field: string,
  options: ReadOptions,
): Promise<Float64Array | undefined> {
  const quantity = fields.quantity(field);
  if (!quantity) return undefined;
  const { window } = fields.sources;
  if (quantity.kind !== 'series') {
    return fields.seriesOf(quantity, field, 'MWh', { ...options, atEnds: true });
  }
  const entries = quantity.entries.map((entry, i) => {
    const value = toNumber(entry.text, `${field}.${i}`, 'MWh', options);
    const { first, last } = endsOfSteps(entry, window);
    return { from: first - 1, to: last, value };
  });
  return seriesOfEntries(entries, window.steps, options.precedence ?? 'latest');
}

/**
 * After how many steps an entry holds, from the first to the last: for an instant at the end of the step that it lies
 * in; for an interval at the end of each step from the interval's start to its end. None if the last is below the first.
 */
function endsOfSteps(entry: QuantityEntry, { startMs, stepMs, steps }: FlexWindow) {
  const first = Math.max(1, Math.ceil((entry.startMs - startMs) / stepMs));
  const lastWhole = Math.floor((entry.endMs - startMs) / stepMs);
  return { first, last: Math.min(steps, Math.max(lastWhole, entry.startMs > startMs ? first : 0)) };
}

/**
 * The moments at which targets in the words of users are due, for the length of a schedule. An interval counts up to
 * the last end of a step in it.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function momentsOfTargets(raw: unknown, field: string, timezone: string, stepMs: number): DueMoment[] {
  if (raw === undefined || raw === null) return [];
  const targets = parseVariableQuantity(raw, field, timezone);
  if (targets.kind !== 'series') return [];
  return targets.entries.map(({ startMs, endMs }) => {
    const lastEndMs = Math.floor(endMs / stepMs) * stepMs;
    return { field, datetimeMs: lastEndMs > startMs ? lastEndMs : endMs };
  });
}
