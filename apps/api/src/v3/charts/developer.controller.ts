import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Requester } from '#lib/accounts/model';
import type { DetailedAsset } from '#lib/assets';
import { ChartsService } from '#lib/charts';
import { canRead, type Sensor } from '#lib/sensors';
import { HeavyReads } from '../../http/answers/heavy-reads';
import { JsonPieces } from '../../http/answers/json-pieces';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { toChartRequest, toResolutionMs, toSeriesOptions, toTimeRange, toWindow } from './chart-requests';
import {
  AssetForCharts,
  ChartAnnotation,
  ChartColumns,
  ChartQuery,
  ChartSpecification,
  ChartWindowQuery,
  SensorChartBelief,
  SensorChartDataQuery,
  SensorForCharts,
} from './charts.dto';

/** Charts of sensors, and properties of sensors and assets for charts. */
@Controller('api/dev')
export class DeveloperController {
  constructor(
    private readonly charts: ChartsService,
    private readonly heavyReads: HeavyReads,
  ) {}

  @Get('asset/:id')
  @Operation('getAssetForCharts', { deviceScope: 'read', answer: AssetForCharts, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async asset(@Resource() asset: DetailedAsset, @User() user: Requester): Promise<AssetForCharts> {
    const { range, timezone, panels } = await this.charts.getAssetInfo(asset, canRead(user));
    return {
      name: asset.name,
      timerange_of_sensors_to_show: toTimeRange(range),
      ...{ timezone, panels },
      status: 200,
    };
  }

  @Get('sensor/:id')
  @Operation('getSensorForCharts', { deviceScope: 'read', answer: SensorForCharts, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  async sensor(@Resource() sensor: Sensor): Promise<SensorForCharts> {
    const timerange = toTimeRange(await this.charts.getTimeRange(sensor));
    const panels = [this.charts.sensorPanel(sensor)];
    return { name: sensor.name, timerange, timezone: sensor.timezone, panels, status: 200 };
  }

  @Get('sensor/:id/chart')
  @Operation('getSensorChart', {
    deviceScope: 'read',
    answer: ChartSpecification,
    isTagged: true,
    errors: [403, 422, 429],
  })
  @RequiresPermission('read', 'sensor')
  async chart(
    @Resource() sensor: Sensor,
    @Query(validationPipe('query')) query: ChartQuery,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JsonPieces> {
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    return new JsonPieces(await this.charts.sensorChart(sensor, toChartRequest(query), limitRead));
  }

  @Get('sensor/:id/chart_data')
  @Operation('getSensorChartData', {
    deviceScope: 'read',
    answer: { oneOf: [[SensorChartBelief], ChartColumns] },
    isTagged: true,
    errors: [403, 422, 429],
  })
  @RequiresPermission('read', 'sensor')
  async data(
    @Resource() sensor: Sensor,
    @Query(validationPipe('query')) query: SensorChartDataQuery,
    @User() user: Requester,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JsonPieces> {
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    const columns = toSeriesOptions(query);
    if (columns)
      return new JsonPieces(await this.charts.sensorSeries(sensor, toWindow(query), columns, limitRead));
    const { most_recent_beliefs_only: mostRecentOnly = true, resolution } = query;
    const options = { mostRecentOnly, resolutionMs: toResolutionMs(resolution) };
    return new JsonPieces(await this.charts.sensorData(sensor, toWindow(query), options, limitRead));
  }

  @Get('sensor/:id/chart_annotations')
  @Operation('getSensorChartAnnotations', {
    deviceScope: 'read',
    answer: [ChartAnnotation],
    isTagged: true,
    errors: [403, 422],
  })
  @RequiresPermission('read', 'sensor')
  annotations(
    @Resource() sensor: Sensor,
    @Query(validationPipe('query')) query: ChartWindowQuery,
  ): Promise<ChartAnnotation[]> {
    return this.charts.listAnnotations(sensor, toWindow(query));
  }
}
