import { DAY_MS, formatDuration, formatInstant, isNearStep, snapToStep, type ZoneClock } from '#lib/time';
import type { Sensor } from '#lib/sensors';
import { BeliefFileError, type BeliefFile, type BeliefFileBatch } from '../files';
import { keepsEventStarts } from '../model';

/** Resolutions that divide this fit the offsets of all zones, so that their steps are the same everywhere. */
const COMMON_OFFSET_MS = 900_000;

/** Rows whose event starts are moved by one length of an event: the file states the end of each interval. */
export async function* fromEnds(
  batches: AsyncIterable<BeliefFileBatch>,
  lengthMs: number,
  clock: ZoneClock,
): AsyncGenerator<BeliefFileBatch> {
  const startOf = (end: number): number =>
    lengthMs % DAY_MS === 0 ? clock.resolveLocal(clock.instantToLocal(end) - lengthMs) : end - lengthMs;
  for await (const batch of batches) yield { ...batch, eventStarts: batch.eventStarts.map(startOf) };
}

/**
 * Rows whose event starts are moved to the sensor's steps: back, or forward if they barely miss the next step. Rows of a
 * sensor that keeps event starts stay as they are.
 *
 * @param which which starts are moved: all, or only those that are near to a step
 * @throws BeliefFileError for a row that is moved to the event of the row before it
 */
export async function* snapToSteps(
  batches: AsyncIterable<BeliefFileBatch>,
  file: BeliefFile,
  sensor: Sensor,
  note: (sentence: string) => void,
  which: 'all' | 'near' = 'all',
): AsyncGenerator<BeliefFileBatch> {
  if (keepsEventStarts(sensor)) {
    yield* batches;
    return;
  }
  const { eventResolutionMs, timezone } = sensor;
  const isCommon = COMMON_OFFSET_MS % eventResolutionMs === 0;
  let count = 0;
  let example = '';
  let before = { start: NaN, step: NaN };
  const place = (start: number): number => {
    if (isCommon && start % eventResolutionMs === 0) return start;
    if (which === 'near' && !isNearStep(start, eventResolutionMs, timezone)) return start;
    const step = snapToStep(start, eventResolutionMs, timezone);
    if (step !== start && ++count === 1)
      example = `${formatInstant(start, timezone)} to ${formatInstant(step, timezone)}`;
    return step;
  };
  for await (const batch of batches) {
    const eventStarts = new Float64Array(batch.eventStarts.length);
    for (const [row, start] of batch.eventStarts.entries()) {
      const step = place(start);
      if (step === before.step && start !== before.start)
        throw sameEvent(file, batch.lines[row]!, step, sensor);
      eventStarts[row] = step;
      before = { start, step };
    }
    yield { ...batch, eventStarts };
  }
  if (count === 0) return;
  const events = count === 1 ? '1 event start was' : `${count} event starts were`;
  note(`${events} moved to the sensor's steps of ${formatDuration(eventResolutionMs)}, such as ${example}.`);
}

function sameEvent(file: BeliefFile, line: number, step: number, { timezone }: Sensor): BeliefFileError {
  return new BeliefFileError(
    file.eventStartPlace(line),
    `this row and the one before it are about the same event of the sensor, at ${formatInstant(step, timezone)} ` +
      '(for readings at irregular times, ask for time-weighted means)',
  );
}

/** Rows as they are; notes if they fill whole days from the end of the first interval to midnight. */
export async function* noteTimestampsAtEnd(
  batches: AsyncIterable<BeliefFileBatch>,
  lengthMs: number,
  clock: ZoneClock,
  note: (sentence: string) => void,
): AsyncGenerator<BeliefFileBatch> {
  let first = NaN;
  let last = NaN;
  let count = 0;
  for await (const batch of batches) {
    const { eventStarts } = batch;
    if (count === 0 && eventStarts.length > 0) first = eventStarts[0]!;
    count += eventStarts.length;
    last = eventStarts.at(-1) ?? last;
    yield batch;
  }
  const timeOfDay = (instant: number): number => clock.instantToLocal(instant) % DAY_MS;
  if (count < 2 || lengthMs >= DAY_MS || timeOfDay(first) !== lengthMs || timeOfDay(last) !== 0) return;
  note(
    `The rows go from ${formatInstant(first, clock.zone)} to midnight. If the file states the end of each interval, ` +
      'import it with stamps at the end.',
  );
}
