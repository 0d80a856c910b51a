import { convertValues } from '#lib/units';
import { formatInstant } from '#lib/time';
import { flexError } from '../flex-error';
import type { QuantityEntry, SensorQuantity } from '../values/variable-quantity';
import type { FlexReader } from './flex-reader';
import type { RecordedState } from './flex-sources';
import { type QuantityOptions, toNumber } from './quantity-number';

type ModelReader = FlexReader<'flex-model'>;

const FIELD = 'state-of-charge';

/**
 * The state of charge at the start by the field `state-of-charge`, in MWh: the amount itself, the latest one of a series, or the
 * latest one that the sensor has at or before the start. Undefined without the field, or for a sensor without data if an
 * attribute tells the state of charge at the start.
 * @throws DomainError FLEX_MODEL_INVALID if none is known
 */
export async function readStateAtStart(
  reader: ModelReader,
  options: QuantityOptions,
): Promise<number | undefined> {
  const quantity = reader.quantity(FIELD);
  if (!quantity) return undefined;
  if (quantity.kind === 'fixed') return inRange(reader, toNumber(quantity.text, FIELD, 'MWh', options));
  if (quantity.kind === 'sensor') return readRecorded(reader, quantity, options);
  const last = latestAt(quantity.entries, startOf(reader));
  if (last < 0) throw unknownState(reader, 'no entry');
  return inRange(reader, toNumber(quantity.entries[last]!.text, `${FIELD}.${last}`, 'MWh', options));
}

const startOf = ({ sources: { window } }: ModelReader): number => window.askedStartMs ?? window.startMs;

const inRange = (reader: ModelReader, mwh: number): number =>
  reader.toRange('soc-at-start', Float64Array.of(mwh))[0]!;

const unknownState = (reader: ModelReader, what: string) => {
  const time = formatInstant(startOf(reader), reader.sources.window.timezone);
  return flexError(
    FIELD,
    `${what} at or before the start, ${time}: send soc-at-start, or a state of charge.`,
  );
};

/** The index of the entry that holds at a time, or that was the last one before; -1 without one. Of several, the last one. */
function latestAt(entries: readonly QuantityEntry[], atMs: number): number {
  let latest = -1;
  entries.forEach(({ startMs, endMs }, i) => {
    if (startMs > atMs) return;
    const best = entries[latest];
    if (!best || Math.min(endMs, atMs) >= Math.min(best.endMs, atMs)) latest = i;
  });
  return latest;
}

async function readRecorded(
  reader: ModelReader,
  { sensorId, filter, defaultText }: SensorQuantity,
  options: QuantityOptions,
): Promise<number | undefined> {
  const { readState, window, warn, remark = warn } = reader.sources;
  const state = await readState?.(sensorId, FIELD, filter);
  if (!state) {
    if (defaultText !== undefined)
      return inRange(reader, toNumber(defaultText, `${FIELD}.default`, 'MWh', options));
    if (hasStoredSoc(reader)) return undefined;
    throw unknownState(reader, `sensor ${sensorId} has no value`);
  }
  const mwh = toMwh(reader, state, options);
  if (Number.isNaN(mwh)) return mwh;
  const time = formatInstant(state.timeMs, window.timezone);
  remark(
    `The state of charge at the start is that of ${time}: ${round(state.value)} ${state.unit} (sensor ${sensorId}).`,
  );
  if (mwh < 0) warn(`${FIELD}: sensor ${sensorId} has a state of charge below 0: 0 was used.`);
  return Math.max(0, mwh);
}

/** Whether attributes tell the state of charge at the very start. */
function hasStoredSoc({ attributes, sources: { window } }: ModelReader): boolean {
  const { soc_datetime: time, soc_in_mwh: soc } = attributes;
  return typeof time === 'string' && Date.parse(time) === window.startMs && typeof soc === 'number';
}

/** A recorded state of charge in MWh: a percentage is one of `soc-max`. */
function toMwh(reader: ModelReader, { value, unit }: RecordedState, options: QuantityOptions): number {
  if (unit !== '%') return convertValues(Float64Array.of(value), unit, 'MWh')[0]!;
  const full = reader.fixed('soc-max', options);
  if (full === undefined) throw flexError(FIELD, 'the sensor is in %, so that soc-max is needed.');
  return (value / 100) * full;
}

const round = (value: number): number => Number(value.toFixed(6));
