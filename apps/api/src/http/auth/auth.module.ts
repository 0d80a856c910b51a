import { Inject, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { weaknessOf } from '#lib/accounts/model';
import { SETTINGS, type Settings } from '#lib/config';
import { CsrfTokens } from './authentication/csrf-tokens';
import { LoginThrottle } from './throttle/login-throttle';
import { Logins } from './throttle/logins';
import { SessionStrategy } from './authentication/session.strategy';
import { TokenStrategy } from './authentication/token.strategy';

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
    const weakness = this.settings.secretKey === undefined ? undefined : weaknessOf(this.settings.secretKey);
    if (weakness === undefined) return;
    this.logger.warn(
      `SECRET_KEY ${weakness}: whoever guesses it can act as any user. Set a random one, such as ` +
        '"openssl rand -hex 32" prints; docs/configuration.md tells what ends with the old one.',
    );
  }
}
