import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { isAllowed } from '#lib/accounts/model';
import { assetRules, type DetailedAsset } from '#lib/assets';
import { SensorStatusService } from '#lib/beliefs';
import { EntityAddresses, SensorsService, type Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { validateFields } from '../../http/schema/validation';
import { HostName } from '../../v3/sensors/host-name';
import { toNewSensor } from '../../v3/sensors/new-sensor';
import { SensorPost } from '../../v3/sensors/sensors.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { durationInWords } from '../frame/words';
import { LatestValues } from '../graphs/latest-values.service';
import { fieldsOf, type PageRequest } from '../sessions/page-request';
import { AssetHeaders } from './asset-header.service';

const FIELDS = ['name', 'unit', 'event_resolution', 'timezone'];

const RESOLUTIONS = [
  ['PT5M', '5 minutes'],
  ['PT15M', '15 minutes'],
  ['PT30M', '30 minutes'],
  ['PT1H', '1 hour'],
  ['P1D', '1 day'],
  ['PT0S', 'instants'],
];

/** More sensors are not looked up for one page. */
const MAX_SENSORS = 100;

/** The sensors of an asset: a list, a form for a new one, and whether their data is recent. */
@ApiExcludeController()
@Controller('assets/:id')
export class AssetSensorsPageController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly sensors: SensorsService,
    private readonly addresses: EntityAddresses,
    private readonly latest: LatestValues,
    private readonly statuses: SensorStatusService,
  ) {}

  @Get('sensors')
  @RequiresPermission('read', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @HostName() host: string,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(asset, user, host, request, response, {
      event_resolution: 'PT15M',
      timezone: 'Europe/Amsterdam',
    });
  }

  @Post('sensors')
  @RequiresPermission('create-children', 'asset')
  async create(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @HostName() host: string,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = fieldsOf(request, FIELDS);
    try {
      const body = await validateFields(SensorPost, { ...form, generic_asset_id: asset.id });
      const { id } = await this.sensors.create(toNewSensor(body));
      response.redirect(303, `/sensors/${id}`);
    } catch (error) {
      await this.send(asset, user, host, request, response, form, formProblems(error, request, FIELDS));
    }
  }

  @Get('status')
  @RequiresPermission('read', 'asset')
  async showStatus(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const sensors = await this.listOf(asset);
    const statuses = [];
    for (const sensor of sensors)
      for (const { sourceType, isStale, reason } of await this.statuses.describe(sensor))
        statuses.push({ sensor: { id: sensor.id, name: sensor.name }, sourceType, isStale, reason });
    const content = {
      title: `Status of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Status'),
      statuses,
    };
    await this.pages.send(request, response, 'asset-status.html', content);
  }

  private async listOf(asset: DetailedAsset): Promise<Sensor[]> {
    return (await this.sensors.listByAsset(asset.id)).slice(0, MAX_SENSORS);
  }

  private async send(
    asset: DetailedAsset,
    user: ApiUser,
    host: string,
    request: PageRequest,
    response: Response,
    form: Record<string, string>,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const sensors = await this.listOf(asset);
    const latest = new Map((await this.latest.list(sensors)).map((one) => [one.id, one]));
    const content = {
      title: `Sensors of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Sensors'),
      ...{ form, problem, reasons, resolutions: RESOLUTIONS },
      can_create: isAllowed(user, 'create-children', assetRules(asset)),
      sensors: sensors.map(({ id, name, unit, eventResolutionMs }) => ({
        ...{ id, name, unit, resolution: durationInWords(eventResolutionMs) },
        ...{ address: this.addresses.forSensor(id, host), latest: latest.get(id) },
      })),
    };
    await this.pages.send(request, response.set(headers), 'asset-sensors.html', content, { status });
  }
}
