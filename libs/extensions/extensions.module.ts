import { Module } from '@nestjs/common';
import { ExtensionRegistry } from './extension-registry';

@Module({ providers: [ExtensionRegistry], exports: [ExtensionRegistry] })
export class ExtensionsModule {}
