/** A sensor, with the attributes of itself and its asset. */
interface SensorWithAttributes {
  attributes: Record<string, unknown>;
  asset: { attributes: Record<string, unknown> };
}

const FLOORS = 'floor_datetimes_to_resolution';

/**
 * Whether events keep starts between the sensor's steps instead of being moved to a step: if attribute
 * `floor_datetimes_to_resolution` is false. The attribute of the sensor has priority over that of its asset.
 */
export const keepsEventStarts = ({ attributes, asset }: SensorWithAttributes): boolean =>
  (attributes[FLOORS] ?? asset.attributes[FLOORS]) === false;
