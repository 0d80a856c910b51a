/** What a device token may be allowed to do: read, post data to sensors, trigger schedules and other jobs. */
export const DEVICE_SCOPES = ['read', 'post-data', 'trigger'] as const;

export type DeviceScope = (typeof DEVICE_SCOPES)[number];
