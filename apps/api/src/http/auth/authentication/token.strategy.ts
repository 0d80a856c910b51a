import { createSecretKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { Strategy } from 'passport-jwt';
import { AuthenticationService, secretKey, type TokenPayload } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import { DeviceTokensService } from '#lib/device-tokens';
import { isDeviceSecret } from '#lib/device-tokens/model';
import type { ApiUser } from './api-user';

/** Number of verified tokens that are kept. */
const MAX_VERIFIED = 1000;

/** Authenticates a request by its token: in the configured header, with or without "Bearer", or in the query. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy) {
  /** Claims by token. The signature of a token remains valid; expiry and user are checked for each request. */
  private readonly verified = new LRUCache<string, TokenPayload>({ max: MAX_VERIFIED });

  constructor(
    private readonly authentication: AuthenticationService,
    private readonly devices: DeviceTokensService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    super({
      jwtFromRequest: (request: Request) => tokenOf(request, settings.tokenHeader),
      // A KeyObject, because jsonwebtoken would try to parse a string as a public key each time. The types lack it.
      secretOrKey: createSecretKey(secretKey(settings), 'utf8') as unknown as Buffer,
      algorithms: ['HS256'],
      // AuthenticationService checks the expiry with the injected clock.
      ignoreExpiration: true,
      passReqToCallback: true,
    });
  }

  /** Finds the user of a verified token; false if the token has expired or was invalidated. */
  async validate(request: Request, payload: TokenPayload): Promise<ApiUser | false> {
    this.verified.set(tokenOf(request, this.settings.tokenHeader)!, payload);
    return (await this.authentication.findUserByToken(payload)) ?? false;
  }

  /** Finds the user of a request without Passport: by a device token, or a token that was verified for an earlier request. */
  async findUser(request: Request): Promise<ApiUser | undefined> {
    const secret = tokenInHeader(request, this.settings.tokenHeader);
    if (secret !== undefined && isDeviceSecret(secret)) return this.devices.authenticate(secret);
    return this.findUserOfVerified(request);
  }

  /** Finds the user of a request that was authenticated by its token before, as the token and the user are now. */
  async findUserAgain(request: Request): Promise<ApiUser | undefined> {
    const secret = tokenInHeader(request, this.settings.tokenHeader);
    if (secret !== undefined && isDeviceSecret(secret)) return this.devices.findAgain(secret);
    const { decode } = await import('jsonwebtoken');
    // The signature was verified when the request began. The token may have been forgotten since.
    const payload = decode(tokenOf(request, this.settings.tokenHeader) ?? '') as TokenPayload | null;
    return payload ? this.authentication.findUserAgain(payload) : undefined;
  }

  private async findUserOfVerified(request: Request): Promise<ApiUser | undefined> {
    const token = tokenOf(request, this.settings.tokenHeader);
    if (token === null) return undefined;
    const payload = this.verified.get(token);
    if (!payload) return undefined;
    const user = await this.authentication.findUserByToken(payload);
    if (!user) this.verified.delete(token);
    return user;
  }
}

/** The token in the header. Device tokens are accepted only there, because addresses are logged. */
function tokenInHeader(request: Request, header: string): string | undefined {
  const value = request.headers[header.toLowerCase()];
  return typeof value === 'string' ? value.replace(/^Bearer\s+/i, '').trim() : undefined;
}

function tokenOf(request: Request, header: string): string | null {
  const inHeader = tokenInHeader(request, header);
  if (inHeader !== undefined) return inHeader;
  const { auth_token: token } = request.query;
  return typeof token === 'string' ? token : null;
}
