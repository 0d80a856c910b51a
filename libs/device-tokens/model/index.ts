export { DEVICE_SCOPES, type DeviceScope } from './scopes';
export { isDeviceSecret, SECRET_PREFIX } from './secret';
