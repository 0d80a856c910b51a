import { Module } from '@nestjs/common';
import { ChartsModule } from '#lib/charts';
import { AnswersModule } from '../../http/answers/answers.module';
import { AssetChartsController } from './asset-charts.controller';
import { ChartLibrariesController } from './chart-libraries.controller';
import { DeveloperController } from './developer.controller';

/** HTTP endpoints of charts. */
@Module({
  imports: [AnswersModule, ChartsModule],
  controllers: [AssetChartsController, DeveloperController, ChartLibrariesController],
})
export class ChartsApiModule {}
