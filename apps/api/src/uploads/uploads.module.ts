import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { DataUploadService } from './data-upload.service';
import { UploadFolder } from './upload-folder';

/** Files that clients send. */
@Module({
  imports: [BeliefsModule, SensorsModule],
  providers: [DataUploadService, UploadFolder],
  exports: [DataUploadService, UploadFolder],
})
export class UploadsModule {}
