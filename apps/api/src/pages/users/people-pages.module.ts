import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { AccountsModule } from '#lib/accounts';
import { AssetsModule } from '#lib/assets';
import { SensorsModule } from '#lib/sensors';
import { AuthModule } from '../../http/auth/auth.module';
import { FORM_LIMITS } from '../../http/bodies/form-reader.interceptor';
import { AccountChoices } from '../accounts/account-choices.service';
import { AccountContent } from '../accounts/account-content.service';
import { AccountCreationController } from '../accounts/account-creation.controller';
import { AccountPagesController } from '../accounts/account-pages.controller';
import { LARGE_FORM } from '../forms/large-form';
import { FrameModule } from '../frame/frame.module';
import { TwoFactorPageController } from './two-factor-page.controller';
import { UserContent } from './user-content.service';
import { UserInvitationsController } from './user-invitations.controller';
import { UserFormsController } from './user-forms.controller';
import { UserListController } from './user-list.controller';
import { UserPagesController } from './user-pages.controller';

/** Pages of users and accounts. */
@Module({
  imports: [AccountsModule, AssetsModule, AuthModule, FrameModule, SensorsModule],
  // `/users/new` comes before `/users/:id`, and so for accounts.
  controllers: [
    UserInvitationsController,
    UserListController,
    UserPagesController,
    UserFormsController,
    TwoFactorPageController,
    AccountCreationController,
    AccountPagesController,
  ],
  providers: [AccountChoices, AccountContent, UserContent],
})
export class PeoplePagesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(urlencoded(FORM_LIMITS))
      .forRoutes(
        UserInvitationsController,
        UserPagesController,
        TwoFactorPageController,
        AccountCreationController,
      );
    // They have a box for each role.
    consumer.apply(urlencoded(LARGE_FORM)).forRoutes(UserFormsController, AccountPagesController);
  }
}
