import { Injectable } from '@nestjs/common';
import { UsersService, type User } from '#lib/accounts';
import { readableAccountIds, type Requester } from '#lib/accounts/model';
import { DomainError } from '#lib/errors';
import type { OwnedSource } from './latest-sources';
import type { Source } from './source.entity';
import { sourceTypeNamed } from './source-types';
import { MAX_SOURCE_NAME, SourcesRepository, type SourceKey } from './sources.repository';

/** Data sources: the sources of beliefs. */
@Injectable()
export class SourcesService {
  constructor(
    private readonly sources: SourcesRepository,
    private readonly users: UsersService,
  ) {}

  /** All sources, ordered by type and name. */
  list(): Promise<Source[]> {
    return this.sources.find();
  }

  /**
   * The sources that a user may know: of users of the accounts that the user can read, and of scripts. Sources of users who
   * were deleted are known only to users who can read everything.
   */
  listReadable(requester: Requester): Promise<OwnedSource[]> {
    return this.sources.findOwned({ accountIds: readableAccountIds(requester) });
  }

  /**
   * One of the sources that `listReadable` lists.
   * @throws DomainError SOURCE_UNKNOWN, NOT_PERMITTED
   */
  async getReadable(id: number, requester: Requester): Promise<OwnedSource> {
    const [source] = await this.sources.findOwned({ accountIds: readableAccountIds(requester), id });
    if (source) return source;
    const [hidden] = await this.sources.findOwned({ id });
    if (hidden) throw new DomainError('NOT_PERMITTED', NOT_READABLE);
    throw new DomainError('SOURCE_UNKNOWN', `There is no data source with id ${id}.`);
  }

  /** All sources with the users and accounts that they belong to, ordered by id. */
  listOwned(): Promise<OwnedSource[]> {
    return this.sources.findOwned({});
  }

  /** The sources with these ids that exist, in any order. */
  listByIds(ids: readonly number[]): Promise<Source[]> {
    return this.sources.findByIds(ids);
  }

  /** @throws DomainError SOURCE_NOT_FOUND; `field` is the field of the id, for the error. */
  async get(id: number, field = 'source'): Promise<Source> {
    const [source] = await this.sources.find(id);
    if (!source) throw new DomainError('SOURCE_NOT_FOUND', `No data source found with id ${id}.`, field);
    return source;
  }

  /** Removes the users from their sources before the users are deleted, so that sources and beliefs are kept. */
  detachUsers(userIds: number[]): Promise<void> {
    return this.sources.detachUsers(userIds);
  }

  deleteAll(): Promise<void> {
    return this.sources.deleteAll();
  }

  /** Ids of the sources with this name and type, of all models and versions, without sources of users. */
  findIds(author: Pick<Source, 'name' | 'type'>): Promise<number[]> {
    return this.sources.findIds(author);
  }

  /** Ids of the sources of the users of an account, and of a type, which may have its name of 2026. */
  async findIdsOf({ accountId, type }: { accountId?: number; type?: string }): Promise<number[]> {
    const found = await this.sources.findOwned({});
    const wanted = type === undefined ? undefined : sourceTypeNamed(type);
    return found
      .filter(
        (source) =>
          (accountId === undefined || source.accountId === accountId) &&
          (wanted === undefined || source.type === wanted),
      )
      .map(({ id }) => id);
  }

  /** Whether there is a source of this type, which may have its name of 2026. */
  async hasType(type: string): Promise<boolean> {
    return (await this.findIdsOf({ type })).length > 0;
  }

  /** Id of the source with this key. It is added if it does not exist. */
  findOrCreate(key: SourceKey): Promise<number> {
    return this.sources.findOrCreate(key);
  }

  /** Id of the source of a user. It is added if it does not exist. */
  findOrCreateForUser(user: Pick<User, 'id' | 'username'>): Promise<number> {
    return this.sources.findOrCreate(userSourceKey(user));
  }

  /** Id of the source of a user; undefined if the user never posted beliefs. */
  findForUser(user: Pick<User, 'id' | 'username'>): Promise<number | undefined> {
    return this.sources.findId(userSourceKey(user));
  }

  /**
   * Id of the source for a command-line option: the id or name of a user, or the name of a script. The source is added if
   * it does not exist.
   * @throws DomainError SOURCE_NOT_FOUND if no user has the given id, SOURCE_AMBIGUOUS, SOURCE_NAME_TOO_LONG
   */
  async findOrCreateByLabel(text: string): Promise<number> {
    const label = text.trim();
    const isId = /^\d+$/.test(label);
    const user = isId ? await this.users.findById(Number(label)) : await this.findUserByName(label);
    if (user) return this.findOrCreateForUser(user);
    if (isId) throw new DomainError('SOURCE_NOT_FOUND', `There is no user with id ${label}.`, 'source');
    if (label === '') throw new DomainError('SOURCE_NOT_FOUND', 'A source needs a name.', 'source');
    if (Array.from(label).length > MAX_SOURCE_NAME) {
      const message = `The name of a source must have at most ${MAX_SOURCE_NAME} characters.`;
      throw new DomainError('SOURCE_NAME_TOO_LONG', message, 'source');
    }
    return this.sources.findOrCreate({ name: label, type: 'CLI script' });
  }

  /** The user with this name, if there is one. @throws DomainError SOURCE_AMBIGUOUS if several accounts have one */
  private async findUserByName(username: string): Promise<User | undefined> {
    const [user, ...namesakes] = await this.users.findByUsername(username);
    if (namesakes.length === 0) return user;
    const ids = [user, ...namesakes].map((one) => one!.id).join(', ');
    const message = `Several users have the name ${username}. Give the id of one of them: ${ids}.`;
    throw new DomainError('SOURCE_AMBIGUOUS', message, 'source');
  }
}

const NOT_READABLE = 'You cannot be authorized for this content or functionality.';

const userSourceKey = ({ id, username }: Pick<User, 'id' | 'username'>): SourceKey => ({
  name: username,
  type: 'user',
  userId: id,
});
