import {
  FLEX_FIELDS,
  type FlexField,
  type FlexFieldName,
  type FlexFieldOfType,
  type FlexGroup,
  UNIT_OF_MEASURE,
  type VariableType,
} from '../fields';
import { findField, type FoundField } from '../find-field';
import { flexError } from '../flex-error';
import { carriedOn, type ValueInterval, withDefault } from '../values/intervals';
import { parseVariableQuantity, type VariableQuantity } from '../values/variable-quantity';
import { align, type Alignment, warnOfGaps } from './aligned-values';
import type { FlexSources } from './flex-sources';
import { type QuantityOptions, toNumber, toRange } from './quantity-number';
import { lowestOf, sharesInSteps } from './shares';

export type SeriesOptions = QuantityOptions & Alignment;

interface ReadOptions extends QuantityOptions {
  atEnds?: boolean;
  /** What 100 % is in each step, in the unit of the measure; null if it is not known yet. Without it, % is refused. */
  shareOf?: Float64Array | null;
  /** Whether values outside the range of the field are accepted. */
  anyRange?: boolean;
  /** Whether unknown values of a sensor stay unknown. If not, the last known value is carried on. */
  keepGaps?: boolean;
  /** Whether the last known value is what is wanted, so that it needs no warning. */
  isLatest?: boolean;
}

/** Fields with a measure that is a unit, not a price. */
type QuantityType = 'energy' | 'quantity' | 'share';

/**
 * Reads the fields of a flex-model or flex-context, from the request or else from attributes. Attributes are those of
 * sensor, asset and parent assets, combined. Units, ranges and overlaps are those in the table of fields.
 */
export class FlexReader<Group extends FlexGroup> {
  constructor(
    readonly given: Record<string, unknown>,
    readonly attributes: Record<string, unknown>,
    readonly sources: FlexSources,
    private readonly group: Group,
  ) {}

  /** The value of a field and the name under which it was found; undefined without a value. */
  find(name: FlexFieldName<Group>): FoundField | undefined {
    return findField(this.group, name, this.given, this.attributes);
  }

  /** The value of a field as it was written; undefined without a value. */
  raw(name: FlexFieldName<Group>): unknown {
    return this.find(name)?.value;
  }

  /** Whether the values of a field are unknown only because the request is checked before data is read. */
  isUnread(name: FlexFieldName<Group>): boolean {
    return this.isUnreadQuantity(this.quantity(name));
  }

  /** As `isUnread`, for a quantity that was found already. */
  isUnreadQuantity(quantity: VariableQuantity | undefined): boolean {
    return this.sources.isCheck === true && quantity?.kind === 'sensor';
  }

  has(name: FlexFieldName<Group>): boolean {
    return this.raw(name) !== undefined;
  }

  /** A flag, or the default of the field. @throws DomainError FLEX_MODEL_INVALID */
  flag(name: FlexFieldOfType<Group, 'flag'>): boolean {
    const raw = this.raw(name) ?? this.fieldOf(name).defaultValue ?? false;
    if (typeof raw === 'boolean') return raw;
    throw flexError(name, 'true or false is needed.');
  }

  /** A quantity before its numbers are read; undefined without a value. @throws DomainError FLEX_MODEL_INVALID */
  quantity(name: FlexFieldName<Group>): VariableQuantity | undefined {
    const raw = this.raw(name);
    return raw === undefined ? undefined : parseVariableQuantity(raw, name, this.sources.window.timezone);
  }

  /**
   * One number per step, in the unit of the measure, NaN where unknown; undefined without a value.
   * @throws DomainError FLEX_MODEL_INVALID, also for numbers out of the range of the field
   */
  async series(
    name: FlexFieldOfType<Group, VariableType>,
    options: ReadOptions = {},
  ): Promise<Float64Array | undefined> {
    const quantity = this.quantity(name);
    if (!quantity) return undefined;
    const { precedence } = this.fieldOf(name);
    const aligned = { ...options, precedence };
    const { window } = this.sources;
    const { shareOf } = options;
    const amounts = shareOf === undefined ? options : { ...options, capacity: null };
    const found = await this.intervalsOf(quantity, name, this.unitOf(name), amounts);
    const isRecordedPower = quantity.kind === 'sensor' && this.unitOf(name) === 'MW';
    const intervals = isRecordedPower ? found.map(withoutSign) : found.filter(isKnown);
    const path = `${name}.default`;
    let values = this.withDefaultSteps(
      align(intervals, window, aligned),
      quantity,
      path,
      this.unitOf(name),
      amounts,
    );
    const hasDefault = quantity.kind === 'sensor' && quantity.defaultText !== undefined;
    if (quantity.kind === 'sensor' && !hasDefault && !options.keepGaps && !this.sources.isCheck) {
      if (!options.isLatest || intervals.length === 0)
        warnOfGaps(this.sources, values, `values of ${name} (sensor ${quantity.sensorId})`, intervals);
      values = carriedOn(values, intervals, window);
    }
    if (shareOf) values = lowestOf(values, sharesInSteps(quantity, name, window, shareOf));
    return options.anyRange ? values : this.toRange(name, values);
  }

