import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../http/auth/authentication/public';
import { Metrics } from '../../http/metrics/metrics';
import { MetricsAccess } from './metrics-access.service';
import { StateMetrics } from './state-metrics.service';

/** Metrics in the format of Prometheus. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly access: MetricsAccess,
    private readonly metrics: Metrics,
    private readonly state: StateMetrics,
  ) {}

  @Get()
  @Public()
  async show(
    @Req() request: Request,
    @Headers('authorization') authorization: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    this.access.check(request, authorization);
    await this.state.refresh();
    const { registry } = this.metrics;
    response
      .set('Content-Type', registry.contentType)
      .set('Cache-Control', 'no-store')
      .send(await registry.metrics());
  }
}
