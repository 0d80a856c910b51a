import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { assetRules, AssetsService } from '#lib/assets';
import { SensorChangesService } from '#lib/beliefs';
import { EntityAddresses, SensorsService, type Sensor } from '#lib/sensors';
import {
  requirePermission,
  RequiresPermission,
  Resource,
  User,
} from '../../http/auth/permissions/permission.guard';
import { toFieldError } from '../../http/errors/to-field-error';
import { Paginated } from '../../http/paging/paged-list';
import { RecordPage } from '../../http/paging/record-page';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AttributeReferences } from '../assets/attribute-references.service';
import { HostName } from './host-name';
import { toNewSensor, toSensorPatch } from './new-sensor';
import { Sensor as SensorShown, SensorAnswer, SensorDetails, SensorPatch, SensorPost } from './sensors.dto';
import { SensorListQuery, SensorPage } from './sensor-list.dto';
import { SensorList, toPage } from './sensor-list.service';
import { toSensorDetails, toSensorResponse } from './sensors.mapper';

@Controller('api/v3_0/sensors')
export class SensorsController {
  constructor(
    private readonly lists: SensorList,
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    private readonly removal: AssetRemovalService,
    private readonly changes: SensorChangesService,
    private readonly addresses: EntityAddresses,
    private readonly references: AttributeReferences,
  ) {}

  @Get()
  @Operation('listSensors', {
    deviceScope: 'read',
    answer: { oneOf: [[SensorShown], SensorPage] },
    headers: PAGINATION_HEADERS,
    errors: [403, 404, 422],
  })
  @Paginated()
  async list(
    @Query(validationPipe('query')) query: SensorListQuery,
    @User() user: Requester,
    @HostName() host: string,
  ) {
    const show = (sensor: Sensor) => toSensorResponse(sensor, this.addressOf(sensor, host));
    const found = await this.lists.page(query, user);
    return RecordPage.ofRecords(found, toPage(query), show);
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
    @Body(validationPipe('json')) body: SensorPatch,
    @User() user: Requester,
    @HostName() host: string,
  ) {
    const patch = toSensorPatch(body);
    await this.references.check(patch.attributes, user, sensor.attributes);
    const changed = await this.changes.update(sensor, patch);
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
