import { Module } from '@nestjs/common';
import { SensorsModule } from '#lib/sensors';
import { AnnotationChangesController } from './annotation-changes.controller';
import { AnnotationsController } from './annotations.controller';
import { PostedAnnotations } from './posted-annotations.service';

/** HTTP endpoints of annotations. */
@Module({
  imports: [SensorsModule],
  controllers: [AnnotationsController, AnnotationChangesController],
  providers: [PostedAnnotations],
  exports: [PostedAnnotations],
})
export class AnnotationsApiModule {}
