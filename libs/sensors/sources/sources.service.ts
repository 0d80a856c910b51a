import { Injectable } from '@nestjs/common';
import { UsersService, type User } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import type { Source } from './source.entity';
import { MAX_SOURCE_NAME, SourcesRepository, type SourceKey } from './sources.repository';

/** Who holds beliefs. */
@Injectable()
export class SourcesService {
  constructor(
    private readonly sources: SourcesRepository,
    private readonly users: UsersService,
  ) {}

  /** All sources, by type and name. */
  list(): Promise<Source[]> {
    return this.sources.find();
  }

  /** Those of the sources that exist, in no order. */
  listByIds(ids: readonly number[]): Promise<Source[]> {
    return this.sources.findByIds(ids);
  }

  /** @throws DomainError SOURCE_NOT_FOUND; `field` names the input that gave the id. */
  async get(id: number, field = 'source'): Promise<Source> {
    const [source] = await this.sources.find(id);
    if (!source) throw new DomainError('SOURCE_NOT_FOUND', `No data source found with id ${id}.`, field);
    return source;
  }

  /** Keeps the sources of users who are about to be deleted, and with them what the users believed. */
  releaseUsers(userIds: number[]): Promise<void> {
    return this.sources.releaseUsers(userIds);
  }

  deleteAll(): Promise<void> {
    return this.sources.deleteAll();
  }

  /** Ids of all models and versions by which somebody of this name and type says things. */
  idsOf(author: Pick<Source, 'name' | 'type'>): Promise<number[]> {
    return this.sources.findIdsOf(author);
  }

  /** Id of the source with this key, added if it is new. */
  findOrCreate(key: SourceKey): Promise<number> {
    return this.sources.findOrCreate(key);
  }

  /** Id of the source that stands for a user, added if it is new. */
  forUser(user: Pick<User, 'id' | 'username'>): Promise<number> {
    return this.sources.findOrCreate(keyOf(user));
  }

  /** Id of the source that stands for a user, if the user ever reported anything. */
  knownForUser(user: Pick<User, 'id' | 'username'>): Promise<number | undefined> {
    return this.sources.findId(keyOf(user));
  }

  /**
   * Id of the source that someone at the command line means: the id or name of a user, or else the name of a
   * script, which is added if it is new.
   * @throws DomainError SOURCE_NOT_FOUND for the id of no user, SOURCE_NAME_TOO_LONG.
   */
  async named(text: string): Promise<number> {
    const label = text.trim();
    const isId = /^\d+$/.test(label);
    const user = isId ? await this.users.findById(Number(label)) : await this.users.findByUsername(label);
    if (user) return this.forUser(user);
    if (isId) throw new DomainError('SOURCE_NOT_FOUND', `There is no user with id ${label}.`, 'source');
    if (label === '') throw new DomainError('SOURCE_NOT_FOUND', 'A source needs a name.', 'source');
    if (Array.from(label).length > MAX_SOURCE_NAME) {
      const message = `The name of a source has at most ${MAX_SOURCE_NAME} characters.`;
      throw new DomainError('SOURCE_NAME_TOO_LONG', message, 'source');
    }
    return this.sources.findOrCreate({ name: label, type: 'CLI script' });
  }
}

const keyOf = ({ id, username }: Pick<User, 'id' | 'username'>): SourceKey => ({
  name: username,
  type: 'user',
  userId: id,
});
