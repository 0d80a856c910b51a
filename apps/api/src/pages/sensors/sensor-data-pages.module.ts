import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../../http/auth/auth.module';
import { FORM_LIMITS } from '../../http/bodies/form-reader.interceptor';
import { UploadsModule } from '../../http/uploads/uploads.module';
import { AnnotationsApiModule } from '../../v3/annotations/annotations.module';
import { SensorDataApiModule } from '../../v3/sensor-data/sensor-data.module';
import { AnnotationPage } from '../annotations/annotation-page.service';
import { AnnotationPagesController } from '../annotations/annotation-pages.controller';
import { FrameModule } from '../frame/frame.module';
import { DataDeletionPageController } from './data-deletion.controller';
import { SensorUploadController } from './sensor-upload.controller';

/** Pages that upload, delete and annotate data. */
@Module({
  imports: [
    ...[AccountsModule, AnnotationsApiModule, AssetsModule, AuthModule, BeliefsModule, FrameModule],
    ...[SensorDataApiModule, SensorsModule, UploadsModule],
  ],
  controllers: [AnnotationPagesController, DataDeletionPageController, SensorUploadController],
  providers: [AnnotationPage],
})
export class SensorDataPagesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(urlencoded(FORM_LIMITS))
      .forRoutes(AnnotationPagesController, DataDeletionPageController, SensorUploadController);
  }
}
