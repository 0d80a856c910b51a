import { DomainError } from '#lib/errors';
import type { DetailedAsset } from './asset.entity';

const LOCATION_DECIMALS = 7;
const MAX_NAME = 80;
const MAX_EXTERNAL_ID = 80;
const MAX_DESCRIPTION = 10_000;

/** The fields that `checkFields` checks. */
export const CHECKED_FIELDS = ['name', 'latitude', 'longitude', 'description', 'externalId'] as const;

type Checked = Pick<DetailedAsset, 'name'> &
  Partial<Pick<DetailedAsset, 'latitude' | 'longitude' | 'description' | 'externalId'>>;

/** Checks name, location, description and external id of an asset. @throws DomainError ASSET_INVALID with the field */
export function checkFields({ name, latitude, longitude, description, externalId }: Checked): void {
  if (name.trim() === '' || name.length > MAX_NAME)
    throw invalid('name', `The name of an asset must have 1 to ${MAX_NAME} characters.`);
  checkDegrees(latitude, 90, 'latitude');
  checkDegrees(longitude, 180, 'longitude');
  if ((latitude == null) !== (longitude == null)) {
    const field = latitude == null ? 'latitude' : 'longitude';
    throw invalid(field, 'A location needs both latitude and longitude.');
  }
  if ((description?.length ?? 0) > MAX_DESCRIPTION)
    throw invalid('description', `The description must have at most ${MAX_DESCRIPTION} characters.`);
  if ((externalId?.length ?? 0) > MAX_EXTERNAL_ID)
    throw invalid('external_id', `The external id must have at most ${MAX_EXTERNAL_ID} characters.`);
}

function checkDegrees(value: number | null | undefined, limit: number, field: string): void {
  if (value == null) return;
  if (!(Math.abs(value) <= limit))
    throw invalid(field, `The ${field} must be between -${limit} and ${limit}. It is ${value}.`);
  if (Number(value.toFixed(LOCATION_DECIMALS)) !== value)
    throw invalid(field, `Latitudes and longitudes are limited to ${LOCATION_DECIMALS} decimal places.`);
}

const invalid = (field: string, message: string): DomainError =>
  new DomainError('ASSET_INVALID', message, field);
