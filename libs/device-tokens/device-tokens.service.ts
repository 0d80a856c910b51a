import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { UsersService, type AuthenticatedUser, type User } from '#lib/accounts';
import type { Actor } from '#lib/accounts/model';
import { AssetsService } from '#lib/assets';
import { Transactions, violatedConstraint } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { CLOCK, HOUR_MS, MINUTE_MS, type Clock } from '#lib/time';
import type { DeviceToken } from './device-token.entity';
import { DEVICE_TOKEN_CREATED, DEVICE_TOKEN_REFUSED, DEVICE_TOKEN_REVOKED } from './device-tokens.events';
import { DeviceTokensRepository, type ActiveTokenRow } from './device-tokens.repository';
import { SECRET_PREFIX, type DeviceScope } from './model';

const MAX_NAME = 80;
const MAX_TOKENS = 200;

/** A device token to create. */
export interface NewDeviceToken {
  name: string;
  scopes: readonly DeviceScope[];
  /** The assets that the token can use, with their descendants; undefined for all assets of the account. */
  assetIds?: readonly number[];
  /** Epoch milliseconds; undefined for a token without end. */
  expiresAtMs?: number;
}

/** A device that authenticated with its token. It acts for its user, without the roles of the user. */
export interface Device extends AuthenticatedUser {
  device: { name: string; scopes: readonly DeviceScope[] };
}

/** Long-lived tokens for devices. Every request looks its token up, so that a revoked token is refused at once. */
@Injectable()
export class DeviceTokensService {
  private readonly logger = new Logger(DeviceTokensService.name);

