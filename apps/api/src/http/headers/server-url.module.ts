import { Global, Module } from '@nestjs/common';
import { ServerUrl } from './server-url';

/** Provides the URL of the server to all modules that write links. */
@Global()
@Module({ providers: [ServerUrl], exports: [ServerUrl] })
export class ServerUrlModule {}
