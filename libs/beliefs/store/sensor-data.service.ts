import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { SourcesService, type Sensor } from '#lib/sensors';
import { DAY_MS, durationToMs, isNominal, type Duration } from '#lib/time';
import { converter, isConvertible } from '#lib/units';
import {
  areCompatibleLengths,
  checkCount,
  checkTimeOfType,
  checkUnitOfType,
  eventsOfPost,
  horizonsOfType,
  postedStepMs,
  recordedHorizons,
  type AskedType,
  type PostedType,
  type RecordingTime,
  type StepValues,
} from '../model';
import type { SaveResult } from './belief-saving';
import { BeliefsService, knowledgeHorizonOf } from './beliefs.service';

/** A series of values over an interval, as clients send it. */
export interface PostedData extends RecordingTime {
  startMs: number;
  durationMs: number;
  /** NaN holds the place of an unknown value. */
  values: Float64Array;
  unit: string;
  sourceId: number;
  type?: PostedType;
}

/** A window of a sensor's data, as clients ask for it. */
export interface DataRequest {
  startMs: number;
  endMs: number;
  unit: string;
  resolution?: Duration;
  /** Beliefs held by then. */
  priorMs?: number;
  /** Beliefs held at least so long before the fact. */
  horizonMs?: number;
  sourceId?: number;
  type?: AskedType;
}

/** Takes and gives a sensor's data as regular series of values. */
@Injectable()
export class SensorDataService {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly sources: SourcesService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Values without a recording time were recorded now; in play mode, as soon as their events were over.
   * @throws DomainError INVALID_UNIT, NO_VALUES, INVALID_VALUES, INCOMPATIBLE_RESOLUTION, NOT_IN_THE_PAST,
   *   NOT_IN_THE_FUTURE, TOO_MANY_EVENTS, and what BeliefsService.save throws
   */
  post(sensor: Sensor, data: PostedData): Promise<SaveResult> {
    const { eventResolutionMs: resolutionMs, unit } = sensor;
    const { startMs, durationMs, nowMs, type = 'PostSensorDataRequest' } = data;
    checkUnit(sensor, data.unit, unit);
    checkUnitOfType(type, data.unit);
    const firstEndMs = startMs + postedStepMs(data);
    checkTimeOfType(type, { firstEndMs, lastEndMs: startMs + durationMs, nowMs });
    const { eventStarts, values } = eventsOfPost(data, { resolutionMs, unit });
    const count = eventStarts.length;
    const recording = this.recordingTime(data);
    return this.beliefs.save(sensor, {
      eventStarts,
      values,
      beliefHorizons: recordedHorizons(eventStarts, recording, resolutionMs, knowledgeHorizonOf(sensor)),
      sourceIds: new Int32Array(count).fill(data.sourceId),
      cumulativeProbabilities: new Float64Array(count).fill(0.5),
    });
  }

  /**
   * One value per step of the window, NaN where nothing is known, in the unit asked for.
   * @throws DomainError INVALID_UNIT, INVALID_RESOLUTION, INVALID_DURATION, TOO_MANY_EVENTS, SOURCE_NOT_FOUND
   */
  async read(sensor: Sensor, request: DataRequest): Promise<Float64Array> {
    const { priorMs, horizonMs, sourceId, type = 'GetSensorDataRequest' } = request;
    checkUnit(sensor, sensor.unit, request.unit);
    checkUnitOfType(type, sensor.unit);
    checkWindow(sensor, request);
    if (sourceId !== undefined) await this.sources.get(sourceId);
    const steps = await this.beliefs.read(sensor, request, {
      beliefsBeforeMs: priorMs,
      ...horizonsOfType(type, horizonMs),
      sourceIds: sourceId === undefined ? undefined : [sourceId],
    });
    const { values } = steps;
    const lengths = stepLengths(steps, request);
    const converted = new Float64Array(values.length);
    for (const eventResolutionMs of new Set(lengths)) {
      const convert = converter(sensor.unit, request.unit, { eventResolutionMs });
      for (let i = 0; i < values.length; i++) {
        if (lengths[i] === eventResolutionMs) converted[i] = convert(values[i]!);
      }
    }
    return converted;
  }

  private recordingTime({ priorMs, horizonMs, nowMs }: RecordingTime): RecordingTime {
    const isInferred = priorMs === undefined && horizonMs === undefined;
    return isInferred && this.settings.mode === 'play'
      ? { horizonMs: 0, nowMs }
      : { priorMs, horizonMs, nowMs };
  }
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

function checkUnit(sensor: Sensor, from: string, to: string): void {
  if (from === to || isConvertible(from, to)) return;
  const other = from === sensor.unit ? to : from;
  const message = `Required unit for this sensor is ${sensor.unit}, got incompatible unit: ${other}`;
  throw new DomainError('INVALID_UNIT', message);
}

/** Steps must fit the sensor's events, and be few enough for one answer. */
function checkWindow(sensor: Sensor, { startMs, endMs, resolution }: DataRequest): void {
  if (endMs < startMs)
    throw new DomainError('INVALID_DURATION', 'A window has no negative length.', 'duration');
  const { eventResolutionMs: ownMs } = sensor;
  const stepMs = resolution === undefined ? ownMs : shortestMs(resolution);
  if (stepMs > 0) checkCount((endMs - startMs) / stepMs);
  if (stepMs === 0 || areCompatibleLengths(ownMs, stepMs)) return;
  const message = `Must be a multiple of the sensor's resolution, which is ${ownMs / 60_000} minutes, or divide it.`;
  throw new DomainError('INVALID_RESOLUTION', message, 'resolution');
}

/** The length that a duration has at least; months count as days of 24 hours. */
function shortestMs({ years = 0, months = 0, ...rest }: Duration): number {
  return durationToMs(rest) + (years * 365 + months * 28) * DAY_MS;
}
