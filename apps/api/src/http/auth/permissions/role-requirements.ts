import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ApiUser } from '../authentication/api-user';

/** Roles of which a user, or the user's account, needs all or at least one. */
export interface RoleRequirement {
  of: 'account' | 'user';
  needs: 'all' | 'any';
  roles: readonly string[];
}

const ROLE_REQUIREMENTS = 'role-requirements';
const ADMIN = 'admin';

/** Requires that the user's account has all of these roles; admins are always allowed. */
export const RequiresAccountRoles = (...roles: string[]) =>
  addRequirement({ of: 'account', needs: 'all', roles });

/** Requires that the user's account has at least one of these roles; admins are always allowed. */
export const AcceptsAccountRoles = (...roles: string[]) =>
  addRequirement({ of: 'account', needs: 'any', roles });

/** Requires that the user has all of these roles; admins are always allowed. */
export const RequiresUserRoles = (...roles: string[]) => addRequirement({ of: 'user', needs: 'all', roles });

/** Requires that the user has at least one of these roles; admins are always allowed. */
export const AcceptsUserRoles = (...roles: string[]) => addRequirement({ of: 'user', needs: 'any', roles });

/** Adds a requirement to a route or a controller; all of them must be met. */
export function addRequirement(requirement: RoleRequirement): MethodDecorator & ClassDecorator {
  return <T>(target: object, _name?: string | symbol, descriptor?: TypedPropertyDescriptor<T>) => {
    const place: unknown = descriptor?.value ?? target;
    const others = (Reflect.getOwnMetadata(ROLE_REQUIREMENTS, place as object) ?? []) as RoleRequirement[];
    Reflect.defineMetadata(ROLE_REQUIREMENTS, [...others, requirement], place as object);
  };
}

/** Whether a user meets the role requirements of a route and of its controller. */
export function hasRequiredRoles(
  reflector: Reflector,
  context: ExecutionContext,
  user: ApiUser | undefined,
): boolean {
  const places = [context.getHandler(), context.getClass()];
  const requirements = places.flatMap(
    (place) => reflector.get<RoleRequirement[] | undefined>(ROLE_REQUIREMENTS, place) ?? [],
  );
  return requirements.every((requirement) => user !== undefined && meetsRequirement(user, requirement));
}

/** Whether a user meets a requirement. */
export function meetsRequirement(
  user: Pick<ApiUser, 'roles' | 'accountRoles'>,
  { of, needs, roles }: RoleRequirement,
): boolean {
  if (user.roles.includes(ADMIN)) return true;
  const has = of === 'user' ? user.roles : user.accountRoles;
  return needs === 'all'
    ? roles.every((role) => has.includes(role))
    : roles.some((role) => has.includes(role));
}
