import { Module } from '@nestjs/common';
import { RetiredVersionsController } from './retired-versions.controller';

/** Versions of the API that have been retired. */
@Module({ controllers: [RetiredVersionsController] })
export class LegacyApiModule {}
