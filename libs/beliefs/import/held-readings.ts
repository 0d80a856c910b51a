import type { Sensor } from '#lib/sensors';
import { ceilToStep, floorToStep, formatDuration, formatInstant } from '#lib/time';
import { BeliefFileError, type BeliefFile } from '../files';
import { aggregationOf, type PartialRule, type TimedValues } from '../model';
import type { ValueConversion } from './value-conversion';

/** Largest number of events in a batch. */
const EVENTS_AT_ONCE = 8192;

/** What the means of readings need to know. */
export interface HeldReadingRules {
  sensor: Sensor;
  conversion: ValueConversion;
  /** Largest number of events that the readings may become. */
  maxEvents: number;
  /** What an amount is of an event that the readings cover only in part; unknown by default. */
  partial?: PartialRule;
  note: (sentence: string) => void;
}

/**
 * Readings at irregular times as events: time-weighted means. A reading holds until the next row, the last one until the end
 * of its event. The time from a row without a value to the next row is not known, and is left out of the mean. Where readings
 * of power become energy, an event that they cover only in part has no value, unless amounts are to be scaled.
 *
 * @throws BeliefFileError for amounts that are to become power, because it is unknown how long each took; for a row that is
 *   earlier than the row before it, or for more than `maxEvents` events
 */
export async function* heldReadings(
  file: BeliefFile,
  { sensor, conversion, maxEvents, partial = 'unknown', note }: HeldReadingRules,
): AsyncGenerator<TimedValues> {
  const isAmount = conversion.needsLength && aggregationOf(sensor.unit) === 'sum';
  if (conversion.needsLength && !isAmount) throw amountsOfUnknownTime(file, sensor);
  const means = new MeanEvents(sensor, isAmount, partial);
  let reading = NaN;
  let from = NaN;
  for await (const batch of file) {
    const values = conversion.convertRows(batch, sensor.eventResolutionMs, file);
    for (let row = 0; row < values.length; row++) {
      const start = batch.eventStarts[row]!;
      if (start < from) throw outOfOrder(file, batch.lines[row]!, start, sensor);
      for (const events of means.hold(reading, from, start)) {
        checkCount(means.count, maxEvents, file);
        yield events;
      }
      [reading, from] = [values[row]!, start];
    }
  }
  if (!Number.isNaN(reading)) {
    const end = ceilToStep(from + 1, sensor.eventResolutionMs, sensor.timezone);
    yield* means.hold(reading, from, end);
  }
  yield* means.finish();
  checkCount(means.count, maxEvents, file);
  note(
    `Readings became time-weighted means of ${formatDuration(sensor.eventResolutionMs)}${partialText(means)}.`,
  );
}

function partialText({ partlyKnown, count, leftOut }: MeanEvents): string {
  if (partlyKnown === 0) return '';
  const known = `; ${partlyKnown} of ${count + leftOut} events were known in part`;
  return leftOut > 0
    ? `${known}, and stay unknown (to scale amounts up, ask for partial amounts to be scaled)`
    : known;
}

/** Adds up held readings by event of the sensor. */
class MeanEvents {
  count = 0;
  partlyKnown = 0;
  /** Number of events without a value, because they are amounts that are known in part. */
  leftOut = 0;
  private start = NaN;
  private end = NaN;
  private integral = 0;
  private knownMs = 0;
  private starts: number[] = [];
  private values: number[] = [];

  /** @param isAmount whether values are amounts of events of the nominal length */
  constructor(
    private readonly sensor: Sensor,
    private readonly isAmount: boolean,
    private readonly partial: PartialRule,
  ) {}

  /** Adds a value from `from` until `until` (epoch ms); NaN is not known. Gives the complete batches. */
  *hold(value: number, from: number, until: number): Generator<TimedValues> {
    if (Number.isNaN(value)) return;
    const { eventResolutionMs, timezone } = this.sensor;
    for (let at = from; at < until; at = Math.min(this.end, until)) {
      if (!(at < this.end)) {
        this.finishEvent();
        this.start = floorToStep(at, eventResolutionMs, timezone);
        this.end = ceilToStep(at + 1, eventResolutionMs, timezone);
      }
      const lengthMs = Math.min(this.end, until) - at;
      this.integral += value * lengthMs;
      this.knownMs += lengthMs;
      if (this.starts.length >= EVENTS_AT_ONCE) yield this.take();
    }
  }

  *finish(): Generator<TimedValues> {
    this.finishEvent();
    if (this.starts.length > 0) yield this.take();
  }

  private finishEvent(): void {
    if (this.knownMs === 0) return;
    const lengthMs = this.end - this.start;
    const isPart = this.knownMs < lengthMs;
    if (isPart) this.partlyKnown++;
    if (isPart && this.isAmount && this.partial === 'unknown') this.leftOut++;
    else {
      const mean = this.integral / this.knownMs;
      this.starts.push(this.start);
      this.values.push(this.isAmount ? (mean * lengthMs) / this.sensor.eventResolutionMs : mean);
      this.count++;
    }
    this.integral = 0;
    this.knownMs = 0;
  }

  private take(): TimedValues {
    const eventStarts = Float64Array.from(this.starts);
    const values = Float64Array.from(this.values);
    this.starts = [];
    this.values = [];
    return { eventStarts, values, beliefTimes: new Float64Array(values.length).fill(NaN) };
  }
}

function checkCount(count: number, maxEvents: number, { place }: BeliefFile): void {
  if (count <= maxEvents) return;
  const limit = maxEvents.toLocaleString('en');
  throw new BeliefFileError(place, `the readings become more than ${limit} events of the sensor`);
}

function amountsOfUnknownTime({ place }: BeliefFile, { unit }: Sensor): BeliefFileError {
  const reason = `amounts at irregular times cannot become ${unit}: it is unknown how long each of them took`;
  return new BeliefFileError(place, reason);
}

function outOfOrder(file: BeliefFile, line: number, start: number, { timezone }: Sensor): BeliefFileError {
  return new BeliefFileError(
    file.eventStartPlace(line),
    `the reading at ${formatInstant(start, timezone)} is earlier than the one before it: sort the file by time`,
  );
}
