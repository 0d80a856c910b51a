import { Get, Post, Req, Res, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HeavyReads } from '../../http/answers/heavy-reads';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { PROCESSED } from '../../v3/sensor-data/data-receipt';
import { PowerPosts } from '../exchange/power-posts.service';
import { PowerReads } from '../exchange/power-reads.service';
import type { VersionRules } from '../exchange/version-rules';
import { readMessage } from '../messages/message';
import {
  answerTo,
  LegacyController,
  ReadsMessage,
  receiptOf,
  TakesMessage,
  TakesSeries,
} from './legacy-endpoint';

/** Messages with measured power of connections. */
export function meterDataController(rules: VersionRules): Type {
  @LegacyController(rules)
  class MeterDataController {
    constructor(
      private readonly posts: PowerPosts,
      private readonly reads: PowerReads,
      private readonly heavyReads: HeavyReads,
    ) {}

    @Get('getMeterData')
    @ReadsMessage('read')
    async get(
      @Req() request: Request,
      @User() user: ApiUser,
      @Res({ passthrough: true }) response: Response,
    ) {
      const limitRead = this.heavyReads.createLimiter(user.accountId, response);
      const read = await this.reads.read(readMessage(request), 'GetMeterDataRequest', user, limitRead);
      return answerTo('GetMeterData', { ...read, ...PROCESSED });
    }

    @Post('postMeterData')
    @TakesSeries()
    async post(@Req() request: Request, @User() user: ApiUser) {
      const outcome = await this.posts.post(readMessage(request), 'measurements', rules, user);
      return receiptOf('PostMeterData', outcome);
    }
  }
  return MeterDataController;
}

/** As getMeterData, with the message in a POST request. */
export function meterDataByPostController(rules: VersionRules): Type {
  @LegacyController(rules)
  class MeterDataByPostController {
    constructor(
      private readonly reads: PowerReads,
      private readonly heavyReads: HeavyReads,
    ) {}

    @Post('getMeterData')
    @TakesMessage('read')
    async get(
      @Req() request: Request,
      @User() user: ApiUser,
      @Res({ passthrough: true }) response: Response,
    ) {
      const limitRead = this.heavyReads.createLimiter(user.accountId, response);
      const read = await this.reads.read(readMessage(request), 'GetMeterDataRequest', user, limitRead);
      return answerTo('GetMeterData', { ...read, ...PROCESSED });
    }
  }
  return MeterDataByPostController;
}
