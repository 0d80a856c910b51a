import { Controller, Get, Query } from '@nestjs/common';
import type { DetailedAsset } from '#lib/assets';
import { AssetSensors, EntityAddresses, type Sensor } from '#lib/sensors';
import { formatDuration } from '#lib/time';
import { RequiresPermission, Resource } from '../../http/auth/permissions/permission.guard';
import { listingOf } from '../../http/paging/list-query.dto';
import { searchTerms } from '../../http/paging/search-terms';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { HostName } from '../sensors/host-name';
import { AssetSensorsQuery, SensorRecords, type SensorOfAsset } from './asset-sensors.dto';

/** Clients of 2026 expect so many items on a page. */
const DEFAULT_PER_PAGE = 10;

/** The sensors of an asset. */
@Controller('api/v3_0/assets/:id/sensors')
export class AssetSensorsController {
  constructor(
    private readonly sensors: AssetSensors,
    private readonly addresses: EntityAddresses,
  ) {}

  @Get()
  @Operation('listAssetSensors', { answer: SensorRecords, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async list(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: AssetSensorsQuery,
    @HostName() host: string,
  ): Promise<SensorRecords> {
    const { items, total, totalUnfiltered } = await this.sensors.list({
      assetId: asset.id,
      ...toPage(query),
      terms: searchTerms(query.filter),
      sortBy: query.sort_by ?? query['sort-by'],
      isDescending: (query.sort_dir ?? query['sort-dir']) === 'desc',
    });
    return {
      data: items.map((sensor) => toSensorOfAsset(sensor, this.addresses.forSensor(sensor.id, host))),
      'filtered-records': total,
      'num-records': totalUnfiltered,
    };
  }
}

function toPage({ page, per_page: perPage, ...query }: AssetSensorsQuery) {
  const length = perPage ?? query['per-page'] ?? (page === undefined ? undefined : DEFAULT_PER_PAGE);
  const { offset, limit } = listingOf({ page, per_page: length });
  return { offset, limit };
}

const toSensorOfAsset = (sensor: Sensor, entityAddress: string): SensorOfAsset => ({
  entity_address: entityAddress,
  event_resolution: formatDuration(sensor.eventResolutionMs),
  generic_asset_id: sensor.assetId,
  id: sensor.id,
  name: sensor.name,
  timezone: sensor.timezone,
  unit: sensor.unit,
});
