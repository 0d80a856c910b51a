import { Injectable } from '@nestjs/common';
import { DomainError } from '#lib/errors';
import type { Sensor } from '#lib/sensors';
import { convertValues, isConvertible } from '#lib/units';
import { BeliefsService, knowledgeHorizonOf } from './beliefs.service';
import type { SaveResult } from './belief-saving';
import { beliefFileWarnings, readBeliefFile, type BeliefFileBatch, type BeliefFileOptions } from './files';
import { beliefHorizonsAt, type BeliefColumns } from './model';

export interface ImportOptions extends BeliefFileOptions {
  sourceId: number;
  /** Unit of the values in the file, if it is not the sensor's. */
  unit?: string;
  /** Belief horizon of every row, milliseconds. */
  horizonMs?: number;
  /** Belief time of rows for which neither the file nor a horizon tells it, epoch milliseconds. */
  nowMs: number;
  cumulativeProbability?: number;
  allowOverwrite?: boolean;
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
   * Loads one file into one sensor, all or nothing, in bounded memory.
   * @throws BeliefFileError naming line and column; DomainError INVALID_UNIT; what BeliefsService.save throws.
   */
  async importFile(sensor: Sensor, path: string, options: ImportOptions): Promise<ImportResult> {
    const unit = options.unit ?? sensor.unit;
    if (unit !== sensor.unit && !isConvertible(unit, sensor.unit)) {
      throw new DomainError('INVALID_UNIT', `Unit '${unit}' does not convert into ${sensor.unit}.`, 'unit');
    }
    const file = readBeliefFile(path, options);
    const result = await this.beliefs.save(sensor, toBeliefs(file, sensor, unit, options), options);
    return { ...result, warnings: beliefFileWarnings(file.summary) };
  }
}

async function* toBeliefs(
  file: AsyncIterable<BeliefFileBatch>,
  sensor: Sensor,
  unit: string,
  options: ImportOptions,
): AsyncIterable<BeliefColumns> {
  for await (const { eventStarts, values, beliefTimes } of file) {
    yield {
      eventStarts,
      beliefHorizons: horizonsOf(eventStarts, beliefTimes, sensor, options),
      sourceIds: new Int32Array(eventStarts.length).fill(options.sourceId),
      cumulativeProbabilities: new Float64Array(eventStarts.length).fill(
        options.cumulativeProbability ?? 0.5,
      ),
      values:
        unit === sensor.unit
          ? values
          : convertValues(values, unit, sensor.unit, { eventResolutionMs: sensor.eventResolutionMs }),
    };
  }
}

/** The recording time of a row: from the file, from the horizon given, or else now. */
function horizonsOf(
  eventStarts: Float64Array,
  beliefTimes: Float64Array,
  sensor: Sensor,
  { horizonMs, nowMs }: ImportOptions,
): Float64Array {
  if (horizonMs !== undefined) return new Float64Array(eventStarts.length).fill(horizonMs);
  const times = beliefTimes.map((time) => (Number.isNaN(time) ? nowMs : time));
  return beliefHorizonsAt(eventStarts, times, sensor.eventResolutionMs, knowledgeHorizonOf(sensor));
}
