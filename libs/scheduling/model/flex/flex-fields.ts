import { shown } from '#lib/errors';
import { parseQuantity, quantityTo } from '#lib/units';
import { type Precedence, seriesOfEntries } from './entries-series';
import { flexError } from './flex-error';
import { isRecord, parseVariableQuantity, type VariableQuantity } from './variable-quantity';
import { OLD_ATTRIBUTES } from './vocabulary';

/** A schedule's window, and the zone in which days are counted. */
export interface FlexWindow {
  startMs: number;
  stepMs: number;
  steps: number;
  timezone: string;
}

/**
 * What a sensor recorded per step of a window in the unit asked for, NaN where nothing is known.
 * @param field the field that names the sensor, for errors
 * @param atEnds whether each step gets what holds at its end, instead of from its start on
 */
export type ReadSensor = (
  sensorId: number,
  unit: string,
  field: string,
  atEnds: boolean,
) => Promise<Float64Array>;

/** What the fields of a description are read with. */
export interface FlexSources {
  window: FlexWindow;
  readSensor: ReadSensor;
  /** Collects what was assumed. */
  warn: (message: string) => void;
}

/** Units of old attributes that say them in their names. */
const unitOfOld: Record<string, string> = {
  min_soc_in_mwh: 'MWh',
  max_soc_in_mwh: 'MWh',
  capacity_in_mw: 'MW',
};

/** Which description a field belongs to. */
export type FlexGroup = 'flex-model' | 'flex-context';

/** A value of a field, and the name by which it was found. */
export interface FoundField {
  name: string;
  value: unknown;
}

/**
 * What is known of a field: as the user gave it, or else from attributes. These are looked up within the attribute of
 * the group, by the field's name, with hyphens or underscores, and by its old name.
 * @returns undefined when nothing is known
 */
export function findField(
  group: FlexGroup,
  field: string,
  given: Record<string, unknown>,
  attributes: Record<string, unknown>,
): FoundField | undefined {
  const stored = attributes[group] ?? attributes[group.replace('-', '_')];
  const old = OLD_ATTRIBUTES[field];
  const found: FoundField[] = [
    { name: field, value: given[field] },
    { name: field, value: isRecord(stored) ? stored[field] : undefined },
    ...[field, field.replaceAll('-', '_')].map((name) => ({ name, value: attributes[name] })),
    ...(old === undefined ? [] : [{ name: old, value: withUnit(attributes[old], unitOfOld[old]) }]),
  ];
  return found.find(({ value }) => value !== undefined && value !== null);
}

/**
 * The fields of a flex-model or flex-context: as the user gave them, or else from attributes, which come already
 * combined from sensor, asset and the assets that this one is a part of.
 */
export class FlexFields {
  constructor(
    readonly given: Record<string, unknown>,
    readonly attributes: Record<string, unknown>,
    readonly sources: FlexSources,
    private readonly group: FlexGroup,
  ) {}

  /** What is known of a field, and by which name; undefined when nothing is. */
  find(field: string): FoundField | undefined {
    return findField(this.group, field, this.given, this.attributes);
  }

  /** What is known of a field; undefined when nothing is. */
  raw(field: string): unknown {
    return this.find(field)?.value;
  }

  /** The same sources, with one field given. */
  with(field: string, value: unknown): FlexFields {
    return new FlexFields({ [field]: value }, {}, this.sources, this.group);
  }

  has(field: string): boolean {
    return this.raw(field) !== undefined;
  }

  flag(field: string, otherwise: boolean): boolean {
    const raw = this.raw(field);
    if (raw === undefined) return otherwise;
    if (typeof raw === 'boolean') return raw;
    throw flexError(field, 'true or false is needed.');
  }

  quantity(field: string): VariableQuantity | undefined {
    const raw = this.raw(field);
    return raw === undefined ? undefined : parseVariableQuantity(raw, field, this.sources.window.timezone);
  }

  /**
   * One number per step, NaN where nothing is known; undefined when the field is nowhere.
   * @param unit of the result; values without a unit count in `defaultUnit`, and are refused without it
   */
  async series(field: string, unit: string, options: ReadOptions = {}): Promise<Float64Array | undefined> {
    const quantity = this.quantity(field);
    return quantity && this.seriesOf(quantity, field, unit, options);
  }

  async seriesOf(
    quantity: VariableQuantity,
    field: string,
    unit: string,
    options: ReadOptions = {},
  ): Promise<Float64Array> {
    const { window, readSensor } = this.sources;
    switch (quantity.kind) {
      case 'fixed':
        return new Float64Array(window.steps).fill(toNumber(quantity.text, field, unit, options));
      case 'sensor':
        return readSensor(quantity.sensorId, unit, field, options.atEnds ?? false);
      case 'series': {
        const entries = quantity.entries.map(({ text, startMs, endMs }, i) => ({
          value: toNumber(text, `${field}.${i}`, unit, options),
          from: Math.floor((startMs - window.startMs) / window.stepMs),
          to: Math.ceil((endMs - window.startMs) / window.stepMs),
        }));
        return seriesOfEntries(entries, window.steps, options.precedence ?? 'latest');
      }
    }
  }

  /** A single number; undefined when the field is nowhere. @throws DomainError when it changes over time */
  fixed(field: string, unit: string, options: ReadOptions = {}): number | undefined {
    const quantity = this.quantity(field);
    if (!quantity) return undefined;
    if (quantity.kind === 'fixed') return toNumber(quantity.text, field, unit, options);
    throw flexError(field, 'one fixed quantity is needed here.');
  }
}

export interface ReadOptions {
  defaultUnit?: string;
  /** What 100 % stands for, such as `2 MWh`. */
  capacity?: string;
  /** Whether a sensor's values hold at the ends of steps. */
  atEnds?: boolean;
  /** Which entry of a series holds in a step that several speak of; the latest one otherwise. */
  precedence?: Precedence;
}

/** What is missing where a share is given, by unit. */
const capacityNeeded: Record<string, string> = {
  MWh: 'the attribute max_soc_in_mwh',
  MW: 'a power capacity',
};

/** What quantities are of, by unit. */
const kinds: Record<string, string> = { MWh: ' of energy', MW: ' of power' };

/** @throws DomainError FLEX_MODEL_INVALID naming the field */
export function toNumber(text: string, field: string, unit: string, options: ReadOptions = {}): number {
  const missing = capacityNeeded[unit];
  if (missing && text.includes('%') && options.capacity === undefined) {
    throw flexError(field, `${shown(text)} needs ${missing}, which tells what 100% is.`);
  }
  try {
    if (options.defaultUnit === undefined && unit !== '' && parseQuantity(text).unit === '') {
      throw new Error(`${shown(text)} needs a unit, such as ${unit}.`);
    }
    return quantityTo(text, unit, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw flexError(field, `Not a valid number or quantity${kinds[unit] ?? ''}: ${reason}`);
  }
}

const withUnit = (value: unknown, unit: string | undefined): unknown =>
  typeof value === 'number' && unit !== undefined ? `${value} ${unit}` : value;
