import { BeliefMaintenanceService, type BeliefKind, type BeliefSelection } from '#lib/beliefs';
import { DomainError } from '#lib/errors';
import { withServices } from '../../app/services';
import { confirm } from '../../terminal/confirm';
import { formatCount, joinNames } from '../../terminal/format-lists';

export interface DeleteBeliefsOptions {
  sensorId?: number[];
  force?: boolean;
}

export interface DeleteUnchangedOptions extends DeleteBeliefsOptions {
  deleteForecasts?: boolean;
  keepForecasts?: boolean;
  deleteMeasurements?: boolean;
  keepMeasurements?: boolean;
}

export const deleteMeasurements = (options: DeleteBeliefsOptions): Promise<void> =>
  deleteSelected(options, { kind: 'measurements' }, 'measurement');

export const deletePrognoses = (options: DeleteBeliefsOptions): Promise<void> =>
  deleteSelected(options, { kind: 'forecasts' }, 'forecast');

export const deleteNanBeliefs = (options: DeleteBeliefsOptions): Promise<void> =>
  deleteSelected(options, { nonFiniteOnly: true }, 'NaN or infinite belief');

function deleteSelected(
  { sensorId, force }: DeleteBeliefsOptions,
  selection: BeliefSelection,
  word: string,
): Promise<void> {
  const sensorIds = unique(sensorId);
  return withServices(async (services) => {
    const maintenance = services(BeliefMaintenanceService);
    if (!force) {
      const count = await maintenance.count({ ...selection, sensorIds });
      if (count > 0) await confirm(`Delete ${formatCount(count, word)} about ${sensorsInWords(sensorIds)}?`);
    }
    const count = await maintenance.delete({ ...selection, sensorIds });
    console.log(count === 0 ? `There were no ${word}s.` : `Deleted ${formatCount(count, word)}.`);
  });
}

export function deleteUnchangedBeliefs(options: DeleteUnchangedOptions): Promise<void> {
  const kinds: BeliefKind[] = [
    ...(options.keepForecasts ? [] : (['forecasts'] as const)),
    ...(options.keepMeasurements ? [] : (['measurements'] as const)),
  ];
  if (kinds.length === 0) {
    const message = '--keep-forecasts and --keep-measurements together leave nothing to delete.';
    throw new DomainError('INVALID_OPTION', message);
  }
  const sensorIds = unique(options.sensorId);
  return withServices(async (services) => {
    const maintenance = services(BeliefMaintenanceService);
    if (!options.force) {
      const { forecasts, measurements } = await maintenance.countUnchanged(kinds, sensorIds);
      const beliefs = describeCounts(forecasts, measurements);
      if (forecasts + measurements > 0)
        await confirm(`Delete ${beliefs} about ${sensorsInWords(sensorIds)}?`);
    }
    const { forecasts, measurements } = await maintenance.deleteUnchanged(kinds, sensorIds);
    console.log(
      forecasts + measurements === 0
        ? 'There were no unchanged beliefs.'
        : `Deleted ${describeCounts(forecasts, measurements)}.`,
    );
  });
}

const describeCounts = (forecasts: number, measurements: number): string =>
  `${formatCount(forecasts + measurements, 'unchanged belief')} ` +
  `(${formatCount(measurements, 'measurement')} and ${formatCount(forecasts, 'forecast')})`;

const sensorsInWords = (ids: number[] | undefined): string =>
  ids === undefined
    ? 'all sensors'
    : `${ids.length === 1 ? 'sensor' : 'sensors'} ${joinNames(ids.map(String))}`;

const unique = (ids: number[] | undefined): number[] | undefined => ids && [...new Set(ids)];
