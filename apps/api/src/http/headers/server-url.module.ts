import { Global, Module } from '@nestjs/common';
import { DeprecationWarnings } from './deprecation-warnings';
import { ServerUrl } from './server-url';

/** Provides the URL of the server to all modules that write links. */
@Global()
@Module({ providers: [DeprecationWarnings, ServerUrl], exports: [DeprecationWarnings, ServerUrl] })
export class ServerUrlModule {}
