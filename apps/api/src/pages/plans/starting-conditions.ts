import type { Request } from 'express';
import { instantOf } from '../forms/local-times';
import { fieldOf } from '../sessions/page-request';

/** A storage whose state of charge at the start can be typed. */
export interface PlannedDevice {
  assetId: number;
  name: string;
  isStorage: boolean;
}

/** What a person types about the period and the storages of a plan; empty texts are not sent. */
export interface StartForm {
  /** On the clock of the asset: "2026-03-04T07:00". */
  start: string;
  duration: string;
  /** Texts by the names of `storageNames`. */
  storages: Record<string, string>;
}

export const DURATIONS = [
  ['PT6H', '6 hours'],
  ['PT12H', '12 hours'],
  ['PT24H', '24 hours'],
  ['PT48H', '48 hours'],
];

/** Names of the fields of a storage. */
export const storageNames = ({ assetId }: PlannedDevice) => ({
  soc: `soc.${assetId}`,
  target: `target.${assetId}`,
  targetTime: `target_time.${assetId}`,
});

/** All names of fields of the form. */
export const startNames = (devices: readonly PlannedDevice[]): string[] => [
  ...['start', 'duration'],
  ...devices.flatMap((device) => Object.values(storageNames(device))),
];

export const readStart = (request: Request, devices: readonly PlannedDevice[]): StartForm => ({
  start: fieldOf(request, 'start'),
  duration: fieldOf(request, 'duration'),
  storages: Object.fromEntries(
    devices.flatMap((device) =>
      Object.values(storageNames(device)).map((name) => [name, fieldOf(request, name).trim()]),
    ),
  ),
});

/** A request of the API for a plan of a site. */
export interface SiteBody {
  start: string;
  duration?: string;
  'flex-model': object[];
  'flex-context'?: object;
}

/**
 * The form as a request of the API for a site, and the names of its fields by those of the API.
 * @param isAlways whether devices without typed values are sent as well, because they store no flex-model
 */
export function toSiteBody(
  { start, duration, storages }: StartForm,
  devices: readonly PlannedDevice[],
  { timezone: zone, nowMs }: { timezone: string; nowMs: number },
  isAlways: (device: PlannedDevice) => boolean,
) {
  const names: Record<string, string> = {};
  const flexModel: object[] = [];
  for (const device of devices) {
    const own = storageNames(device);
    const [soc = '', target = '', time = ''] = [
      storages[own.soc],
      storages[own.target],
      storages[own.targetTime],
    ];
    const isTarget = target !== '' || time !== '';
    if (soc === '' && !isTarget && !isAlways(device)) continue;
    const path = `flex-model.${flexModel.length}`;
    names[`${path}.soc-at-start`] = own.soc;
    names[`${path}.soc-targets`] = own.target;
    names[`${path}.soc-targets.0`] = own.target;
    names[`${path}.soc-targets.0.datetime`] = own.targetTime;
    flexModel.push({
      asset: device.assetId,
      ...(soc !== '' && { 'soc-at-start': soc }),
      ...(isTarget && { 'soc-targets': [{ value: target, datetime: instantOf(time, zone, nowMs) }] }),
    });
  }
  const period = { start: instantOf(start, zone, nowMs), ...(duration !== '' && { duration }) };
  return { body: { ...period, 'flex-model': flexModel } as SiteBody, names };
}
