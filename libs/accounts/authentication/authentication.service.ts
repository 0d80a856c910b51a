import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { CLOCK, type Clock } from '#lib/time';
import type { Requester } from '../model';
import type { AccountPlan } from '../plans/plan.entity';
import { Passwords } from '../passwords/passwords';
import { deriveKey, secretKey } from '../passwords/secrets';
import { LastSeenRecorder } from '../users/last-seen';
import { LinkTokens } from '../users/link-tokens';
import { TOY_USER } from '../users/toy-user';
import { normaliseEmail } from '../users/user-fields';
import type { User } from '../users/user.entity';
import { UsersRepository } from '../users/users.repository';

/** Claims of an access token: the user id and the user's uniquifier, which changes when the password is reset. */
export interface TokenPayload {
  sub: string;
  uniquifier: string;
  /** When it expires, in seconds since 1970. */
  exp: number;
}

/** Claims of a session cookie: those of a token, the session id and the expiry. */
export interface SessionPayload extends TokenPayload {
  jti: string;
}

/** The authenticated user of a request. */
export interface AuthenticatedUser extends Requester {
  username: string;
  /** Names of the account's roles. */
  accountRoles: readonly string[];
  /** The plan of the account; null if it has none. */
  plan: AccountPlan | null;
}

/** Time to type a code. */
const CHALLENGE_MS = 600_000;

type TokenOwner = Pick<User, 'id' | 'uniquifier'>;

/** Checks credentials, and issues and verifies tokens and sessions. */
@Injectable()
export class AuthenticationService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly lastSeen: LastSeenRecorder,
    private readonly links: LinkTokens,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The user with this password. Undefined for wrong credentials and inactive users; the time does not tell which. Imported
   * users may have hashes that take another time to compare: without a user, the password is compared with the hash of another
   * one, always of the same one for an address, so that the times are spread as those of users. A login may need a second factor
   * as well.
   * @param client identifies the caller, for example by its network address; the logins of one client share a queue
   * @throws DomainError TOO_BUSY
   */
  async findByPassword(email: string, password: string, client: string): Promise<User | undefined> {
    // PostgreSQL rejects null characters in parameters.
    const user = email.includes('\0') ? null : await this.users.findWithSecretsByEmail(email);
    const standIn = await this.users.findPasswordAt(this.passwords.fractionOf(normaliseEmail(email)));
    const isCorrect = await this.passwords.matches(password, user?.password, client, standIn);
    return user?.active && isCorrect ? user : undefined;
  }

  /** Records that a user logged in. */
  recordLogin({ id }: Pick<User, 'id'>): Promise<void> {
    return this.users.recordLogin(id);
  }

  /** A text that proves for ten minutes that the user gave the right password, for the page that asks for the second factor. */
  issueChallenge(user: User): Promise<string> {
    return this.links.issue('second-factor', { user }, CHALLENGE_MS);
  }

  /** The user of a challenge, with secrets; undefined if it has expired. */
  async findByChallenge(challenge: string): Promise<User | undefined> {
    return (await this.links.find('second-factor', challenge))?.user;
  }

  /** The user with this id, for whom a token can be issued; undefined unless the e-mail address is theirs. */
  async findTokenOwner(id: number, email: string): Promise<User | undefined> {
    const user = await this.users.findWithSecretsById(id);
    return user?.active && user.email === normaliseEmail(email) ? user : undefined;
  }

  /** Whether the user of the toy account can log in with the documented password. */
  async isToyPasswordValid(): Promise<boolean> {
    const user = await this.users.findWithSecretsByEmail(TOY_USER.email);
    return user?.active === true && this.passwords.matches(TOY_USER.password, user.password, TOY_USER.email);
  }

  /** An access token for the user. It is valid until it expires, the password is reset or the user is deactivated. */
  async issueToken({ id, uniquifier }: TokenOwner): Promise<string> {
    const { sign } = await import('jsonwebtoken');
    return sign({ sub: String(id), uniquifier, iat: this.nowS }, secretKey(this.settings), {
      algorithm: 'HS256',
      expiresIn: this.settings.tokenMaxAgeS,
    });
  }

  /** The signed value of a session cookie. It is valid for as long as a token, or until the user logs out. */
  async openSession({ id, uniquifier }: TokenOwner): Promise<string> {
    const { sign } = await import('jsonwebtoken');
    return sign({ sub: String(id), uniquifier, iat: this.nowS }, deriveKey('session', this.settings), {
      algorithm: 'HS256',
      expiresIn: Math.floor(this.settings.sessionLifetimeMs / 1000),
      jwtid: randomUUID(),
    });
  }

  /** The active user of a verified token or session; undefined if it has expired or was invalidated. */
  async findUserByToken(payload: TokenPayload | SessionPayload): Promise<AuthenticatedUser | undefined> {
    const user = await this.findUserAgain(payload);
    if (user) this.lastSeen.record(user.id);
    return user;
  }

  /** As `findUserByToken`, for a request that is open since then: the user is not seen again. */
  async findUserAgain(payload: TokenPayload | SessionPayload): Promise<AuthenticatedUser | undefined> {
    if (!(payload.exp > this.nowS)) return undefined;
    const sessionId = 'jti' in payload ? payload.jti : null;
    const row = await this.users.findAuthenticated(Number(payload.sub), payload.uniquifier, sessionId);
    if (!row) return undefined;
    const { id, username, account_id: accountId, roles, account_roles: accountRoles, plan } = row;
    return { id, username, accountId, roles, accountRoles, clientAccountIds: row.client_account_ids, plan };
  }

  /** Seconds since 1970, as tokens count. */
  private get nowS(): number {
    return Math.floor(this.clock.now() / 1000);
  }
}
