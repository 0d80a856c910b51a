import { Get, Post, Req, Res, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { RateLimits } from '../../http/auth/throttle/rate-limits';
import { AcceptsIdempotencyKey } from '../../http/idempotency/accepts-idempotency-key';
import { PROCESSED } from '../../v3/sensor-data/data-receipt';
import { DeviceMessages } from '../control/device-messages.service';
import { UdiPosts } from '../control/udi-posts.service';
import type { VersionRules } from '../exchange/version-rules';
import { readMessage } from '../messages/message';
import { answerTo, LegacyController, ReadsMessage, TakesMessage } from './legacy-endpoint';

/** Messages that control flexible devices. */
export function controlController(rules: VersionRules): Type {
  @LegacyController(rules)
  class ControlController {
    constructor(
      private readonly events: UdiPosts,
      private readonly messages: DeviceMessages,
      private readonly limits: RateLimits,
    ) {}

    @Get('getDeviceMessage')
    @ReadsMessage('read')
    async get(@Req() request: Request, @User() user: ApiUser) {
      const read = await this.messages.read(readMessage(request), rules, user);
      return answerTo('GetDeviceMessage', { ...read, ...PROCESSED });
    }

    @Post('postUdiEvent')
    @AcceptsIdempotencyKey()
    @TakesMessage('trigger')
    async post(
      @Req() request: Request,
      @User() user: ApiUser,
      @Res({ passthrough: true }) response: Response,
    ) {
      // Not by a guard, because the message names the device.
      const count = (device: Sensor) => this.limits.countTrigger(request, response, user, device);
      await this.events.post(readMessage(request), rules, user, count);
      return answerTo('PostUdiEvent', PROCESSED);
    }
  }
  return ControlController;
}
