import type { SocTarget } from '..';
import { flexError } from './flex-error';
import {
  type FlexFields,
  type FlexWindow,
  higherOf,
  lowerOf,
  type ReadOptions,
  toNumber,
} from './flex-fields';
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

/**
 * Reads states of charge; numbers without a unit are in `soc-unit`, and 100 % is the attribute max_soc_in_mwh.
 * @param socUnit unit of numbers where the user gives none
 */
export async function readSoc(fields: FlexFields, socUnit: string): Promise<SocFields> {
  const options = socOptions(fields, socUnit);
  const socTargets = await readTargets(fields, options);
  const highestTarget = Math.max(...socTargets.map(({ socMwh }) => socMwh));
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
    socMinimaMwh: await readInstants(fields, 'soc-minima', { ...options, merge: higherOf }),
    socMaximaMwh: await readInstants(fields, 'soc-maxima', { ...options, merge: lowerOf }),
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
    return quantity.entries.flatMap((entry, i) => {
      const socMwh = toNumber(entry.text, `soc-targets.${i}`, 'MWh', options);
      return stepsAt(entry, fields.sources.window).map((step) => ({ step, socMwh }));
    });
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
  const series = new Float64Array(window.steps).fill(NaN);
  quantity.entries.forEach((entry, i) => {
    const value = toNumber(entry.text, `${field}.${i}`, 'MWh', options);
    for (const k of stepsAt(entry, window)) {
      series[k - 1] = options.merge?.(series[k - 1]!, value) ?? value;
    }
  });
  return series;
}

/**
 * After how many steps an entry holds: for an instant at the end of the step that it lies in; for an interval at the
 * end of each step from the interval's start to its end.
 */
function stepsAt(entry: QuantityEntry, { startMs, stepMs, steps }: FlexWindow): number[] {
  const from = Math.max(1, Math.ceil((entry.startMs - startMs) / stepMs));
  const last = Math.floor((entry.endMs - startMs) / stepMs);
  const to = Math.min(steps, Math.max(last, entry.startMs > startMs ? from : 0));
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
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
