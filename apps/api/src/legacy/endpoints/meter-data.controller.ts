import { Get, Post, Req, Res, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { PowerPosts } from '../exchange/power-posts.service';
import type { VersionRules } from '../exchange/version-rules';
import { readMessage } from '../messages/message';
import { LegacyController, ReadsMessage, receiptOf, TakesMessage, TakesSeries } from './legacy-endpoint';
import { PowerAnswers } from './power-answers.service';

/** Messages with measured power of connections. */
export function meterDataController(rules: VersionRules): Type {
  @LegacyController(rules)
  class MeterDataController {
    constructor(
      private readonly posts: PowerPosts,
      private readonly answers: PowerAnswers,
    ) {}

    @Get('getMeterData')
    @ReadsMessage('read')
    get(@Req() request: Request, @User() user: ApiUser, @Res({ passthrough: true }) response: Response) {
      return this.answers.answer('GetMeterData', request, user, response);
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
    constructor(private readonly answers: PowerAnswers) {}

    @Post('getMeterData')
    @TakesMessage('read')
    get(@Req() request: Request, @User() user: ApiUser, @Res({ passthrough: true }) response: Response) {
      return this.answers.answer('GetMeterData', request, user, response);
    }
  }
  return MeterDataByPostController;
}
