import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import {
  AccountsService,
  accountRules,
  passwordRules,
  userRules,
  UsersService,
  type User,
} from '#lib/accounts';
import type { AccessRules, Requester } from '#lib/accounts/model';
import { assetRules, AssetsService } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { sensorRules, SensorsService } from '#lib/sensors';
import { rejected, unprocessable } from '../../errors/api-error';

/** How a route names its resource: by the id in its path, or by `account_id` or `account` in the query (default: the
 * user's account). */
export type ResourceKind = 'account' | 'account-of-query' | 'asset' | 'sensor' | 'user' | 'password-of-user';

export interface LoadedResource {
  resource: unknown;
  rules: AccessRules;
}

/** Loads the resource of a request with its access rules. */
@Injectable()
export class ResourceLoaders {
  constructor(
    private readonly accounts: AccountsService,
    private readonly users: UsersService,
    private readonly assets: AssetsService,
    private readonly sensors: SensorsService,
  ) {}

  load(kind: ResourceKind, request: Request & { user: Requester }): Promise<LoadedResource> {
    switch (kind) {
      case 'account':
        return this.account(storableId(idInPath(request)));
      case 'account-of-query':
        return this.accountOfQuery(request);
      case 'asset':
        return this.asset(storableId(idInPath(request)));
      case 'sensor':
        return this.sensor(idInPath(request));
      case 'user':
        return this.user(storableId(idInPath(request)), userRules);
      case 'password-of-user':
        return this.user(storableId(idInPath(request)), passwordRules);
    }
  }

  private async accountOfQuery({ query, user }: Request & { user: Requester }): Promise<LoadedResource> {
    const name =
      query['account_id'] === undefined && query['account'] !== undefined ? 'account' : 'account_id';
    const given = query[name] ?? String(user.accountId);
    if (typeof given !== 'string' || !DIGITS.test(given)) {
      throw unprocessable('query', { [name]: ['Not a valid integer.'] });
    }
    return this.account(storableId(Number(given)));
  }

  private async account(id: number): Promise<LoadedResource> {
    const resource = await this.accounts.get(id);
    return { resource, rules: accountRules(resource) };
  }

  private async asset(id: number): Promise<LoadedResource> {
    const resource = await this.assets.get(id);
    return { resource, rules: assetRules(resource) };
  }

  private async sensor(id: number): Promise<LoadedResource> {
    const resource = await this.sensors.get(id).catch((error: unknown) => {
      const isUnknown = error instanceof DomainError && error.code === 'SENSOR_NOT_FOUND';
      throw isUnknown ? unprocessable('path', { id: [`No sensor found with id ${id}.`] }) : error;
    });
    return { resource, rules: sensorRules(resource) };
  }

  private async user(id: number, rulesOf: (user: User) => AccessRules): Promise<LoadedResource> {
    const resource = await this.users.findById(id);
    if (!resource) throw new DomainError('USER_NOT_FOUND', `There is no user with id ${id}.`, 'id');
    return { resource, rules: rulesOf(resource) };
  }
}

const DIGITS = /^\d{1,15}$/;

function idInPath({ params }: Request): number {
  const id = String(params['id']);
  if (DIGITS.test(id)) return Number(id);
  throw unprocessable('path', { id: ['Not a valid integer.'] });
}

/** The largest id that the database can store. */
const MAX_ID = 2_147_483_647;

/** @throws ApiError 404 for ids that the database cannot store */
function storableId(id: number): number {
  if (id <= MAX_ID) return id;
  throw rejected(404, 'NOT_FOUND', `There is nothing with id ${id}.`);
}
