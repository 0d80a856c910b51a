import { createHash } from 'node:crypto';
import type { DetailedAsset } from '#lib/assets';
import type { Flexibility } from './flexibility-form';

/** What an asset stores about flexibility, by group. */
export const storedOf = ({ flexModel, flexContext }: DetailedAsset): Flexibility => ({
  'flex-model': flexModel,
  'flex-context': flexContext,
});

/** A short text that changes with what an asset stores about flexibility. */
export const versionOf = (asset: DetailedAsset): string =>
  createHash('sha256')
    .update(JSON.stringify(storedOf(asset)))
    .digest('base64url')
    .slice(0, 16);
