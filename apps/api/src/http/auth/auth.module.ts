import { Inject, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { findKeyWeakness } from '#lib/accounts/model';
import { SETTINGS, type Settings } from '#lib/config';
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
export class AuthModule implements OnModuleInit {
  private readonly logger = new Logger(AuthModule.name);

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  onModuleInit(): void {
    const weakness =
      this.settings.secretKey === undefined ? undefined : findKeyWeakness(this.settings.secretKey);
    if (weakness === undefined) return;
    this.logger.warn(
      `SECRET_KEY can be guessed, because ${weakness}. With the key, anybody can act as any user. Set a random key, for ` +
        'example from "openssl rand -hex 32". docs/configuration.md describes the effects of a new key.',
    );
  }
}
