import { Get, Post, Req, type Type } from '@nestjs/common';
import type { Request } from 'express';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { User } from '../../http/auth/permissions/permission.guard';
import { HostName } from '../../v3/sensors/host-name';
import { ConnectionList } from '../exchange/connection-list.service';
import { MarketPosts } from '../exchange/market-posts.service';
import type { VersionRules } from '../exchange/version-rules';
import { WeatherPosts } from '../exchange/weather-posts.service';
import { readMessage } from '../messages/message';
import { answerTo, LegacyController, ReadsMessage, receiptOf, TakesSeries } from './legacy-endpoint';

/** Messages about the connections of a user, and about markets and the weather. */
export function surroundingsController(rules: VersionRules): Type {
  @LegacyController(rules)
  class SurroundingsController {
    constructor(
      private readonly connections: ConnectionList,
      private readonly markets: MarketPosts,
      private readonly weather: WeatherPosts,
    ) {}

    @Get('getConnection')
    @ReadsMessage('read')
    async list(@Req() request: Request, @User() user: ApiUser, @HostName() host: string) {
      const list = await this.connections.list(readMessage(request), host, user);
      return answerTo('GetConnection', { ...list, status: 200 });
    }

    @Post('postPriceData')
    @TakesSeries()
    async postPrices(@Req() request: Request, @User() user: ApiUser) {
      return receiptOf('PostPriceData', await this.markets.post(readMessage(request), rules, user));
    }

    @Post('postWeatherData')
    @TakesSeries()
    async postWeather(@Req() request: Request, @User() user: ApiUser) {
      return receiptOf('PostWeatherData', await this.weather.post(readMessage(request), rules, user));
    }
  }
  return SurroundingsController;
}
