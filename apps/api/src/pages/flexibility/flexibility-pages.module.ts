import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { AssetsModule } from '#lib/assets';
import { SchedulingModule } from '#lib/scheduling';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../../http/auth/auth.module';
import { AssetsApiModule } from '../../v3/assets/assets.module';
import { SchedulesApiModule } from '../../v3/schedules/schedules.module';
import { FrameModule } from '../frame/frame.module';
import { LARGE_FORM } from '../forms/large-form';
import { GraphPagesModule } from '../graphs/graph-pages.module';
import { PlansModule } from '../plans/plans.module';
import { FlexibilityFormChoices } from './flexibility-choices.service';
import { FlexibilityPage } from './flexibility-page.service';
import { FlexibilityController } from './flexibility.controller';

/** The form about the flexibility of an asset. */
@Module({
  imports: [
    ...[AssetsApiModule, AssetsModule, AuthModule, FrameModule, GraphPagesModule, PlansModule],
    ...[SchedulesApiModule, SchedulingModule, SensorsModule],
  ],
  controllers: [FlexibilityController],
  providers: [FlexibilityFormChoices, FlexibilityPage],
})
export class FlexibilityPagesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(urlencoded(LARGE_FORM)).forRoutes(FlexibilityController);
  }
}
