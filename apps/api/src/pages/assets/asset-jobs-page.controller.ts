import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { DetailedAsset } from '#lib/assets';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { AssetJobLists } from '../../v3/asset-details/asset-job-lists.service';
import { Pages } from '../frame/pages.service';
import { LiveContents } from '../graphs/live-content.service';
import type { PageRequest } from '../sessions/page-request';
import { AssetHeaders } from './asset-header.service';

/** The newest jobs of an asset and of its sensors. */
@ApiExcludeController()
@Controller('assets/:id/jobs')
export class AssetJobsPageController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly jobs: AssetJobLists,
    private readonly live: LiveContents,
  ) {}

  @Get()
  @RequiresPermission('read', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const liveOf = await this.live.begin();
    const content = {
      live: liveOf([], [asset.id]),
      title: `Jobs of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Jobs'),
      jobs: await this.jobs.list(asset, user),
    };
    await this.pages.send(request, response, 'asset-jobs.html', content);
  }
}
