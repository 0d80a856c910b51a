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
import { answerTo, LegacyController, ReadsMessage, receiptOf, TakesSeries } from './legacy-endpoint';

/** Messages with the power that is expected of connections. */
export function prognosisController(rules: VersionRules): Type {
  @LegacyController(rules)
  class PrognosisController {
    constructor(
      private readonly posts: PowerPosts,
      private readonly reads: PowerReads,
      private readonly heavyReads: HeavyReads,
    ) {}

    @Get('getPrognosis')
    @ReadsMessage('read')
    async get(
      @Req() request: Request,
      @User() user: ApiUser,
      @Res({ passthrough: true }) response: Response,
    ) {
      const limitRead = this.heavyReads.createLimiter(user.accountId, response);
      const read = await this.reads.read(readMessage(request), 'GetPrognosisRequest', user, limitRead);
      return answerTo('GetPrognosis', { ...read, ...PROCESSED });
    }

    @Post('postPrognosis')
    @TakesSeries()
    async post(@Req() request: Request, @User() user: ApiUser) {
      const outcome = await this.posts.post(readMessage(request), 'prognosis', rules, user);
      return receiptOf('PostPrognosis', outcome);
    }
  }
  return PrognosisController;
}
