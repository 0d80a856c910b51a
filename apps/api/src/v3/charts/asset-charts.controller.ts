import { Controller, Get, Query } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import { ChartsService } from '#lib/charts';
import { readableBy } from '#lib/sensors';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { toChartRequest, toWindow } from './chart-requests';
import { AssetChartBelief, AssetChartDataQuery, ChartQuery, ChartSpecification } from './charts.dto';

/** Charts of assets, and their data; the service returns JSON strings. */
@Controller('api/v3_0/assets/:id')
export class AssetChartsController {
  constructor(private readonly charts: ChartsService) {}

  @Get('chart')
  @Operation('getAssetChart', { answer: ChartSpecification, isTagged: true, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  chart(
    @Resource() asset: Asset,
    @Query(validationPipe('query')) query: ChartQuery,
    @User() user: Requester,
  ): Promise<string> {
    return this.charts.assetChart(asset, readableBy(user), toChartRequest(query));
  }

  @Get('chart_data')
  @Operation('getAssetChartData', { answer: [AssetChartBelief], isTagged: true, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  data(
    @Resource() asset: Asset,
    @Query(validationPipe('query')) query: AssetChartDataQuery,
    @User() user: Requester,
  ): Promise<string> {
    const { most_recent_beliefs_only: mostRecentOnly = true } = query;
    return this.charts.assetData(asset, readableBy(user), toWindow(query), { mostRecentOnly });
  }
}
