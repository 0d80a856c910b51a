import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { isAllowed } from '#lib/accounts/model';
import { assetRules, type DetailedAsset } from '#lib/assets';
import { SensorStatusService } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { AssetSensors, EntityAddresses, SensorsService } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { searchTerms } from '../../http/paging/search-terms';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { HostName } from '../../v3/sensors/host-name';
import { toNewSensor } from '../../v3/sensors/new-sensor';
import { SensorPost } from '../../v3/sensors/sensors.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { durationInWords } from '../frame/words';
import { LatestValues } from '../graphs/latest-values.service';
import { listingOf, listView, readListState } from '../lists/list-view';
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

const ORDERS = ['id', 'name', 'resolution'] as const;

/** Columns of both lists that can be sorted. */
const NAME = { title: 'Name', order: 'name' as const };
const SENSOR_COLUMNS = [
  NAME,
  { title: 'Sensor id', order: 'id' as const },
  { title: 'Unit' },
  { title: 'Resolution', order: 'resolution' as const },
  ...['Entity address', 'Latest value', 'Data'].map((title) => ({ title })),
];
const STATUS_COLUMNS = [NAME, ...['Data of', 'State', 'Why'].map((title) => ({ title }))];

/** The sensors of an asset: a list, a form for a new one, and whether their data is recent. */
@ApiExcludeController()
@Controller('assets/:id')
export class AssetSensorsPageController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly sensors: SensorsService,
    private readonly lists: AssetSensors,
    private readonly addresses: EntityAddresses,
    private readonly latest: LatestValues,
    private readonly statuses: SensorStatusService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'timezone'>,
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
    const timezone = (await this.sensors.listByAsset(asset.id)).at(-1)?.timezone;
    const form = { event_resolution: 'PT15M', timezone: timezone ?? this.settings.timezone };
    await this.send(asset, user, host, request, response, form, {}, timezone === undefined);
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
    const { state, page } = await this.pageOf(asset, request);
    const statuses = [];
    for (const sensor of page.items)
      for (const { sourceType, isStale, reason } of await this.statuses.describe(sensor))
        statuses.push({ sensor: { id: sensor.id, name: sensor.name }, sourceType, isStale, reason });
    const content = {
      title: `Status of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Status'),
      statuses,
      list: listView(state, STATUS_COLUMNS, page),
    };
    await this.pages.send(request, response, 'asset-status.html', content);
  }

  /** The page of the list that the address asks for. */
  private async pageOf({ id: assetId }: DetailedAsset, request: PageRequest) {
    const state = readListState(request, ORDERS);
    const { filter, sort: sortBy, isDescending } = state;
    const page = await this.lists.list({
      ...{ assetId, terms: searchTerms(filter), sortBy, isDescending },
      ...listingOf(state),
    });
    return { state, page };
  }

  /** @param isFirst whether nothing tells in which time zone the asset is */
  private async send(
    asset: DetailedAsset,
    user: ApiUser,
    host: string,
    request: PageRequest,
    response: Response,
    form: Record<string, string>,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
    isFirst = false,
  ): Promise<void> {
    const { state, page } = await this.pageOf(asset, request);
    const latest = new Map((await this.latest.list(page.items)).map((one) => [one.id, one]));
    const content = {
      title: `Sensors of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Sensors'),
      ...{ form, problem, reasons, resolutions: RESOLUTIONS, is_first: isFirst },
      can_create: isAllowed(user, 'create-children', assetRules(asset)),
      list: listView(state, SENSOR_COLUMNS, page),
      sensors: page.items.map(({ id, name, unit, eventResolutionMs }) => ({
        ...{ id, name, unit, resolution: durationInWords(eventResolutionMs) },
        ...{ address: this.addresses.forSensor(id, host), latest: latest.get(id) },
      })),
    };
    await this.pages.send(request, response.set(headers), 'asset-sensors.html', content, { status });
  }
}
