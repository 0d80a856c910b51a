import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../../http/auth/authentication/public';
import { MetricsAccess } from './metrics-access.service';
import { StateMetrics } from './state-metrics.service';
import { ApiExcludeController } from '../../http/contract/metadata';

/** Metrics in the format of Prometheus. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly access: MetricsAccess,
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
    const { contentType, text } = await this.state.read();
    response.set('Content-Type', contentType).set('Cache-Control', 'no-store').send(text);
  }
}
