import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller';
import { DocumentationController } from './documentation.controller';
import { ServicesController } from './services.controller';

/** The documentation, that of the API, and the list of its operations. */
@Module({ controllers: [DocsController, DocumentationController, ServicesController] })
export class DocsModule {}