  constructor(
    private readonly tokens: DeviceTokensRepository,
    private readonly users: UsersService,
    private readonly assets: AssetsService,
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The tokens of a user that were not revoked, oldest first. Those that expired are included. */
  list(userId: number): Promise<DeviceToken[]> {
    return this.tokens.listOfUser(userId);
  }

  /**
   * Creates a token for a user.
   * @returns the token with its secret, which cannot be read later
   * @throws DomainError DEVICE_TOKEN_INVALID, DEVICE_TOKEN_EXISTS with the field
   */
  create(
    { id: userId, accountId }: Pick<User, 'id' | 'accountId'>,
    given: NewDeviceToken,
  ): Promise<{ token: DeviceToken; secret: string }> {
    const nowMs = this.clock.now();
    const name = given.name.trim();
    checkFields({ ...given, name }, nowMs);
    const secret = SECRET_PREFIX + randomBytes(32).toString('base64url');
    return this.transactions.run(async () => {
      await this.users.lock(userId);
      await this.checkAssets(given.assetIds ?? [], accountId);
      if ((await this.tokens.listOfUser(userId)).length >= MAX_TOKENS)
        throw invalid(
          `A user can have at most ${MAX_TOKENS} device tokens. Revoke unused ones first.`,
          'name',
        );
      const token = await this.tokens
        .insert({
          userId,
          name,
          secretHash: hashOf(secret),
          scopes: [...new Set(given.scopes)],
          assetIds: given.assetIds ? [...new Set(given.assetIds)] : null,
          createdAt: new Date(nowMs),
          expiresAt: given.expiresAtMs === undefined ? null : new Date(given.expiresAtMs),
        })
        .catch(toExistsError(name));
      this.events.emit(DEVICE_TOKEN_CREATED, { id: token.id, userId, accountId, name });
      return { token, secret };
    });
  }

  /** Revokes a token of a user. @throws DomainError DEVICE_TOKEN_NOT_FOUND */
  revoke(id: number, { id: userId, accountId }: Pick<User, 'id' | 'accountId'>): Promise<void> {
    return this.transactions.run(async () => {
      const name = await this.tokens.revoke(id, userId, this.clock.now());
      if (name === undefined) {
        const message = `User ${userId} has no device token with id ${id}.`;
        throw new DomainError('DEVICE_TOKEN_NOT_FOUND', message, 'token_id');
      }
      this.events.emit(DEVICE_TOKEN_REVOKED, { id, userId, accountId, name });
    });
  }

  /** The device with this secret; undefined if there is none, or its token has ended. */
  async authenticate(secret: string): Promise<Device | undefined> {
    const nowMs = this.clock.now();
    const row = await this.tokens.findBySecret(hashOf(secret), nowMs);
    if (row) {
      if (nowMs - (row.last_used_at?.getTime() ?? -Infinity) >= MINUTE_MS) this.recordUse(row.id, nowMs);
      return toDevice(row);
    }
    await this.recordRefusal(secret, nowMs);
    return undefined;
  }

  /**
   * The device with this secret as its token is now, for a request that is open since `authenticate`. Looking again is no use of
   * the token, and not recorded.
   */
  async findAgain(secret: string): Promise<Device | undefined> {
    const row = await this.tokens.findBySecret(hashOf(secret), this.clock.now());
    return row && toDevice(row);
  }

  /**
   * The device of a job, with the assets that its token may use now.
   * @throws DomainError NOT_PERMITTED if the token has ended
   */
  async getActor(tokenId: number): Promise<Actor> {
    const row = await this.tokens.findActive(tokenId, this.clock.now());
    if (row) return toDevice(row);
    throw new DomainError(
      'NOT_PERMITTED',
      `The device token ${tokenId}, which asked for this, is no longer valid.`,
    );
  }

  /** The name of a token, also of one that has ended; undefined if it was deleted with its user. */
  findName(tokenId: number): Promise<string | undefined> {
    return this.tokens.findName(tokenId);
  }

  private async checkAssets(ids: readonly number[], accountId: number): Promise<void> {
    const found = await this.assets.listOwners(ids);
    const own = new Set(found.filter((asset) => asset.accountId === accountId).map(({ id }) => id));
    const unknown = ids.findIndex((id) => !own.has(id));
    if (unknown >= 0)
      throw invalid(`Account ${accountId} has no asset with id ${ids[unknown]}.`, `assets.${unknown}`);
  }

  /** Does not delay the request. */
  private recordUse(id: number, nowMs: number): void {
    this.tokens.recordUse(id, nowMs).catch((error: unknown) => {
      this.logger.warn(`The last use of device token ${id} was not recorded: ${String(error)}`);
    });
  }

  private async recordRefusal(secret: string, nowMs: number): Promise<void> {
    const hash = hashOf(secret);
    // Guessed secrets shall not cost a transaction.
    if (!(await this.tokens.exists(hash))) return;
    await this.transactions.run(async () => {
      const row = await this.tokens.recordRefusal(hash, nowMs, nowMs - HOUR_MS);
      if (!row) return;
      const { id, name, user_id: userId, account_id: accountId } = row;
      const reason = row.is_revoked ? 'revoked' : row.is_active ? 'expired' : 'inactive user';
      const actor = { user: userId, token: name };
      this.events.emit(DEVICE_TOKEN_REFUSED, { id, userId, accountId, name, reason }, actor);
    });
  }
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const toDevice = (row: ActiveTokenRow): Device => ({
  id: row.user_id,
  username: row.username,
  accountId: row.account_id,
  roles: [],
  accountRoles: row.account_roles,
  plan: row.plan,
  ...(row.asset_ids && { assetIds: new Set(row.asset_ids) }),
  deviceTokenId: row.id,
  device: { name: row.name, scopes: row.scopes },
});

function checkFields({ name, scopes, assetIds, expiresAtMs }: NewDeviceToken, nowMs: number): void {
  if (name === '' || name.length > MAX_NAME)
    throw invalid(`The name of a device token must have 1 to ${MAX_NAME} characters.`, 'name');
  if (scopes.length === 0) throw invalid('A device token needs at least one scope.', 'scopes');
  if (assetIds?.length === 0)
    throw invalid('Name at least one asset, or leave this out for all assets of the account.', 'assets');
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs)
    throw invalid('The expiry of a device token must be in the future.', 'expires_at');
}

const invalid = (message: string, field: string): DomainError =>
  new DomainError('DEVICE_TOKEN_INVALID', message, field);

const toExistsError =
  (name: string) =>
  (error: unknown): never => {
    if (violatedConstraint(error) !== 'unique') throw error;
    throw new DomainError(
      'DEVICE_TOKEN_EXISTS',
      `The user has a device token named '${name}' already.`,
      'name',
    );
  };
