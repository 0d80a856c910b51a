import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { AdministrationModule } from '#lib/administration';
import { AssetsModule } from '#lib/assets';
import { AssetsController } from './assets.controller';

/** Assets over HTTP. */
@Module({ imports: [AccountsModule, AdministrationModule, AssetsModule], controllers: [AssetsController] })
export class AssetsApiModule {}
