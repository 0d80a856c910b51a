import { Module } from '@nestjs/common';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { DataUploadService } from '../../v3/sensor-data/data-upload.service';
import { UploadFolder } from './upload-folder';

/** Files that clients send. */
@Module({
  imports: [BeliefsModule, SensorsModule],
  providers: [DataUploadService, UploadFolder],
  exports: [DataUploadService, UploadFolder],
})
export class UploadsModule {}
