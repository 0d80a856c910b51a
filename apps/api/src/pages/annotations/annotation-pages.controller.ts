import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Account } from '#lib/accounts';
import { accountRules, isAllowed } from '#lib/accounts/model';
import { assetRules, type DetailedAsset } from '#lib/assets';
import { sensorRules, SensorsService, type Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import type { PageRequest } from '../sessions/page-request';
import { AnnotationPage, type AnnotatedThing } from './annotation-page.service';

/** Annotations of sensors, assets and accounts: lists, and forms that add, change and delete them. */
@ApiExcludeController()
@Controller()
export class AnnotationPagesController {
  constructor(
    private readonly page: AnnotationPage,
    private readonly sensors: SensorsService,
  ) {}

  @Get('sensors/:id/annotations')
  @RequiresPermission('read', 'sensor')
  async ofSensor(
    @Resource() sensor: Sensor,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.page.show(sensorThing(sensor, user), request, response);
  }

  @Post('sensors/:id/annotations')
  @RequiresPermission('create-children', 'sensor')
  async annotateSensor(
    @Resource() sensor: Sensor,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.page.save(sensorThing(sensor, user), user, request, response);
  }

  @Get('assets/:id/annotations')
  @RequiresPermission('read', 'asset')
  async ofAsset(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.page.show(await this.assetThing(asset, user), request, response);
  }

  @Post('assets/:id/annotations')
  @RequiresPermission('create-children', 'asset')
  async annotateAsset(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.page.save(await this.assetThing(asset, user), user, request, response);
  }

  @Get('accounts/:id/annotations')
  @RequiresPermission('read', 'account')
  async ofAccount(
    @Resource() account: Account,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.page.show(accountThing(account, user), request, response);
  }

  @Post('accounts/:id/annotations')
  @RequiresPermission('create-children', 'account')
  async annotateAccount(
    @Resource() account: Account,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.page.save(accountThing(account, user), user, request, response);
  }

  private async assetThing(asset: DetailedAsset, user: ApiUser): Promise<AnnotatedThing> {
    const [sensor] = await this.sensors.listByAsset(asset.id);
    return {
      ...{ name: asset.name, path: `/assets/${asset.id}`, timezone: sensor?.timezone ?? UTC },
      above: [{ path: '/assets', name: 'Assets' }],
      ...{ annotated: { assetId: asset.id }, targets: { assetIds: [asset.id] } },
      canAnnotate: isAllowed(user, 'create-children', assetRules(asset)),
    };
  }
}

const UTC = 'UTC';

const sensorThing = (sensor: Sensor, user: ApiUser): AnnotatedThing => ({
  ...{ name: sensor.name, path: `/sensors/${sensor.id}`, timezone: sensor.timezone },
  above: [{ path: `/assets/${sensor.asset.id}`, name: sensor.asset.name }],
  ...{ annotated: { sensorId: sensor.id }, targets: { sensorIds: [sensor.id] } },
  canAnnotate: isAllowed(user, 'create-children', sensorRules(sensor)),
});

const accountThing = (account: Account, user: ApiUser): AnnotatedThing => ({
  ...{ name: account.name, path: `/accounts/${account.id}`, timezone: UTC },
  above: [{ path: '/accounts', name: 'Accounts' }],
  ...{ annotated: { accountId: account.id }, targets: { accountIds: [account.id] } },
  canAnnotate: isAllowed(user, 'create-children', accountRules(account)),
});
