import { Module } from '@nestjs/common';
import { BodiesModule } from '../bodies/bodies.module';
import { UploadFolder } from './upload-folder';

/** Where files that clients send are kept while a request lasts. */
@Module({ imports: [BodiesModule], providers: [UploadFolder], exports: [BodiesModule, UploadFolder] })
export class UploadsModule {}
