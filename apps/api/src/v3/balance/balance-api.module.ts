import { Module } from '@nestjs/common';
import { BalanceModule } from '#lib/balance';
import { AnswersModule } from '../../http/answers/answers.module';
import { BalanceController } from './balance.controller';

/** HTTP endpoints of energy balances. */
@Module({ imports: [AnswersModule, BalanceModule], controllers: [BalanceController] })
export class BalanceApiModule {}
