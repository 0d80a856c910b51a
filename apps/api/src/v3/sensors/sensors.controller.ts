import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import type { Account } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { assetRules, AssetsService } from '#lib/assets';
import { EntityAddresses, SensorsService, type Sensor } from '#lib/sensors';
import {
  requirePermission,
  RequiresPermission,
  Resource,
  User,
} from '../../http/auth/permissions/permission.guard';
import { toFieldError } from '../../http/errors/to-field-error';
import { listingOf } from '../../http/paging/list-query.dto';
import { Paginated, PagedList } from '../../http/paging/paged-list';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AttributeReferences } from '../assets/attribute-references.service';
import { parseAttributes } from '../assets/attributes';
import { HostName } from './host-name';
import { toNewSensor } from './new-sensor';
import {
  Sensor as SensorShown,
  SensorAnswer,
  SensorDetails,
  SensorListQuery,
  SensorPatch,
  SensorPost,
} from './sensors.dto';
import { toSensorDetails, toSensorResponse } from './sensors.mapper';

@Controller('api/v3_0/sensors')
export class SensorsController {
  constructor(
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    private readonly removal: AssetRemovalService,
    private readonly addresses: EntityAddresses,
    private readonly references: AttributeReferences,
  ) {}

  @Get()
  @Operation('listSensors', {
    deviceScope: 'read',
    answer: [SensorShown],
    headers: PAGINATION_HEADERS,
    errors: [403, 404, 422],
  })
  @Paginated()
  @RequiresPermission('read', 'account-of-query')
  async list(
    @Resource() account: Account,
    @Query(validationPipe('query')) query: SensorListQuery,
    @User() { assetIds: amongAssets }: Requester,
    @HostName() host: string,
  ) {
    const { asset_id: assetId, unit } = query;
    const selection = { accountId: account.id, assetId, unit, amongAssets };
    const found = await this.sensors.page({ ...selection, ...listingOf(query) });
    return PagedList.of(found, query, (sensor) => toSensorResponse(sensor, this.addressOf(sensor, host)));
  }

  @Post()
  @Operation('createSensor', { answer: SensorDetails, status: 201, errors: [403, 422] })
  async create(
    @Body(validationPipe('json')) body: SensorPost,
    @User() user: Requester,
    @HostName() host: string,
  ) {
    const { generic_asset_id: assetId } = body;
    const asset = await this.assets
      .get(assetId)
      .catch(
        toFieldError('ASSET_NOT_FOUND', 'generic_asset_id', `GenericAsset with id ${assetId} doesn't exist.`),
      );
    requirePermission(user, 'create-children', assetRules(asset));
    const given = toNewSensor(body);
    await this.references.check(given.attributes, user);
    const sensor = await this.sensors.create(given);
    return toSensorDetails(sensor, this.addressOf(sensor, host));
  }

  @Get(':id')
  @Operation('getSensor', { deviceScope: 'read', answer: SensorAnswer, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  get(@Resource() sensor: Sensor, @HostName() host: string) {
    return { ...toSensorDetails(sensor, this.addressOf(sensor, host)), status: 200 };
  }

  @Patch(':id')
  @Operation('updateSensor', { answer: SensorAnswer, errors: [403, 422] })
  @RequiresPermission('update', 'sensor')
  async update(
    @Resource() sensor: Sensor,
    @Body(validationPipe('json')) { attributes: text, ...body }: SensorPatch,
    @User() user: Requester,
    @HostName() host: string,
  ) {
    const attributes = parseAttributes(text);
    await this.references.check(attributes, user, sensor.attributes);
    const changed = await this.sensors.update(sensor, { ...body, attributes });
    return { ...toSensorDetails(changed, this.addressOf(changed, host)), status: 200 };
  }

  @Delete(':id')
  @Operation('deleteSensor', { errors: [403, 422] })
  @RequiresPermission('delete', 'sensor')
  async delete(@Resource() sensor: Sensor): Promise<void> {
    await this.removal.removeSensors([sensor.id]);
  }

  private addressOf(sensor: Sensor, host: string): string {
    return this.addresses.forSensor(sensor.id, host);
  }
}
