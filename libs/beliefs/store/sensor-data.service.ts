import { Inject, Injectable } from '@nestjs/common';
import { runAtOnce, runInSlices, type Pausable } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError, shown } from '#lib/errors';
import { SourcesService, type Sensor } from '#lib/sensors';
import {
  DAY_MS,
  durationToMs,
  eventEnds,
  formatDuration,
  formatInstant,
  isNominal,
  type Duration,
} from '#lib/time';
import { converter, isConvertible } from '#lib/units';
import {
  areCompatibleLengths,
  checkEventCount,
  checkTimeOfType,
  checkUnitOfType,
  eventsOfPost,
  horizonBoundsOfType,
  keepsEventStarts,
  onSensorSteps,
  postedStepMs,
  recordedHorizons,
  signRuleOf,
  aggregationOf,
  type GetMessageType,
  type PartialRule,
  type PostMessageType,
  type RecordingTime,
  type StepValues,
} from '../model';
import type { SaveResult } from './belief-saving';
import { BeliefsService, knowledgeHorizonOf, type ReadForm } from './beliefs.service';

/** A series of values over an interval, as clients post it. */
export interface PostedData extends RecordingTime {
  startMs: number;
  durationMs: number;
  /** NaN holds the place of an unknown value. */
  values: Float64Array;
  unit: string;
  sourceId: number;
  type?: PostMessageType;
}

/** What became of a posted series. */
export interface PostResult extends SaveResult {
  /** Sentences about what was changed before it was saved. */
  notes: string[];
}

/** A request for a window of a sensor's data. */
export interface DataRequest {
  startMs: number;
  endMs: number;
  unit: string;
  resolution?: Duration;
  /** What an amount is of which only a part is known; unknown by default. */
  partial?: PartialRule;
  /** Beliefs formed at this moment or earlier. */
  priorMs?: number;
  /** Smallest belief horizon, ms. */
  horizonMs?: number;
  sourceId?: number;
  /** Only beliefs of these sources; of all by default. */
  sourceIds?: readonly number[];
  type?: GetMessageType;
}

/** The values of a window. */
export interface ReadResult {
  /** One per step, NaN where unknown. */
  values: Float64Array;
  /** Sentences about how they were found. */
  notes: string[];
}

/** Instants are counted up to this number. */
const MAX_COUNTED = 1_000_000;

/** Saves and reads a sensor's data as regular series of values. */
@Injectable()
export class SensorDataService {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Saves a posted series. Without prior or horizon, the belief time is now; in play mode, the end of each event. A series
   * that starts between two steps of the sensor is moved to them, unless an attribute says otherwise, and the result says so.
   * @throws DomainError INVALID_UNIT, NO_VALUES, INVALID_VALUES, INCOMPATIBLE_RESOLUTION, NOT_IN_THE_PAST,
   *   NOT_IN_THE_FUTURE, TOO_MANY_EVENTS, and what BeliefsService.save throws
   */
  async post(sensor: Sensor, data: PostedData): Promise<PostResult> {
    const { eventResolutionMs: resolutionMs, unit, timezone } = sensor;
    const { startMs, durationMs, nowMs, type = 'PostSensorDataRequest' } = data;
    checkUnit(sensor, data.unit, unit);
    checkUnitOfType(type, data.unit);
    const firstEndMs = startMs + postedStepMs(data);
    checkTimeOfType(type, { firstEndMs, lastEndMs: startMs + durationMs, nowMs });
    const placed = keepsEventStarts(sensor) ? data : onSensorSteps(data, resolutionMs, timezone);
    const { eventStarts, values } = eventsOfPost(placed, {
      resolutionMs,
      unit,
      timezone,
      signRule: signRuleOf(sensor),
    });
    const count = eventStarts.length;
    const recording = this.recordingTime(data);
    const result = await this.beliefs.save(sensor, {
      eventStarts,
      values,
      beliefHorizons: recordedHorizons(eventStarts, recording, resolutionMs, knowledgeHorizonOf(sensor)),
      sourceIds: new Int32Array(count).fill(data.sourceId),
      cumulativeProbabilities: new Float64Array(count).fill(0.5),
    });
    return { ...result, notes: placed === data ? [] : [movedText(sensor, startMs, placed.startMs)] };
  }

  /**
   * One value per step of the window, NaN where nothing is known, in the requested unit.
   * @throws DomainError INVALID_UNIT, INVALID_RESOLUTION, INVALID_DURATION, TOO_MANY_EVENTS, SOURCE_NOT_FOUND
   */
  async read(sensor: Sensor, request: DataRequest): Promise<ReadResult> {
    const { priorMs, horizonMs, sourceId, type = 'GetSensorDataRequest' } = request;
    checkUnit(sensor, sensor.unit, request.unit);
    checkUnitOfType(type, sensor.unit);
    checkWindow(sensor, request);
    if (sourceId !== undefined) await this.sources.get(sourceId);
    const search = {
      beliefsBeforeMs: priorMs,
      ...horizonBoundsOfType(type, horizonMs),
      sourceIds: chosenSources(request),
    };
    const form = formOf(sensor, request);
    const steps = await this.beliefs.read(sensor, request, search, form);
    const notes = steps.partialSteps > 0 ? [partialText(steps.partialSteps, request.partial)] : [];
    if (form.convert) return { values: steps.values, notes };
    const lengths = stepLengths(steps, request);
    return { values: await runInSlices(converted(steps.values, lengths, sensor.unit, request.unit)), notes };
  }

