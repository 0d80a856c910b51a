import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { Passwords } from './passwords';
import { secretKey } from './secrets';
import type { User } from './user.entity';
import { UsersRepository } from './users.repository';

/** What a token carries: who it is for, and the mark that ends it when the user's password is reset. */
export interface TokenPayload {
  sub: string;
  uniquifier: string;
}

/** Tells who is who. */
@Injectable()
export class AuthenticationService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The user with these credentials; undefined, after the same time, for wrong ones and for inactive users. */
  async logIn(email: string, password: string): Promise<User | undefined> {
    const user = await this.users.findWithSecretsByEmail(email);
    const isRight = await this.passwords.matches(password, user?.password);
    if (!user || !isRight || !user.active) return undefined;
    await this.users.recordLogin(user.id);
    return user;
  }

  /** A token that stands for the user until it expires or the password is reset. */
  async issueToken(user: Pick<User, 'id' | 'uniquifier'>): Promise<string> {
    const { sign } = await import('jsonwebtoken');
    const payload: TokenPayload = { sub: String(user.id), uniquifier: user.uniquifier };
    return sign(payload, secretKey(this.settings), {
      algorithm: 'HS256',
      expiresIn: this.settings.tokenMaxAgeS,
    });
  }

  /** The active user that a verified token was issued for; undefined when it has been ended since. */
  async userOf({ sub, uniquifier }: TokenPayload): Promise<User | undefined> {
    const user = await this.users.findWithSecretsById(Number(sub));
    return user?.active && user.uniquifier === uniquifier ? user : undefined;
  }
}
