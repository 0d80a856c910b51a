import { Injectable } from '@nestjs/common';
import { UsersService, type User } from '#lib/accounts';
import { DomainError } from '#lib/errors';
import { SourcesRepository, type SourceKey } from './sources.repository';

/** Who holds beliefs. */
@Injectable()
export class SourcesService {
  constructor(
    private readonly sources: SourcesRepository,
    private readonly users: UsersService,
  ) {}

  /** Id of the source with this key, added if it is new. */
  findOrCreate(key: SourceKey): Promise<number> {
    return this.sources.findOrCreate(key);
  }

  /** Id of the source that stands for a user. */
  forUser(user: Pick<User, 'id' | 'username'>): Promise<number> {
    return this.sources.findOrCreate({ name: user.username, type: 'user', userId: user.id });
  }

  /**
   * Id of the source that someone at the command line means: the id or name of a user, or else the name of a
   * script, which is added if it is new.
   * @throws DomainError SOURCE_NOT_FOUND for the id of no user.
   */
  async named(label: string): Promise<number> {
    const isId = /^\d+$/.test(label);
    const user = isId ? await this.users.findById(Number(label)) : await this.users.findByUsername(label);
    if (user) return this.forUser(user);
    if (isId) throw new DomainError('SOURCE_NOT_FOUND', `There is no user with id ${label}.`, 'source');
    if (label.trim() === '') throw new DomainError('SOURCE_NOT_FOUND', 'A source needs a name.', 'source');
    return this.sources.findOrCreate({ name: label, type: 'CLI script' });
  }
}
