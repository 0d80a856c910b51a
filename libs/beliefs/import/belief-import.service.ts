import { Injectable } from '@nestjs/common';
import type { Sensor } from '#lib/sensors';
import { beliefFileWarnings, readBeliefFile, type BeliefFileOptions } from '../files';
import {
  beliefHorizonsAt,
  recordedHorizons,
  type BeliefColumns,
  type RecordingTime,
  type TimedValues,
} from '../model';
import type { SaveResult } from '../store/belief-saving';
import { BeliefsService, knowledgeHorizonOf } from '../store/beliefs.service';
import { importedEvents } from './imported-events';
import { ValueConversion } from './value-conversion';

export interface ImportOptions extends BeliefFileOptions, Partial<RecordingTime> {
  sourceId: number;
  /** Unit of the values in the file, if it is not the sensor's; `datetime` or `timedelta` if the values are times. */
  unit?: string;
  cumulativeProbability?: number;
  allowOverwrite?: boolean;
  /**
   * Whether events longer or shorter than the sensor's are resampled to its resolution; true by default. Otherwise rows
   * are taken as they are, and must start on the sensor's steps.
   */
  resample?: boolean;
}

export interface ImportResult extends SaveResult {
  /** Sentences about rows that were left out or interpreted. */
  warnings: string[];
}

/** Loads beliefs from files. */
@Injectable()
export class BeliefImportService {
  constructor(private readonly beliefs: BeliefsService) {}

  /**
   * Loads one file into one sensor, all or nothing, in bounded memory. Belief times come from the options, or else from
   * the file's column of belief times, or else are now.
   * @throws BeliefFileError naming line and column; DomainError INVALID_UNIT, ATTRIBUTE_INVALID; what
   *   BeliefsService.save throws.
   */
  async importFile(sensor: Sensor, path: string, options: ImportOptions): Promise<ImportResult> {
    const conversion = new ValueConversion(sensor, options.unit);
    const isTimeGiven = options.priorMs !== undefined || options.horizonMs !== undefined;
    const beliefcol = isTimeGiven ? undefined : options.beliefcol;
    const reading = { ...options, beliefcol, valueKind: conversion.kind, holdPlaces: true };
    const file = readBeliefFile(path, reading);
    const notes: string[] = [];
    if (isTimeGiven && options.beliefcol !== undefined) {
      notes.push('The column of belief times was not used, because prior or horizon was given.');
    }
    const events = importedEvents(file, {
      sensor,
      conversion,
      resample: options.resample ?? true,
      zone: options.timezone ?? sensor.timezone,
      note: (sentence) => notes.push(sentence),
    });
    try {
      const result = await this.beliefs.save(sensor, toBeliefs(events, sensor, options), options);
      return { ...result, warnings: [...notes, ...beliefFileWarnings(file.summary)] };
    } finally {
      // Closes the file if saving stopped before its end.
      await events.return(undefined);
    }
  }
}

async function* toBeliefs(
  events: AsyncIterable<TimedValues>,
  sensor: Sensor,
  options: ImportOptions,
): AsyncGenerator<BeliefColumns> {
  // Called when this writer has its lock: of two writers that wait for each other, the later one gets the later now.
  const time = { ...options, nowMs: options.nowMs ?? Date.now() };
  for await (const { eventStarts, values, beliefTimes } of events) {
    yield {
      eventStarts,
      beliefHorizons: horizonsOf(eventStarts, beliefTimes, sensor, time),
      sourceIds: new Int32Array(eventStarts.length).fill(options.sourceId),
      cumulativeProbabilities: new Float64Array(eventStarts.length).fill(
        options.cumulativeProbability ?? 0.5,
      ),
      values,
    };
  }
}

function horizonsOf(
  eventStarts: Float64Array,
  beliefTimes: Float64Array,
  sensor: Sensor,
  time: RecordingTime,
): Float64Array {
  const rule = knowledgeHorizonOf(sensor);
  if (beliefTimes.every(Number.isNaN)) {
    return recordedHorizons(eventStarts, time, sensor.eventResolutionMs, rule);
  }
  const times = beliefTimes.map((beliefTime) => (Number.isNaN(beliefTime) ? time.nowMs : beliefTime));
  return beliefHorizonsAt(eventStarts, times, sensor.eventResolutionMs, rule);
}
