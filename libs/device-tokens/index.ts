export { DeviceToken } from './device-token.entity';
export {
  DEVICE_TOKEN_CREATED,
  DEVICE_TOKEN_REFUSED,
  DEVICE_TOKEN_REVOKED,
  type DeviceTokenEvent,
} from './device-tokens.events';
export { DeviceTokensModule } from './device-tokens.module';
export { DeviceTokensService, type Device, type NewDeviceToken } from './device-tokens.service';