  /**
   * How many events the answer to a request is made from: of instants the stored ones, up to a limit, otherwise those
   * that the window has room for.
   */
  async countEvents(sensor: Sensor, { startMs, endMs }: DataRequest): Promise<number> {
    const { eventResolutionMs } = sensor;
    if (eventResolutionMs > 0) return Math.max(0, (endMs - startMs) / eventResolutionMs);
    if (endMs - startMs <= DAY_MS) return 0;
    const window = { eventStartsAfterMs: startMs, eventStartsBeforeMs: endMs };
    return this.beliefs.countUpTo(MAX_COUNTED, sensor, window);
  }

  /** When the posted beliefs were formed. */
  private recordingTime({ priorMs, horizonMs, nowMs }: RecordingTime): RecordingTime {
    const isUnknown = priorMs === undefined && horizonMs === undefined;
    return isUnknown && this.settings.mode === 'play'
      ? { horizonMs: 0, nowMs }
      : { priorMs, horizonMs, nowMs };
  }
}

/** The sources that a request chooses; undefined for all. */
function chosenSources({ sourceId, sourceIds }: DataRequest): number[] | undefined {
  if (sourceId === undefined) return sourceIds && [...sourceIds];
  return sourceIds === undefined || sourceIds.includes(sourceId) ? [sourceId] : [];
}

/**
 * How values are read in a unit. Between power and energy, events are converted first, so that a part of the energy of a step
 * is not taken for the whole, nor its mean power for less than it is.
 */
function formOf(sensor: Sensor, { unit, partial }: DataRequest): ReadForm {
  const { eventResolutionMs, timezone } = sensor;
  const aggregation = aggregationOf(unit);
  if (eventResolutionMs === 0 || aggregation === aggregationOf(sensor.unit)) return { partial };
  return {
    aggregation,
    partial,
    convert: ({ eventStarts, values }) => {
      const ends = eventEnds(eventStarts, eventResolutionMs, timezone);
      const lengths = ends.map((end, i) => end - eventStarts[i]!);
      return runAtOnce(converted(values, lengths, sensor.unit, unit));
    },
  };
}

function partialText(count: number, partial: PartialRule = 'unknown'): string {
  const steps = count === 1 ? '1 step is' : `${count} steps are`;
  return partial === 'scale'
    ? `Only a part of ${steps} known, and was scaled up to the whole.`
    : `Only a part of ${steps} known, so that the whole is not.`;
}

/** Values of steps of different lengths (ms), converted between units. */
function* converted(
  values: Float64Array,
  lengths: Float64Array,
  from: string,
  to: string,
): Pausable<Float64Array> {
  const result = new Float64Array(values.length);
  for (const eventResolutionMs of new Set(lengths)) {
    yield;
    const convert = converter(from, to, { eventResolutionMs });
    for (let i = 0; i < values.length; i++) {
      if (lengths[i] === eventResolutionMs) result[i] = convert(values[i]!);
    }
  }
  return result;
}

/** The length of each step, ms. Amounts at instants are counted over it. A lone step of exact length is the window. */
function stepLengths(
  { eventStarts, eventEnds }: StepValues,
  { startMs, endMs, resolution }: DataRequest,
): Float64Array {
  const isNominalStep = resolution !== undefined && isNominal(resolution);
  if (eventStarts.length === 1 && !isNominalStep) return Float64Array.of(endMs - startMs);
  return eventEnds.map((end, i) => end - eventStarts[i]!);
}

const movedText = ({ eventResolutionMs, timezone }: Sensor, fromMs: number, toMs: number): string =>
  `The start was moved from ${formatInstant(fromMs, timezone)} to ${formatInstant(toMs, timezone)}, because the ` +
  `sensor's events start every ${formatDuration(eventResolutionMs)}.`;

function checkUnit(sensor: Sensor, from: string, to: string): void {
  if (from === to || isConvertible(from, to)) return;
  const other = from === sensor.unit ? to : from;
  const message = `Required unit for this sensor is ${sensor.unit}, got incompatible unit: ${shown(other)}`;
  throw new DomainError('INVALID_UNIT', message);
}

/** @throws DomainError unless steps are compatible with the sensor's events, and few enough for one answer */
function checkWindow(sensor: Sensor, { startMs, endMs, resolution }: DataRequest): void {
  if (endMs < startMs)
    throw new DomainError('INVALID_DURATION', 'A window cannot have a negative length.', 'duration');
  const { eventResolutionMs: ownMs } = sensor;
  const stepMs = resolution === undefined ? ownMs : shortestMs(resolution);
  if (stepMs > 0) checkEventCount((endMs - startMs) / stepMs);
  if (stepMs === 0 || areCompatibleLengths(ownMs, stepMs)) return;
  const message = `Must be a multiple of the sensor's resolution, which is ${ownMs / 60_000} minutes, or divide it.`;
  throw new DomainError('INVALID_RESOLUTION', message, 'resolution');
}

/** Smallest length (ms) of a duration; days have 24 hours here, months 28 days. */
function shortestMs({ years = 0, months = 0, ...rest }: Duration): number {
  return durationToMs(rest) + (years * 365 + months * 28) * DAY_MS;
}
