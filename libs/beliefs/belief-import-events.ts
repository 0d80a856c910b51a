import type { Sensor } from '#lib/sensors';
import { formatDuration, formatInstant, isOnStep, ZoneClock } from '#lib/time';
import type { EventBatch } from './belief-import-batch';
import { lengthenedEvents } from './belief-import-lengthen';
import { shortenedEvents } from './belief-import-shorten';
import { StepSample, StepWatch, type StepBreak } from './belief-import-steps';
import type { ValueConversion } from './belief-import-values';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from './files';
import { valueNatureOf, type ValueNature } from './model';

/** How the events of a file become those of a sensor. */
export interface EventRules {
  sensor: Sensor;
  conversion: ValueConversion;
  /** Whether events may be of another length than the sensor's; otherwise they start on the sensor's steps. */
  resample: boolean;
  /** Most events of the sensor that longer ones of the file may make. */
  maxEvents: number;
  /** Zone of the wall clock by which the file's days are counted. */
  zone: string;
  /** Hears in a sentence what was done to the values. */
  note: (sentence: string) => void;
}

/** Up to so many rows are looked at to find how far apart events are. */
const MAX_SAMPLED_ROWS = 65_536;

/**
 * The events of a file as events of the sensor, in its resolution and unit, in bounded memory. How far apart they are
 * is found in the file's first rows, and all other rows must agree.
 *
 * @throws BeliefFileError while iterating, naming line and column
 */
export async function* importedEvents(file: BeliefFile, rules: EventRules): AsyncGenerator<EventBatch> {
  const { sensor, conversion, resample } = rules;
  const resolutionMs = sensor.eventResolutionMs;
  if (resolutionMs === 0 && !conversion.needsLength) yield* converted(file, known(file), 0, conversion);
  else if (resolutionMs > 0 && !resample) {
    yield* converted(file, onSteps(file, sensor), resolutionMs, conversion);
  } else {
    yield* regularEvents(file, rules);
  }
}

/** Events at regular distances. */
async function* regularEvents(file: BeliefFile, rules: EventRules): AsyncGenerator<EventBatch> {
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
    const stepMs = sample.step(clock) ?? rules.sensor.eventResolutionMs;
    yield* resampled(
      { file, batches: withFirst(first, rows), firstLine: top.lines[0]!, stepMs, clock },
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
}

/** Regular events, which may be longer or shorter than the sensor's, as events of the sensor. */
function resampled(
  rows: RegularRows,
  { sensor, conversion, maxEvents, note }: EventRules,
): AsyncIterable<EventBatch> {
  const { file, stepMs, clock } = rows;
  const resolutionMs = sensor.eventResolutionMs;
  const place = file.eventStartPlace(rows.firstLine);
  if (stepMs === 0) {
    throw new BeliefFileError(place, 'the file does not show how long events last, as its unit requires');
  }
  const watched = known(inStep(rows));
  if (stepMs === resolutionMs || resolutionMs === 0) return converted(file, watched, stepMs, conversion);
  const isLonger = stepMs % resolutionMs === 0;
  const [step, resolution] = [formatDuration(stepMs), formatDuration(resolutionMs)];
  if (!isLonger && resolutionMs % stepMs !== 0) {
    const reason = `events are ${step} apart from here on, and last ${resolution} at the sensor`;
    throw new BeliefFileError(place, `${reason}: one must be a multiple of the other`);
  }
  const resampling = { stepMs, resolutionMs, nature: valueNatureOf(sensor.unit), conversion };
  note(
    `Events of ${step} were brought onto the sensor's ${resolution}: ${whatBecame(resampling.nature, isLonger)}.`,
  );
  return isLonger
    ? shortenedEvents(watched, { ...resampling, clock, maxEvents }, file)
    : lengthenedEvents(watched, { ...resampling, zone: sensor.timezone }, file);
}

const whatBecame = (nature: ValueNature, isLonger: boolean): string =>
  nature === 'flow'
    ? `values were ${isLonger ? 'repeated' : 'averaged'}`
    : `amounts were ${isLonger ? 'split' : 'summed'}`;

async function* withFirst(
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
): AsyncGenerator<EventBatch> {
  for await (const batch of batches) {
    const { eventStarts, beliefTimes } = batch;
    yield { eventStarts, values: conversion.convertRows(batch, lengthMs, file), beliefTimes };
  }
}

/** The rows that have a value. */
async function* known(batches: AsyncIterable<BeliefFileBatch>): AsyncGenerator<BeliefFileBatch> {
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

/** Rows as they are, as long as they are about events of the sensor. */
async function* onSteps(
  file: BeliefFile,
  { eventResolutionMs, timezone }: Sensor,
): AsyncGenerator<BeliefFileBatch> {
  for await (const batch of known(file)) {
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
async function* inStep({ file, batches, stepMs, clock }: RegularRows): AsyncGenerator<BeliefFileBatch> {
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
    ? `the event at ${event} is out of step: events are ${formatDuration(stepMs)} apart`
    : `from the event at ${event} on, events are ${formatDuration(distanceMs)} apart instead of ` +
        `${formatDuration(stepMs)}: import the parts as files of their own`;
}
