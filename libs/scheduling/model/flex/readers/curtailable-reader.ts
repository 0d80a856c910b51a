import type { CurtailableDevice } from '../..';
import { flexError } from '../flex-error';
import type { FlexReader } from './flex-reader';

/**
 * Reads curtailable production: its `production-capacity` is the power that it could produce. Unknown and negative
 * values count as 0.
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
  const forecast = (await reader.series('production-capacity', { anyRange: true, keepGaps: true }))!;
  if (forecast.some(Number.isNaN)) {
    reader.sources.warn(`${name}: production-capacity is not known throughout: 0 was assumed.`);
  }
  return {
    kind: 'curtailable',
    id,
    forecastMw: forecast.map((mw) => (Number.isNaN(mw) ? 0 : Math.max(0, mw))),
  };
}
