import type { Access } from '#lib/plugin-api';
import { OptionalAuth } from '../http/auth/authentication/public';
import { AcceptsDevices } from '../http/auth/permissions/device-scopes';
import { RequiresPermission } from '../http/auth/permissions/permission.guard';
import { addRequirement } from '../http/auth/permissions/role-requirements';

/** The decorators of the server for a requirement of a plugin. */
export function decoratorsOf(access: Access): MethodDecorator[] {
  switch (access.kind) {
    case 'visitors':
      return [OptionalAuth()];
    case 'permission':
      return [RequiresPermission(access.permission, access.of)];
    case 'roles':
      return [addRequirement(access)];
    case 'devices':
      return [AcceptsDevices(access.scope)];
    case 'login':
      return [];
  }
}
