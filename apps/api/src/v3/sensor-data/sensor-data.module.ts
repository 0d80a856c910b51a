import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { ForecastingModule } from '#lib/forecasting';
import { SensorsModule } from '#lib/sensors';
import { AnswersModule } from '../../http/answers/answers.module';
import { UploadsModule } from '../../http/uploads/uploads.module';
import { DataOfSensorController } from './data-of-sensor.controller';
import { DataUploadService } from './data-upload.service';
import { SensorDataExchange } from './sensor-data-exchange.service';
import { SensorDataController } from './sensor-data.controller';

/** HTTP endpoints to post, upload and read data of sensors. */
@Module({
  imports: [AnswersModule, BeliefsModule, ForecastingModule, SensorsModule, UploadsModule],
  controllers: [SensorDataController, DataOfSensorController],
  providers: [DataUploadService, SensorDataExchange],
  exports: [DataUploadService],
})
export class SensorDataApiModule {}
