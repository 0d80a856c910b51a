import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HeavyReads } from '../../http/answers/heavy-reads';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { PROCESSED } from '../../v3/sensor-data/data-receipt';
import { PowerReads } from '../exchange/power-reads.service';
import { readMessage } from '../messages/message';
import { answerTo } from './legacy-endpoint';

/** Answers messages that ask for power of connections. */
@Injectable()
export class PowerAnswers {
  constructor(
    private readonly reads: PowerReads,
    private readonly heavyReads: HeavyReads,
  ) {}

  /** @throws ApiError, DomainError as PowerReads.read; ApiError 429 for too many large reads at a time */
  async answer(
    message: 'GetMeterData' | 'GetPrognosis',
    request: Request,
    user: ApiUser,
    response: Response,
  ) {
    const limitRead = this.heavyReads.createLimiter(user.accountId, response);
    const read = await this.reads.read(readMessage(request), `${message}Request`, user, limitRead);
    return answerTo(message, { ...read, ...PROCESSED });
  }
}
