import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Asset, DetailedAsset } from '#lib/assets';
import { FinishedSchedules } from '#lib/scheduling';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
import { LimitsBody, SCHEDULE_BODY } from '../../http/bodies/body-limits';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { COMMODITIES_FROM_LIST } from './flex-context-list';
import {
  getFinishedSchedule,
  PROCESSED,
  toPreviewResponse,
  toReceipt,
  toSiteScheduleResponse,
} from './schedule-responses';
import { ScheduleTrigger } from './schedule-trigger.service';
import {
  SchedulePreview,
  ScheduleReceipt,
  SiteSchedule,
  SiteSchedulePost,
  SiteSchedulePreviewPost,
} from './schedules.dto';
import { SitePreviews } from './site-previews.service';

@Controller('api/v3_0/assets/:id/schedules')
export class SiteSchedulesController {
  constructor(
    private readonly schedules: FinishedSchedules,
    private readonly triggering: ScheduleTrigger,
    private readonly previews: SitePreviews,
  ) {}

  @Post('trigger')
  @LimitsBody(SCHEDULE_BODY)
  @LimitsTriggers()
  @AcceptsIdempotencyKey()
  @Operation('triggerSiteSchedule', {
    deviceScope: 'trigger',
    answer: ScheduleReceipt,
    status: 200,
    errors: [403, 404, 422],
  })
  @RequiresPermission('read', 'asset')
  async trigger(
    @Resource() asset: Asset,
    @Body(COMMODITIES_FROM_LIST, validationPipe('json')) body: SiteSchedulePost,
    @User() user: Requester,
  ) {
    const { id, notes } = await this.triggering.triggerSite(asset, body, user);
    return toReceipt(id, [PROCESSED, ...notes].join(' '), `assets/${asset.id}`);
  }

  @Post('preview')
  @LimitsBody(SCHEDULE_BODY)
  @LimitsTriggers()
  @Operation('previewSiteSchedule', {
    deviceScope: 'trigger',
    answer: SchedulePreview,
    status: 200,
    errors: [403, 404, 422],
  })
  @RequiresPermission('read', 'asset')
  async preview(
    @Resource() asset: DetailedAsset,
    @Body(COMMODITIES_FROM_LIST, validationPipe('json')) body: SiteSchedulePreviewPost,
    @User() user: Requester,
  ) {
    return toPreviewResponse(await this.previews.compute(asset, body, user));
  }

  @Get(':uuid')
  @Operation('getSiteSchedule', { deviceScope: 'read', answer: SiteSchedule, errors: [403, 404, 422] })
  @RequiresPermission('read', 'asset')
  async get(@Resource() asset: Asset, @Param('uuid') uuid: string, @User() user: Requester) {
    return toSiteScheduleResponse(
      getFinishedSchedule(uuid, await this.schedules.findOfAsset(asset.id, uuid, user)),
    );
  }
}
