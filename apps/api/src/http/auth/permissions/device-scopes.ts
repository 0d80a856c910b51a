import { SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { DeviceScope } from '#lib/device-tokens/model';
import { rejected } from '../../errors/api-error';
import type { ApiUser } from '../authentication/api-user';

const DEVICE_SCOPE = 'device-scope';

/** Allows devices whose token has the scope. Without it, a route refuses device tokens. Permissions are checked as well. */
export const AcceptsDevices = (scope: DeviceScope): MethodDecorator => SetMetadata(DEVICE_SCOPE, scope);

/** Checks the scope of a device token; other users pass. @throws ApiError 403 */
export function requireDeviceScope(
  reflector: Reflector,
  context: ExecutionContext,
  user: ApiUser | undefined,
): void {
  if (!user?.device) return;
  const scope = reflector.get<DeviceScope | undefined>(DEVICE_SCOPE, context.getHandler());
  if (scope !== undefined && user.device.scopes.includes(scope)) return;
  const reason =
    scope === undefined ? 'Device tokens cannot be used for this.' : `It needs the scope '${scope}'.`;
  throw rejected(
    403,
    'INVALID_SENDER',
    `The device token '${user.device.name}' does not allow this. ${reason}`,
  );
}
