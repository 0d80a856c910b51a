import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ApiUser } from '../authentication/api-user';

/** Roles of which a user, or the user's account, needs all or at least one. */
interface RoleRequirement {
  of: 'account' | 'user';
  needs: 'all' | 'any';
  roles: readonly string[];
}

const ROLE_REQUIREMENTS = 'role-requirements';
const ADMIN = 'admin';

/** Lets in users whose account has all of these roles, and admins. */
export const RequiresAccountRoles = (...roles: string[]) => requires({ of: 'account', needs: 'all', roles });

/** Lets in users whose account has at least one of these roles, and admins. */
export const AcceptsAccountRoles = (...roles: string[]) => requires({ of: 'account', needs: 'any', roles });

/** Lets in users who have all of these roles, and admins. */
export const RequiresUserRoles = (...roles: string[]) => requires({ of: 'user', needs: 'all', roles });

/** Lets in users who have at least one of these roles, and admins. */
export const AcceptsUserRoles = (...roles: string[]) => requires({ of: 'user', needs: 'any', roles });

/** Several on one route or its controller must all be met. */
function requires(requirement: RoleRequirement): MethodDecorator & ClassDecorator {
  return <T>(target: object, _name?: string | symbol, descriptor?: TypedPropertyDescriptor<T>) => {
    const place: unknown = descriptor?.value ?? target;
    const others = (Reflect.getOwnMetadata(ROLE_REQUIREMENTS, place as object) ?? []) as RoleRequirement[];
    Reflect.defineMetadata(ROLE_REQUIREMENTS, [...others, requirement], place as object);
  };
}

/** Whether a user meets the roles that a route and its controller require. */
export function meetsRoles(
  reflector: Reflector,
  context: ExecutionContext,
  user: ApiUser | undefined,
): boolean {
  const places = [context.getHandler(), context.getClass()];
  const requirements = places.flatMap(
    (place) => reflector.get<RoleRequirement[] | undefined>(ROLE_REQUIREMENTS, place) ?? [],
  );
  return requirements.every((requirement) => user !== undefined && meets(user, requirement));
}

function meets(user: ApiUser, { of, needs, roles }: RoleRequirement): boolean {
  if (user.roles.includes(ADMIN)) return true;
  const has = of === 'user' ? user.roles : user.accountRoles;
  return needs === 'all'
    ? roles.every((role) => has.includes(role))
    : roles.some((role) => has.includes(role));
}
