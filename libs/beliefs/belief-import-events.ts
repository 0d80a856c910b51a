import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant, isOnStep, ZoneClock } from '#lib/time';
import { lengthenedEvents } from './belief-import-lengthen';
import { shortenedEvents } from './belief-import-shorten';
import { stepOf, StepWatch, type StepBreak } from './belief-import-steps';
import type { ValueConversion } from './belief-import-values';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from './files';
import { valueNatureOf, type ValueNature } from './model';

/** What a file says about events of a sensor, in the sensor's unit; belief times are NaN where it does not tell. */
export type EventBatch = Pick<BeliefFileBatch, 'eventStarts' | 'values' | 'beliefTimes'>;

/** How the events of a file become those of a sensor. */
export interface EventRules {
  sensor: Sensor;
  conversion: ValueConversion;
  /** Whether events may be of another length than the sensor's; otherwise they start on the sensor's steps. */
  resample: boolean;
  /** Zone of the wall clock by which the file's days are counted. */
  zone: string;
  /** Hears in a sentence what was done to the values. */
  note: (sentence: string) => void;
}

/**
 * The events of a file as events of the sensor, in its resolution and unit, in bounded memory. How far apart they are
 * is found in the file's first rows, and all other rows must agree.
 *
 * @throws BeliefFileError while iterating, naming line and column
 */
export async function* importedEvents(file: BeliefFile, rules: EventRules): AsyncGenerator<EventBatch> {
  const rows = file[Symbol.asyncIterator]();
  const first = await rows.next();
  if (first.done === true) return;
  const batches = withFirst(first.value, rows);
  const { sensor, conversion, resample } = rules;
  const resolutionMs = sensor.eventResolutionMs;
  if (resolutionMs === 0 && !conversion.needsLength) yield* converted(batches, 0, conversion);
  else if (resolutionMs > 0 && !resample) {
    yield* converted(onSteps(batches, file, sensor), resolutionMs, conversion);
  } else {
    yield* regularEvents(batches, first.value, file, rules);
  }
}

/** Events at regular distances, which may be the sensor's resolution or not. */
function regularEvents(
  batches: AsyncIterable<BeliefFileBatch>,
  first: BeliefFileBatch,
  file: BeliefFile,
  rules: EventRules,
): AsyncIterable<EventBatch> {
  const { sensor, conversion } = rules;
  const resolutionMs = sensor.eventResolutionMs;
  const clock = new ZoneClock(rules.zone);
  const stepMs = stepOf(first.eventStarts, clock) ?? resolutionMs;
  if (stepMs === 0) {
    const reason = 'one event alone does not tell how long events last, which its unit requires';
    throw new BeliefFileError(file.eventStartPlace(first.lines[0]!), reason);
  }
  const watched = watchedRows(batches, file, stepMs, clock);
  if (stepMs === resolutionMs || resolutionMs === 0) return converted(watched, stepMs, conversion);
  const isLonger = stepMs % resolutionMs === 0;
  if (!isLonger && resolutionMs % stepMs !== 0) {
    throw new BeliefFileError(
      file.eventStartPlace(first.lines[0]!),
      `events are ${formatDuration(stepMs)} apart from here on, and last ${formatDuration(resolutionMs)} at the ` +
        'sensor: one must be a multiple of the other',
    );
  }
  const resampling = { stepMs, resolutionMs, nature: valueNatureOf(sensor.unit), conversion };
  rules.note(
    `Events of ${formatDuration(stepMs)} were brought onto the sensor's ${formatDuration(resolutionMs)}: ` +
      `${whatBecame(resampling.nature, isLonger)}.`,
  );
  return isLonger
    ? shortenedEvents(watched, { ...resampling, clock })
    : lengthenedEvents(watched, { ...resampling, zone: sensor.timezone }, file);
}

const whatBecame = (nature: ValueNature, isLonger: boolean): string =>
  nature === 'flow'
    ? `values were ${isLonger ? 'repeated' : 'averaged'}`
    : `amounts were ${isLonger ? 'split' : 'summed'}`;

async function* withFirst(
  first: BeliefFileBatch,
  rest: AsyncIterator<BeliefFileBatch>,
): AsyncGenerator<BeliefFileBatch> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* converted(
  batches: AsyncIterable<BeliefFileBatch>,
  lengthMs: number,
  conversion: ValueConversion,
): AsyncGenerator<EventBatch> {
  for await (const { eventStarts, values, beliefTimes } of batches) {
    yield { eventStarts, values: conversion.convert(values, lengthMs), beliefTimes };
  }
}

/** Rows as they are, as long as they are about events of the sensor. */
async function* onSteps(
  batches: AsyncIterable<BeliefFileBatch>,
  file: BeliefFile,
  { eventResolutionMs, timezone }: Sensor,
): AsyncGenerator<BeliefFileBatch> {
  for await (const batch of batches) {
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

/** Rows as they are, as long as they stay in step. */
async function* watchedRows(
  batches: AsyncIterable<BeliefFileBatch>,
  file: BeliefFile,
  stepMs: number,
  clock: ZoneClock,
): AsyncGenerator<BeliefFileBatch> {
  const watch = new StepWatch(stepMs, clock);
  for await (const batch of batches) {
    const found = watch.findBreak(batch.eventStarts, batch.lines);
    if (found) {
      throw new BeliefFileError(file.eventStartPlace(found.line), inWords(found, stepMs, clock.zone));
    }
    yield batch;
  }
}

function inWords({ kind, eventStart, distanceMs }: StepBreak, stepMs: number, zone: string): string {
  const event = formatInstant(eventStart, zone);
  return kind === 'out of step'
    ? `the event at ${event} is out of step: the events before it are ${formatDuration(stepMs)} apart`
    : `from the event at ${event} on, events are ${formatDuration(distanceMs)} apart instead of ` +
        `${formatDuration(stepMs)}: import the parts as files of their own`;
}
