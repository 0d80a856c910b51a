import { DynamicModule, Module } from '@nestjs/common';
import type { Settings } from './settings';

/** Injection token of the settings. */
export const SETTINGS = Symbol('SETTINGS');

@Module({})
export class ConfigModule {
  /** Makes the settings injectable in all modules as SETTINGS. */
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}
