import { Injectable } from '@nestjs/common';
import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import type { Duration } from '#lib/time';
import { convertValues, isConvertible } from '#lib/units';
import type { SaveResult } from './belief-saving';
import { BeliefsService, knowledgeHorizonOf } from './beliefs.service';
import { eventsOfPost, recordedHorizons, type RecordingTime } from './model';

/** A series of values over an interval, as clients send it. */
export interface PostedData extends RecordingTime {
  startMs: number;
  durationMs: number;
  /** NaN holds the place of an unknown value. */
  values: Float64Array;
  unit: string;
  sourceId: number;
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
}

/** Takes and gives a sensor's data as regular series of values. */
@Injectable()
export class SensorDataService {
  constructor(private readonly beliefs: BeliefsService) {}

  /** @throws DomainError INVALID_UNIT, NO_VALUES, INCOMPATIBLE_RESOLUTION, and what BeliefsService.save throws */
  post(sensor: Sensor, data: PostedData): Promise<SaveResult> {
    checkUnit(sensor, data.unit, sensor.unit);
    const { eventResolutionMs: resolutionMs, unit } = sensor;
    const { eventStarts, values } = eventsOfPost(data, { resolutionMs, unit });
    const count = eventStarts.length;
    return this.beliefs.save(sensor, {
      eventStarts,
      values,
      beliefHorizons: recordedHorizons(eventStarts, data, resolutionMs, knowledgeHorizonOf(sensor)),
      sourceIds: new Int32Array(count).fill(data.sourceId),
      cumulativeProbabilities: new Float64Array(count).fill(0.5),
    });
  }

  /**
   * One value per step of the window, NaN where nothing is known, in the unit asked for.
   * @throws DomainError INVALID_UNIT
   */
  async read(sensor: Sensor, request: DataRequest): Promise<Float64Array> {
    checkUnit(sensor, sensor.unit, request.unit);
    const { priorMs, horizonMs, sourceId } = request;
    const { eventStarts, values } = await this.beliefs.read(sensor, request, {
      beliefsBeforeMs: priorMs,
      horizonAtLeastMs: horizonMs,
      sourceIds: sourceId === undefined ? undefined : [sourceId],
    });
    const stepMs =
      eventStarts.length > 1 ? eventStarts[1]! - eventStarts[0]! : request.endMs - request.startMs;
    return convertValues(values, sensor.unit, request.unit, { eventResolutionMs: stepMs });
  }
}

function checkUnit(sensor: Sensor, from: string, to: string): void {
  if (from === to || isConvertible(from, to)) return;
  const other = from === sensor.unit ? to : from;
  const message = `Required unit for this sensor is ${sensor.unit}, got incompatible unit: ${other}`;
  throw new DomainError('INVALID_UNIT', message);
}
