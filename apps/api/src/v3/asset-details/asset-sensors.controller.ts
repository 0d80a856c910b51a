import { Controller, Get, Query } from '@nestjs/common';
import type { DetailedAsset } from '#lib/assets';
import { AssetSensors, EntityAddresses, type Sensor } from '#lib/sensors';
import { formatDuration } from '#lib/time';
import { RequiresPermission, Resource } from '../../http/auth/permissions/permission.guard';
import { listingOf, recordPageOf } from '../../http/paging/list-query.dto';
import { searchTerms } from '../../http/paging/search-terms';
import { orderOf } from '../../http/paging/sorted-list-query.dto';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { HostName } from '../sensors/host-name';
import { AssetSensorsQuery, SensorRecords, type SensorOfAsset } from './asset-sensors.dto';

/** The sensors of an asset. */
@Controller('api/v3_0/assets/:id/sensors')
export class AssetSensorsController {
  constructor(
    private readonly sensors: AssetSensors,
    private readonly addresses: EntityAddresses,
  ) {}

  @Get()
  @Operation('listAssetSensors', { deviceScope: 'read', answer: SensorRecords, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async list(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: AssetSensorsQuery,
    @HostName() host: string,
  ): Promise<SensorRecords> {
    const { items, total, totalUnfiltered } = await this.sensors.list({
      assetId: asset.id,
      ...listingOf(recordPageOf(query)),
      terms: searchTerms(query.filter),
      ...orderOf(query),
    });
    return {
      data: items.map((sensor) => toSensorOfAsset(sensor, this.addresses.forSensor(sensor.id, host))),
      'filtered-records': total,
      'num-records': totalUnfiltered,
    };
  }
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
