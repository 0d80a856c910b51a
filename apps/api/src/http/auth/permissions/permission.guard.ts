import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { isAllowed, type AccessRules, type Permission, type Requester } from '#lib/accounts/model';
import { unauthorized } from '../../errors/api-error';
import { ApiParam, ApiQuery } from '../../contract/metadata';
import type { ApiUser } from '../authentication/api-user';
import { requireDeviceScope } from './device-scopes';
import { ResourceLoaders, type ResourceKind } from './resource-loaders';
import { hasRequiredRoles } from './role-requirements';

/** A request that passed authentication and the permission guard. */
export type AuthorizedRequest = Request & { user: ApiUser; resource?: unknown };

interface Requirement {
  permission: Permission;
  kind: ResourceKind;
}

const REQUIREMENT = 'permission-requirement';

const ID = { type: 'integer', minimum: 1 } as const;

/** Requires that the user has a permission on the resource that the request names. */
export const RequiresPermission = (permission: Permission, kind: ResourceKind): MethodDecorator =>
  applyDecorators(
    SetMetadata(REQUIREMENT, { permission, kind } satisfies Requirement),
    kind === 'account-of-query'
      ? ApiQuery({ name: 'account_id', required: false, schema: ID })
      : ApiParam({ name: 'id', schema: ID }),
  );

/** Parameter decorator: the resource that the permission guard loaded. */
export const Resource = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<AuthorizedRequest>().resource,
);

/** Parameter decorator: the authenticated user. */
export const User = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthorizedRequest>().user,
);

/** @throws ApiError 403 if the rules do not grant the permission */
export function requirePermission(requester: Requester, permission: Permission, rules: AccessRules): void {
  if (!isAllowed(requester, permission, rules)) throw unauthorized();
}

/** Enforces the scopes of device tokens, `RequiresPermission`, and the role requirements of routes. */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly loaders: ResourceLoaders,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthorizedRequest>();
    requireDeviceScope(this.reflector, context, request.user);
    if (!hasRequiredRoles(this.reflector, context, request.user)) throw unauthorized();
    const requirement = this.reflector.get<Requirement | undefined>(REQUIREMENT, context.getHandler());
    if (!requirement) return true;
    const { resource, rules } = await this.loaders.load(requirement.kind, request);
    requirePermission(request.user, requirement.permission, rules);
    request.resource = resource;
    return true;
  }
}