  /**
   * A number that does not change over time, in the unit of the measure; undefined without a value.
   * @throws DomainError FLEX_MODEL_INVALID, also for a number out of the range of the field
   */
  fixed(name: FlexFieldOfType<Group, QuantityType>, options: QuantityOptions = {}): number | undefined {
    return this.fixedIn(name, this.unitOf(name), options);
  }

  /** As `fixed`, in another unit. */
  fixedIn(name: FlexFieldName<Group>, unit: string, options: QuantityOptions = {}): number | undefined {
    const quantity = this.quantity(name);
    if (!quantity) return undefined;
    if (quantity.kind !== 'fixed') throw flexError(name, 'a single fixed quantity is needed.');
    return this.toRange(name, Float64Array.of(toNumber(quantity.text, name, unit, options)))[0]!;
  }

  /**
   * The numbers of a quantity, one per step, NaN where unknown.
   * @param path of the quantity, for errors
   */
  async seriesOf(
    quantity: VariableQuantity,
    path: string,
    unit: string,
    options: SeriesOptions = {},
  ): Promise<Float64Array> {
    const intervals = await this.intervalsOf(quantity, path, unit, options);
    const values = align(intervals, this.sources.window, options);
    return this.withDefaultSteps(values, quantity, `${path}.default`, unit, options);
  }

  /** Values with the default of their sensor in steps in which it has none. */
  private withDefaultSteps(
    values: Float64Array,
    quantity: VariableQuantity,
    path: string,
    unit: string,
    options: QuantityOptions,
  ): Float64Array {
    if (quantity.kind !== 'sensor' || quantity.defaultText === undefined || this.sources.isCheck)
      return values;
    const otherwise = toNumber(quantity.defaultText, path, unit, options);
    return values.map((value) => (Number.isNaN(value) ? otherwise : value));
  }

  /**
   * The values of a quantity and when they hold, known ones only.
   * @param path of the quantity, for errors
   */
  async intervalsOf(
    quantity: VariableQuantity,
    path: string,
    unit: string,
    options: QuantityOptions = {},
  ): Promise<ValueInterval[]> {
    switch (quantity.kind) {
      case 'fixed':
        return [{ startMs: -Infinity, endMs: Infinity, value: toNumber(quantity.text, path, unit, options) }];
      case 'sensor': {
        const { sensorId, filter, defaultText } = quantity;
        const known = await this.sources.readSensor(sensorId, unit, path, filter);
        if (defaultText === undefined) return known;
        const value = toNumber(defaultText, `${path}.default`, unit, options);
        return this.sources.isCheck ? known : withDefault(known, value);
      }
      case 'series':
        return quantity.entries.map(({ text, startMs, endMs }, i) => ({
          ...{ startMs, endMs },
          value: toNumber(text, `${path}.${i}`, unit, options),
        }));
    }
  }

  /** Numbers in the range of a field, without rounding errors. @throws DomainError FLEX_MODEL_INVALID */
  toRange(name: FlexFieldName<Group>, values: Float64Array): Float64Array {
    return toRange(values, name, this.fieldOf(name).range);
  }

  /** The unit in which the values of a field are read; of a price, the unit that it is per. */
  unitOf(name: FlexFieldName<Group>): 'MW' | 'MWh' | '' {
    const { measure } = this.fieldOf(name);
    return measure ? UNIT_OF_MEASURE[measure] : '';
  }

  private fieldOf(name: FlexFieldName<Group>): FlexField {
    return FLEX_FIELDS[this.group][name]!;
  }
}

const isKnown = ({ value }: ValueInterval): boolean => !Number.isNaN(value);

/** Capacities are absolute values, also those from sensors that store production or consumption as negative. */
const withoutSign = (one: ValueInterval): ValueInterval => ({ ...one, value: Math.abs(one.value) });
