import type { Sensor } from '#lib/sensors';

/** What pages of a sensor say about it. */
export const sensorHeader = ({ id, name, unit, timezone, asset }: Sensor) => ({
  ...{ id, name, unit, timezone },
  asset: { id: asset.id, name: asset.name },
});
