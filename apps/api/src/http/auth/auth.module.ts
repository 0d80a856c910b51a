import { Inject, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '#lib/accounts';
import { findKeyWeakness } from '#lib/accounts/model';
import { SETTINGS, type Settings } from '#lib/config';
import { DeviceTokensModule } from '#lib/device-tokens';
import { CsrfTokens } from './authentication/csrf-tokens';
import { CurrentUsers } from './authentication/current-users';
import { LoginThrottle } from './throttle/login-throttle';
import { RateLimitsModule } from './throttle/rate-limits.module';
import { LoginService } from './throttle/login.service';
import { SessionStrategy } from './authentication/session.strategy';
import { TokenStrategy } from './authentication/token.strategy';

/** Authentication by credentials, token or session. */
@Module({
  imports: [AccountsModule, DeviceTokensModule, RateLimitsModule],
  providers: [CsrfTokens, CurrentUsers, LoginThrottle, LoginService, SessionStrategy, TokenStrategy],
  exports: [CsrfTokens, CurrentUsers, LoginService, TokenStrategy],
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
