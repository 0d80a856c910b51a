import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { ChartsService } from '#lib/charts';
import { canRead } from '#lib/sensors';
import { HeavyReads } from '../../http/answers/heavy-reads';
import { JsonPieces } from '../../http/answers/json-pieces';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { toAnnotationsWindow, toChartRequest, toSeriesOptions, toWindow } from './chart-requests';
import {
  AssetAnnotationsQuery,
  AssetChartBelief,
  AssetChartDataQuery,
  ChartAnnotation,
  ChartColumns,
  ChartQuery,
  ChartSpecification,
} from './charts.dto';

/** Charts of assets, and their data; the service returns JSON strings. */
@Controller('api/v3_0/assets/:id')
export class AssetChartsController {
  constructor(
    private readonly charts: ChartsService,
    private readonly heavyReads: HeavyReads,
  ) {}

  @Get('chart')
  @Operation('getAssetChart', {
    deviceScope: 'read',
    answer: ChartSpecification,
    isTagged: true,
    errors: [403, 404, 422, 429],
  })
  @RequiresPermission('read', 'asset')
  async chart(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: ChartQuery,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JsonPieces> {
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    return new JsonPieces(
      await this.charts.assetChart(asset, canRead(user), toChartRequest(query), limitRead),
    );
  }

  @Get('chart_data')
  @Operation('getAssetChartData', {
    deviceScope: 'read',
    answer: { oneOf: [[AssetChartBelief], ChartColumns] },
    isTagged: true,
    errors: [403, 404, 422, 429],
  })
  @RequiresPermission('read', 'asset')
  async data(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: AssetChartDataQuery,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JsonPieces> {
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    const columns = toSeriesOptions(query);
    if (columns)
      return new JsonPieces(
        await this.charts.assetSeries(asset, canRead(user), toWindow(query), columns, limitRead),
      );
    const { most_recent_beliefs_only: mostRecentOnly = true } = query;
    return new JsonPieces(
      await this.charts.assetData(asset, canRead(user), toWindow(query), { mostRecentOnly }, limitRead),
    );
  }

  @Get('chart_annotations')
  @Operation('getAssetChartAnnotations', {
    deviceScope: 'read',
    answer: [ChartAnnotation],
    isTagged: true,
    errors: [403, 404, 422],
  })
  @RequiresPermission('read', 'asset')
  annotations(
    @Resource() asset: DetailedAsset,
    @Query(validationPipe('query')) query: AssetAnnotationsQuery,
  ): Promise<ChartAnnotation[]> {
    const { clip: clips = true } = query;
    return this.charts.listAssetAnnotations(asset, toAnnotationsWindow(query), { clips });
  }
}
