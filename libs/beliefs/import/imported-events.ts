import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant, isOnStep, ZoneClock } from '#lib/time';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from '../files';
import {
  areCompatibleLengths,
  aggregationOf,
  type PartialRule,
  type TimedValues,
  type Aggregation,
} from '../model';
import { StepSample, StepWatch, type StepBreak } from './file-step';
import { heldReadings } from './held-readings';
import { fromEnds, snapToSteps, noteTimestampsAtEnd } from './placed-rows';
import { longerEvents, shorterEvents } from './resampled-rows';
import type { ValueConversion } from './value-conversion';

/** How the events of a file become those of a sensor. */
export interface EventRules {
  sensor: Sensor;
  conversion: ValueConversion;
  /** Whether events may be of another length than the sensor's; otherwise they start on the sensor's steps. */
  resample: boolean;
  /** Largest number of events of the sensor that longer events of the file may become. */
  maxEvents: number;
  /** IANA time zone whose local days are the days of the file. */
  zone: string;
  /**
   * Whether the datetimes of the file are the starts or the ends of the events; starts by default. Without effect on
   * readings (`timeWeighted`) and on instantaneous sensors.
   */
  stamps?: 'start' | 'end';
  /** Whether rows are readings that hold until the next one, and events become their time-weighted means. */
  timeWeighted?: boolean;
  /** What an amount is of which the file has only a part; unknown by default. */
  partial?: PartialRule;
  /** Takes a sentence about what was done to the values. */
  note: (sentence: string) => void;
}

const IRREGULAR_ADVICE = '(for readings at irregular times, ask for time-weighted means)';

/** Up to so many rows are read to find how far apart events are. */
const MAX_SAMPLED_ROWS = 65_536;

/**
 * The events of a file as events of the sensor, in its resolution and unit, in bounded memory. How far apart they are
 * is found in the file's first rows, and all other rows must agree.
 *
 * @throws BeliefFileError while iterating, naming line and column
 */
export async function* importedEvents(file: BeliefFile, rules: EventRules): AsyncGenerator<TimedValues> {
  const { sensor, conversion, resample } = rules;
  const resolutionMs = sensor.eventResolutionMs;
  if (resolutionMs > 0 && rules.timeWeighted) yield* heldReadings(file, rules);
  else if (resolutionMs === 0 && !conversion.needsLength)
    yield* converted(file, withoutMissingValues(file), 0, conversion);
  else if (resolutionMs > 0 && !resample) {
    const clock = new ZoneClock(rules.zone);
    const rows =
      rules.stamps === 'end'
        ? fromEnds(withoutMissingValues(file), resolutionMs, clock)
        : withoutMissingValues(file);
    yield* converted(file, rejectOffStep(rows, file, sensor), resolutionMs, conversion);
  } else {
    yield* regularEvents(file, rules);
  }
}

/** Events at regular distances. */
async function* regularEvents(file: BeliefFile, rules: EventRules): AsyncGenerator<TimedValues> {
  const rows = file[Symbol.asyncIterator]();
  try {
    const sample = new StepSample();
    const first: BeliefFileBatch[] = [];
    for (let sampled = 0; sampled < MAX_SAMPLED_ROWS && !sample.isComplete;) {
      const next = await rows.next();
      if (next.done === true) break;
      first.push(next.value);
      sample.add(next.value.eventStarts);
      sampled += next.value.eventStarts.length;
    }
    const [top] = first;
    if (!top) return;
    const clock = new ZoneClock(rules.zone);
    const batches = concatenated(first, rows);
    const { eventResolutionMs, timezone } = rules.sensor;
    // Times of devices that are seconds early or late are put right first, because they are no regular steps.
    const placed = sample.onGrid(eventResolutionMs, timezone);
    const stepMs = (placed ?? sample).findStep(clock) ?? eventResolutionMs;
    yield* resampled(
      { file, batches, firstLine: top.lines[0]!, stepMs, clock, isNearGrid: placed !== undefined },
      rules,
    );
  } finally {
    await rows.return?.();
  }
}

/** Rows that should be a step, or several, apart. */
interface RegularRows {
  file: BeliefFile;
  batches: AsyncIterable<BeliefFileBatch>;
  firstLine: number;
  stepMs: number;
  clock: ZoneClock;
  /** Whether the first rows are near to steps of the sensor, so that such rows are moved there before they are checked. */
  isNearGrid: boolean;
}

