import { Module } from '@nestjs/common';
import { RetiredVersionsController } from './retired-versions.controller';

/** Retired versions of the API. */
@Module({ controllers: [RetiredVersionsController] })
export class LegacyApiModule {}
