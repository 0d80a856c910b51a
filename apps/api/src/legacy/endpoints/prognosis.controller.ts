import { Get, Post, Req, Res, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { PowerPosts } from '../exchange/power-posts.service';
import type { VersionRules } from '../exchange/version-rules';
import { readMessage } from '../messages/message';
import { LegacyController, ReadsMessage, receiptOf, TakesSeries } from './legacy-endpoint';
import { PowerAnswers } from './power-answers.service';

/** Messages with the power that is expected of connections. */
export function prognosisController(rules: VersionRules): Type {
  @LegacyController(rules)
  class PrognosisController {
    constructor(
      private readonly posts: PowerPosts,
      private readonly answers: PowerAnswers,
    ) {}

    @Get('getPrognosis')
    @ReadsMessage('read')
    get(@Req() request: Request, @User() user: ApiUser, @Res({ passthrough: true }) response: Response) {
      return this.answers.answer('GetPrognosis', request, user, response);
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
