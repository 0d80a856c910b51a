import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AccountsService, UsersService, type Account, type User } from '#lib/accounts';
import {
  accountAuditRules,
  accountRules,
  deviceTokenRules,
  passwordRules,
  twoFactorRules,
  userAuditRules,
  userRules,
  type AccessRules,
  type Requester,
} from '#lib/accounts/model';
import { assetRules, AssetsService } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { sensorRules, SensorsService } from '#lib/sensors';
import { rejected, unprocessable } from '../../errors/api-error';

/** How a route names its resource: by the id in its path, or by `account` or `account_id` in the query (default: the user's account). */
export type ResourceKind =
  | 'account'
  | 'account-of-query'
  | 'asset'
  | 'sensor'
  | 'user'
  | 'password-of-user'
  | 'device-tokens-of-user'
  | 'audit-log-of-account'
  | 'audit-log-of-user'
  | 'two-factor-of-user';

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
        return this.account(storableId(idInPath(request)), accountRules);
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
      case 'device-tokens-of-user':
        return this.user(storableId(idInPath(request)), deviceTokenRules);
      case 'audit-log-of-account':
        return this.account(storableId(idInPath(request)), accountAuditRules);
      case 'audit-log-of-user':
        return this.user(storableId(idInPath(request)), userAuditRules);
      case 'two-factor-of-user':
        return this.user(storableId(idInPath(request)), twoFactorRules);
    }
  }

  private async accountOfQuery({ query, user }: Request & { user: Requester }): Promise<LoadedResource> {
    const name = query['account'] === undefined ? 'account_id' : 'account';
    const { [name]: given = String(user.accountId) } = query;
    if (typeof given !== 'string' || !DIGITS.test(given)) {
      throw unprocessable('query', { [name]: ['Not a valid integer.'] });
    }
    return this.account(storableId(Number(given)), accountRules);
  }

  private async account(id: number, rulesOf: (account: Account) => AccessRules): Promise<LoadedResource> {
    const resource = await this.accounts.get(id);
    return { resource, rules: rulesOf(resource) };
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

const idInPath = ({ params }: Request): number => parseInteger(String(params['id']), 'id');

function parseInteger(text: string, name: string): number {
  if (DIGITS.test(text)) return Number(text);
  throw unprocessable('path', { [name]: ['Not a valid integer.'] });
}

/**
 * The id in a segment of the path.
 * @param name name of the segment, for the error
 * @throws ApiError 422 if it is not an integer, 404 if the database cannot store it
 */
export const parseIdInPath = (text: string, name: string): number => storableId(parseInteger(text, name));

/** The largest id that the database can store. */
const MAX_ID = 2_147_483_647;

/** @throws ApiError 404 for ids that the database cannot store */
export function storableId(id: number): number {
  if (id <= MAX_ID) return id;
  throw rejected(404, 'NOT_FOUND', `There is nothing with id ${id}.`);
}
