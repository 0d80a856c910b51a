import type { NewPluginSensor, PluginSensor } from '#lib/plugin-api';
import { GENERATION_TYPES, STORAGE_TYPES } from './generation-types';
import type { MarketSeries } from './market-document';
import { MARKET_TIMEZONE, type Zone } from './zones';

/** Name of the attribute of assets with the code of their zone, and of sensors with their `SensorRole`. */
export const ATTRIBUTE = 'entsoe';

/** What a sensor gets from the service. */
export type SensorRole =
  | {
      data: 'prices';
      currency: string;
      /** Number of the auction; by default the first one. */ sequence?: number;
    }
  | { data: 'generation' | 'consumption'; type: string };

/** When prices are published: within an hour after the bids of the coupled auction, which are due at noon of the day before. */
export const PRICES_PUBLISHED = { daysBefore: 1, hour: 13, timezone: MARKET_TIMEZONE };

/** The rule for day-ahead prices: their knowledge time is the time of the auction, noon of the day before. */
const PRICES_KNOWN = { daysBefore: 1, hour: 12, timezone: MARKET_TIMEZONE };

/** What the new sensors of a zone have in common. */
interface NewSensors {
  zone: Zone;
  assetId: number;
  /** Length of events in milliseconds. */
  resolution: number;
}

/** The sensor of the prices of a zone. */
export function priceSensor(
  { zone, assetId, resolution }: NewSensors,
  currency: string,
  sequence?: number,
): NewPluginSensor {
  const role: SensorRole = { data: 'prices', currency, ...(sequence !== undefined && { sequence }) };
  const auction = sequence === undefined || sequence === 1 ? '' : ` of auction ${sequence}`;
  const name = currency === zone.currency ? 'day-ahead price' : `day-ahead price in ${currency}`;
  return {
    ...{ assetId, resolution, name: name + auction, unit: `${currency}/MWh`, timezone: zone.timezone },
    knowledgeTime: PRICES_KNOWN,
    attributes: { [ATTRIBUTE]: role },
  };
}

/** The sensors of types of generation. Storage has a second one for its consumption. */
export function powerSensors(
  { zone, assetId, resolution }: NewSensors,
  types: readonly string[],
): NewPluginSensor[] {
  return types.flatMap((type) =>
    (STORAGE_TYPES.includes(type) ? (['generation', 'consumption'] as const) : (['generation'] as const)).map(
      (data) => ({
        ...{ assetId, resolution, unit: 'MW', timezone: zone.timezone },
        name: `${data} of ${GENERATION_TYPES[type]!}`,
        attributes: { [ATTRIBUTE]: { data, type } satisfies SensorRole },
      }),
    ),
  );
}

/** The role of a sensor of this plugin; undefined of others. */
export const roleOf = ({ attributes }: PluginSensor): SensorRole | undefined => {
  const role = attributes[ATTRIBUTE] as Partial<SensorRole> | undefined;
  return role?.data === undefined ? undefined : (role as SensorRole);
};

/** The series of a document that a sensor gets. */
export function seriesFor(role: SensorRole, series: readonly MarketSeries[], zone: Zone): MarketSeries[] {
  if (role.data !== 'prices')
    return series.filter(
      ({ type, isConsumption }) => type === role.type && isConsumption === (role.data === 'consumption'),
    );
  const sequence = role.sequence ?? (zone.hasTwoAuctions ? 1 : undefined);
  return series.filter(
    (one) => one.currency === role.currency && (sequence === undefined || (one.sequence ?? 1) === sequence),
  );
}
