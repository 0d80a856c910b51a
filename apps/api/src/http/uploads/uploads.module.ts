import { Module } from '@nestjs/common';
import { BodiesModule } from '../bodies/bodies.module';
import { UploadFolder } from './upload-folder';

/** File uploads. */
@Module({ imports: [BodiesModule], providers: [UploadFolder], exports: [BodiesModule, UploadFolder] })
export class UploadsModule {}
