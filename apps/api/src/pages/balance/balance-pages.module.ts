import { Module } from '@nestjs/common';
import { BalanceModule } from '#lib/balance';
import { FrameModule } from '../frame/frame.module';
import { GraphPagesModule } from '../graphs/graph-pages.module';
import { BalancePagesController } from './balance-pages.controller';

/** Pages that show how energy flows. */
@Module({
  imports: [BalanceModule, FrameModule, GraphPagesModule],
  controllers: [BalancePagesController],
})
export class BalancePagesModule {}
