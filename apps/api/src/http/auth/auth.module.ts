import { Module } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { CsrfTokens } from './csrf-tokens';
import { LoginThrottle } from './login-throttle';
import { Logins } from './logins';
import { SessionStrategy } from './session.strategy';
import { TokenStrategy } from './token.strategy';

/** How users come in: credentials, tokens, sessions. */
@Module({
  imports: [AccountsModule],
  providers: [CsrfTokens, LoginThrottle, Logins, SessionStrategy, TokenStrategy],
  exports: [CsrfTokens, Logins],
})
export class AuthModule {}
