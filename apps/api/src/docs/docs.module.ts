import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller';
import { ServicesController } from './services.controller';

/** The documentation of the API, and the list of its operations. */
@Module({ controllers: [DocsController, ServicesController] })
export class DocsModule {}
