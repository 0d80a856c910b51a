import { Inject, Injectable } from '@nestjs/common';
import type { Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import { beliefFileWarnings, BeliefFiles, type BeliefFile, type BeliefFileOptions } from '../files';
import {
  beliefHorizonsAt,
  recordedHorizons,
  type BeliefColumns,
  type PartialRule,
  type RecordingTime,
  type TimedValues,
} from '../model';
import type { SaveResult } from '../store/belief-saving';
import { BeliefsService, knowledgeHorizonOf } from '../store/beliefs.service';
import { importedEvents, type EventRules } from './imported-events';
import { ValueConversion } from './value-conversion';

/** How to read a file, and what its values mean. */
export interface ReadOptions extends BeliefFileOptions, Partial<RecordingTime> {
  /** Unit of the values in the file, if it is not the sensor's; `datetime` or `timedelta` if the values are times. */
  unit?: string;
  /** Whether the datetimes of the file are the starts or the ends of the events; starts by default. */
  stamps?: 'start' | 'end';
  /** Whether rows are readings that hold until the next one, and events become their time-weighted means. */
  timeWeighted?: boolean;
  /** What an amount of the sensor is of which the file has only a part; unknown by default. */
  partial?: PartialRule;
}

export interface ImportOptions extends ReadOptions {
  sourceId: number;
  cumulativeProbability?: number;
  allowOverwrite?: boolean;
  /**
   * Whether events longer or shorter than the sensor's are resampled to its resolution; true by default. Otherwise rows
   * are taken as they are, and must start on the sensor's steps.
   */
  resample?: boolean;
  /** Largest number of events of the sensor that longer events of the file may become; any number by default. */
  maxEvents?: number;
}

export interface ImportResult extends SaveResult {
  /** Number of rows that could not be read and were skipped. */
  rowsBad: number;
  /** Sentences about rows that were left out or interpreted. */
  warnings: string[];
}

/** The first events of a file, in the unit of the sensor. */
export interface PreviewedFile {
  /** Epoch milliseconds. */
  starts: number[];
  /** NaN where the file has no value. */
  values: number[];
  /** The names of the columns of the file; undefined if it has none. */
  columns?: readonly string[];
  /** Sentences about what was done to the values. */
  notes: string[];
}

/** A file on its way into a sensor. */
export interface OpenedFile {
  file: BeliefFile;
  conversion: ValueConversion;
}

/** Loads beliefs from files. */
@Injectable()
export class BeliefImportService {
  constructor(
    private readonly beliefs: BeliefsService,
    private readonly files: BeliefFiles,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Loads one file into one sensor, all or nothing, in bounded memory. Belief times come from the options, or else from
   * the file's column of belief times, or else are now.
   * @throws BeliefFileError naming line and column; DomainError INVALID_UNIT, ATTRIBUTE_INVALID; what
   *   BeliefsService.save throws.
   */
  async importFile(sensor: Sensor, path: string, options: ImportOptions): Promise<ImportResult> {
    return this.save(sensor, await this.open(sensor, path, options), options);
  }

  /**
   * The first half of `importFile`: opens the file, for `save`. A spreadsheet is read whole here, which takes long and
   * needs no transaction.
   */
  async open(sensor: Sensor, path: string, options: ReadOptions): Promise<OpenedFile> {
    const conversion = new ValueConversion(sensor, options.unit);
    const beliefcol = isTimeGiven(options) ? undefined : options.beliefcol;
    const reading = { ...options, beliefcol, valueKind: conversion.kind, keepRowsWithoutValue: true };
    return { conversion, file: await this.files.open(path, reading) };
  }

  /**
   * The first events that a file would become, without saving anything.
   * @param count of events
   * @throws as `importFile`, as far as the file was read
   */
  async preview(sensor: Sensor, path: string, options: ReadOptions, count: number): Promise<PreviewedFile> {
    const { file, conversion } = await this.open(sensor, path, options);
    const notes: string[] = [];
    const events = importedEvents(file, rulesOf(sensor, conversion, options, notes));
    const starts: number[] = [];
    const values: number[] = [];
    try {
      for await (const batch of events) {
        starts.push(...batch.eventStarts.subarray(0, count - starts.length));
        values.push(...batch.values.subarray(0, count - values.length));
        if (starts.length >= count) break;
      }
    } finally {
      await events.return(undefined);
    }
    return { starts, values, columns: file.summary.columns, notes };
  }

  /** The second half of `importFile`. */
  async save(
    sensor: Sensor,
    { file, conversion }: OpenedFile,
    options: ImportOptions,
  ): Promise<ImportResult> {
    const notes: string[] = [];
    if (isTimeGiven(options) && options.beliefcol !== undefined) {
      notes.push('The column of belief times was not used, because prior or horizon was given.');
    }
    const events = importedEvents(file, rulesOf(sensor, conversion, options, notes));
    try {
      const result = await this.beliefs.save(
        sensor,
        toBeliefs(events, sensor, options, () => this.clock.now()),
        options,
      );
      return {
        ...result,
        rowsBad: file.summary.rowsBad,
        warnings: [...notes, ...beliefFileWarnings(file.summary)],
      };
    } finally {
      // Closes the file if saving stopped before its end.
      await events.return(undefined);
    }
  }
}

/** @param notes takes sentences about what was done to the values */
const rulesOf = (
  sensor: Sensor,
  conversion: ValueConversion,
  options: ReadOptions & Pick<ImportOptions, 'resample' | 'maxEvents'>,
  notes: string[],
): EventRules => ({
  sensor,
  conversion,
  resample: options.resample ?? true,
  maxEvents: options.maxEvents ?? Infinity,
  zone: options.timezone ?? sensor.timezone,
  stamps: options.stamps,
  timeWeighted: options.timeWeighted,
  partial: options.partial,
  note: (sentence) => notes.push(sentence),
});

const isTimeGiven = ({ priorMs, horizonMs }: ReadOptions): boolean =>
  priorMs !== undefined || horizonMs !== undefined;

async function* toBeliefs(
  events: AsyncIterable<TimedValues>,
  sensor: Sensor,
  options: ImportOptions,
  now: () => number,
): AsyncGenerator<BeliefColumns> {
  // Called when this writer has its lock: of two writers that wait for each other, the later one gets the later now.
  const time = { ...options, nowMs: options.nowMs ?? now() };
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