/** Regular events, which may be longer or shorter than the sensor's, as events of the sensor. */
function resampled(
  rows: RegularRows,
  { sensor, conversion, maxEvents, note, stamps, partial }: EventRules,
): AsyncIterable<TimedValues> {
  const { file, stepMs: fromMs, clock } = rows;
  const { eventResolutionMs: toMs, timezone } = sensor;
  const place = file.eventStartPlace(rows.firstLine);
  if (fromMs === 0) {
    throw new BeliefFileError(
      place,
      'the duration of events is unknown, which is needed to convert between energy and power',
    );
  }
  const inSteps = rejectIrregular(
    rows.isNearGrid ? { ...rows, batches: snapToSteps(rows.batches, file, sensor, note, 'near') } : rows,
  );
  const placed =
    stamps === 'end' ? fromEnds(inSteps, fromMs, clock) : noteTimestampsAtEnd(inSteps, fromMs, clock, note);
  if (toMs === 0) return converted(file, withoutMissingValues(inSteps), fromMs, conversion);
  const checked =
    rows.isNearGrid || fromMs < toMs
      ? withoutMissingValues(placed)
      : snapToSteps(withoutMissingValues(placed), file, sensor, note);
  if (fromMs === toMs) return converted(file, checked, fromMs, conversion);
  const [step, resolution] = [formatDuration(fromMs), formatDuration(toMs)];
  if (!areCompatibleLengths(fromMs, toMs)) {
    const reason = `events are ${step} apart from here on, and the sensor's resolution is ${resolution}`;
    throw new BeliefFileError(place, `${reason}: one must be a multiple of the other ${IRREGULAR_ADVICE}`);
  }
  const aggregation = aggregationOf(sensor.unit);
  const isLonger = fromMs > toMs;
  note(
    `Events of ${step} are resampled to the sensor's ${resolution}: ${resamplingText(aggregation, isLonger)}.`,
  );
  return isLonger
    ? shorterEvents(checked, { fromMs, toMs, aggregation, zone: clock.zone, maxEvents }, conversion, file)
    : longerEvents(checked, { fromMs, toMs, aggregation, zone: timezone, partial }, conversion, file, note);
}

const resamplingText = (aggregation: Aggregation, isLonger: boolean): string =>
  aggregation === 'mean'
    ? `values are ${isLonger ? 'repeated' : 'averaged'}`
    : `amounts are ${isLonger ? 'split' : 'summed'}`;

async function* concatenated(
  first: BeliefFileBatch[],
  rest: AsyncIterator<BeliefFileBatch>,
): AsyncGenerator<BeliefFileBatch> {
  for (let batch = first.shift(); batch; batch = first.shift()) yield batch;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* converted(
  file: BeliefFile,
  batches: AsyncIterable<BeliefFileBatch>,
  lengthMs: number,
  conversion: ValueConversion,
): AsyncGenerator<TimedValues> {
  for await (const batch of batches) {
    const { eventStarts, beliefTimes } = batch;
    yield { eventStarts, values: conversion.convertRows(batch, lengthMs, file), beliefTimes };
  }
}

/** The rows that have a value. */
async function* withoutMissingValues(
  batches: AsyncIterable<BeliefFileBatch>,
): AsyncGenerator<BeliefFileBatch> {
  for await (const batch of batches) {
    const { values } = batch;
    if (!values.some(Number.isNaN)) yield batch;
    else {
      const isKnown = (_: number, row: number): boolean => !Number.isNaN(values[row]);
      yield {
        eventStarts: batch.eventStarts.filter(isKnown),
        values: values.filter(isKnown),
        beliefTimes: batch.beliefTimes.filter(isKnown),
        lines: batch.lines.filter(isKnown),
      };
    }
  }
}

/** Rows as they are, checked to start on the sensor's steps. */
async function* rejectOffStep(
  rows: AsyncIterable<BeliefFileBatch>,
  file: BeliefFile,
  { eventResolutionMs, timezone }: Sensor,
): AsyncGenerator<BeliefFileBatch> {
  for await (const batch of rows) {
    const row = batch.eventStarts.findIndex((start) => !isOnStep(start, eventResolutionMs, timezone));
    if (row >= 0) {
      throw new BeliefFileError(
        file.eventStartPlace(batch.lines[row]!),
        `no event of the sensor starts at ${formatInstant(batch.eventStarts[row]!, timezone)}: they start every ` +
          `${formatDuration(eventResolutionMs)} on the clocks of ${timezone}`,
      );
    }
    yield batch;
  }
}

/** Rows as they are, checked to be a multiple of the step apart. */
async function* rejectIrregular({
  file,
  batches,
  stepMs,
  clock,
}: RegularRows): AsyncGenerator<BeliefFileBatch> {
  const watch = new StepWatch(stepMs, clock);
  for await (const batch of batches) {
    const found = watch.findBreak(batch.eventStarts, batch.lines);
    if (found) {
      throw new BeliefFileError(file.eventStartPlace(found.line), breakText(found, stepMs, clock.zone));
    }
    yield batch;
  }
}

function breakText({ kind, eventStart, distanceMs }: StepBreak, stepMs: number, zone: string): string {
  const event = formatInstant(eventStart, zone);
  return kind === 'out of step'
    ? `the event at ${event} is out of step: events are ${formatDuration(stepMs)} apart ${IRREGULAR_ADVICE}`
    : `from the event at ${event} on, events are ${formatDuration(distanceMs)} apart instead of ` +
        `${formatDuration(stepMs)}: import the parts as separate files`;
}
