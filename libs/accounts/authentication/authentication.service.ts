import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import type { Requester } from '../model';
import { Passwords } from '../passwords/passwords';
import { keyFor, secretKey } from '../passwords/secrets';
import { LastSeen } from '../users/last-seen';
import type { User } from '../users/user.entity';
import { UsersRepository } from '../users/users.repository';

/** What a token carries: who it is for, and the mark that ends it when the user's password is reset. */
export interface TokenPayload {
  sub: string;
  uniquifier: string;
  /** When it expires, in seconds since 1970. */
  exp: number;
}

/** What the cookie of a session carries: as a token, and which session it is. */
export interface SessionPayload extends TokenPayload {
  jti: string;
}

/** Who sends requests. */
export interface KnownUser extends Requester {
  username: string;
  /** Names of the account's roles. */
  accountRoles: readonly string[];
}

type Marked = Pick<User, 'id' | 'uniquifier'>;

/** Tells who is who. */
@Injectable()
export class AuthenticationService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly lastSeen: LastSeen,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The user with these credentials; undefined, after the same time, for wrong ones and for inactive users.
   * @param client who asks, such as a network address: logins of one client wait in one line
   * @throws DomainError TOO_BUSY
   */
  async logIn(email: string, password: string, client: string): Promise<User | undefined> {
    // The database cannot even look for null characters.
    const user = email.includes('\0') ? null : await this.users.findWithSecretsByEmail(email);
    const isRight = await this.passwords.matches(password, user?.password, client);
    if (!user || !isRight || !user.active) return undefined;
    await this.users.recordLogin(user.id);
    return user;
  }

  /** A token that stands for the user until it expires, the password is reset or the user is deactivated. */
  async issueToken({ id, uniquifier }: Marked): Promise<string> {
    const { sign } = await import('jsonwebtoken');
    return sign({ sub: String(id), uniquifier, iat: this.nowS }, secretKey(this.settings), {
      algorithm: 'HS256',
      expiresIn: this.settings.tokenMaxAgeS,
    });
  }

  /** What a browser shows to act as the user, until it expires, the user logs out, or what ends tokens happens. */
  async openSession({ id, uniquifier }: Marked): Promise<string> {
    const { sign } = await import('jsonwebtoken');
    return sign({ sub: String(id), uniquifier, iat: this.nowS }, keyFor('session', this.settings), {
      algorithm: 'HS256',
      expiresIn: Math.floor(this.settings.sessionLifetimeMs / 1000),
      jwtid: randomUUID(),
    });
  }

  /** Ends one session, wherever its cookie may be. */
  endSession({ jti, exp }: Pick<SessionPayload, 'jti' | 'exp'>): Promise<void> {
    return this.users.endSession(jti, new Date(exp * 1000));
  }

  /** The active user whose token or session was verified; undefined if it has expired or was ended. */
  async userOf(payload: TokenPayload | SessionPayload): Promise<KnownUser | undefined> {
    if (!(payload.exp > this.nowS)) return undefined;
    const sessionId = 'jti' in payload ? payload.jti : null;
    const row = await this.users.findAuthenticated(Number(payload.sub), payload.uniquifier, sessionId);
    if (!row) return undefined;
    this.lastSeen.note(row.id);
    const { id, username, account_id: accountId, roles, account_roles: accountRoles } = row;
    return { id, username, accountId, roles, accountRoles };
  }

  /** Seconds since 1970, as tokens count. */
  private get nowS(): number {
    return Math.floor(this.clock.now() / 1000);
  }
}
