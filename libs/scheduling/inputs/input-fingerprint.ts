import { createHash } from 'node:crypto';
import { storedSign } from '../model/flex/sign';
import type { SiteInput } from './site-inputs';

/** What a schedule depends on: the same for the same problem, written to the same sensors in the same way. */
export function fingerprintOf({ problem, currency, sensors, window }: SiteInput): string {
  const targets = sensors.map(({ id, unit, eventResolutionMs, attributes, asset }) => [
    ...[id, unit, eventResolutionMs],
    storedSign({ ...asset.attributes, ...attributes }),
  ]);
  const text = JSON.stringify([problem, currency, targets, window], (_key, value: unknown) => {
    if (ArrayBuffer.isView(value)) return digest(value as Float64Array);
    // JSON has no infinity and no NaN.
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
  return digest(text);
}

const digest = (content: string | NodeJS.ArrayBufferView): string =>
  createHash('sha256').update(content).digest('base64');
