import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { EventsModule } from '#lib/events';
import { DeviceToken } from './device-token.entity';
import { DeviceTokensRepository } from './device-tokens.repository';
import { DeviceTokensService } from './device-tokens.service';

@Module({
  imports: [TypeOrmModule.forFeature([DeviceToken]), EventsModule, AccountsModule, AssetsModule],
  providers: [DeviceTokensRepository, DeviceTokensService],
  exports: [DeviceTokensService],
})
export class DeviceTokensModule {}
