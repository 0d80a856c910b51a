import { Controller, Get, Query } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import { ChartsService } from '#lib/charts';
import { readableBy, type Sensor } from '#lib/sensors';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { toChartRequest, toResolutionMs, toTimeRange, toWindow } from './chart-requests';
import {
  AssetForCharts,
  ChartAnnotation,
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
  constructor(private readonly charts: ChartsService) {}

  @Get('asset/:id')
  @Operation('getAssetForCharts', { answer: AssetForCharts, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async asset(@Resource() asset: Asset, @User() user: Requester): Promise<AssetForCharts> {
    const { range, timezone } = await this.charts.factsOfAsset(asset, readableBy(user));
    return {
      name: asset.name,
      timerange_of_sensors_to_show: toTimeRange(range),
      timezone,
      status: 200,
    };
  }

  @Get('sensor/:id')
  @Operation('getSensorForCharts', { answer: SensorForCharts, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  async sensor(@Resource() sensor: Sensor): Promise<SensorForCharts> {
    const timerange = toTimeRange(await this.charts.timeRangeOf(sensor));
    return { name: sensor.name, timerange, timezone: sensor.timezone, status: 200 };
  }

  @Get('sensor/:id/chart')
  @Operation('getSensorChart', { answer: ChartSpecification, isTagged: true, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  chart(@Resource() sensor: Sensor, @Query(validationPipe('query')) query: ChartQuery): Promise<string> {
    return this.charts.sensorChart(sensor, toChartRequest(query));
  }

  @Get('sensor/:id/chart_data')
  @Operation('getSensorChartData', { answer: [SensorChartBelief], isTagged: true, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  data(
    @Resource() sensor: Sensor,
    @Query(validationPipe('query')) query: SensorChartDataQuery,
  ): Promise<string> {
    const { most_recent_beliefs_only: mostRecentOnly = true, resolution } = query;
    return this.charts.sensorData(sensor, toWindow(query), {
      mostRecentOnly,
      resolutionMs: toResolutionMs(resolution),
    });
  }

  @Get('sensor/:id/chart_annotations')
  @Operation('getSensorChartAnnotations', { answer: [ChartAnnotation], isTagged: true, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  annotations(
    @Resource() sensor: Sensor,
    @Query(validationPipe('query')) query: ChartWindowQuery,
  ): Promise<ChartAnnotation[]> {
    return this.charts.annotationsOf(sensor, toWindow(query));
  }
}
