import type { CurtailableDevice } from '../..';
import { flexError } from '../flex-error';
import type { FlexReader } from './flex-reader';

/**
 * Reads curtailable production: its `production-capacity` is the power that it could produce. Unknown and negative
 * values count as 0. A `power-capacity` limits it.
 * @param device its id, and its name for warnings
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export async function readCurtailable(
  { id, name }: { id: string; name: string },
  reader: FlexReader<'flex-model'>,
): Promise<CurtailableDevice> {
  const consumption = await reader.series('consumption-capacity', { anyRange: true });
  if (consumption?.some((mw) => mw > 0)) {
    throw flexError(
      'consumption-capacity',
      'a device that consumes needs a flex-model of a storage or process.',
    );
  }
  // The older attribute of an asset may be that of its connection.
  const hasOwnCapacity = reader.find('power-capacity')?.name !== 'capacity_in_mw';
  const powerMw = hasOwnCapacity ? await reader.series('power-capacity') : undefined;
  const shareOf = reader.isUnread('power-capacity') ? null : powerMw;
  const forecast = (await reader.series('production-capacity', { anyRange: true, keepGaps: true, shareOf }))!;
  if (forecast.some(Number.isNaN)) {
    reader.sources.warn(`${name}: production-capacity is not known throughout: 0 was assumed.`);
  }
  return {
    kind: 'curtailable',
    id,
    forecastMw: forecast.map((mw, t) => {
      const limit = powerMw?.[t] ?? Infinity;
      return Number.isNaN(mw) ? 0 : Math.max(0, Math.min(mw, Number.isNaN(limit) ? Infinity : limit));
    }),
    ...(reader.flag('prefer-curtailing-later') ? {} : { prefersCurtailingSooner: true }),
  };
}
