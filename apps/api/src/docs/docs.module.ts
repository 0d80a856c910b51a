import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller';

/** The documentation of the API. */
@Module({ controllers: [DocsController] })
export class DocsModule {}
