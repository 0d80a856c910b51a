import { Controller, Get } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { AssetJobs } from './asset-jobs.dto';
import { AssetJobLists } from './asset-job-lists.service';

/** The jobs of assets. */
@Controller('api/v3_0/assets/:id/jobs')
export class AssetJobsController {
  constructor(private readonly lists: AssetJobLists) {}

  @Get()
  @Operation('listAssetJobs', { deviceScope: 'read', answer: AssetJobs, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async list(@Resource() asset: DetailedAsset, @User() user: Requester): Promise<AssetJobs> {
    return { jobs: await this.lists.list(asset, user), redis_connection_err: null };
  }
}
