import { Get, Post, Req, type Type } from '@nestjs/common';
import type { Request } from 'express';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { LimitsTriggers } from '../../http/auth/throttle/trigger-limit.guard';
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
    ) {}

    @Get('getDeviceMessage')
    @ReadsMessage('read')
    async get(@Req() request: Request, @User() user: ApiUser) {
      const read = await this.messages.read(readMessage(request), rules, user);
      return answerTo('GetDeviceMessage', { ...read, ...PROCESSED });
    }

    @Post('postUdiEvent')
    @LimitsTriggers()
    @TakesMessage('trigger')
    async post(@Req() request: Request, @User() user: ApiUser) {
      await this.events.post(readMessage(request), rules, user);
      return answerTo('PostUdiEvent', PROCESSED);
    }
  }
  return ControlController;
}
