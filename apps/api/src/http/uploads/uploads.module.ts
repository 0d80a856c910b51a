import { Module } from '@nestjs/common';
import { UploadFolder } from './upload-folder';

/** Where files that clients send are kept while a request lasts. */
@Module({ providers: [UploadFolder], exports: [UploadFolder] })
export class UploadsModule {}
