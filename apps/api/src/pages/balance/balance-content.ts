import type { Balance, BalanceDay, Flow } from '#lib/balance';
import { shownKwh, shownNumber } from '../graphs/latest-values.service';

/** What the flows are called, in the order in which pages show them. */
export const FLOW_NAMES: [flow: Flow, name: string][] = [
  ['import', 'Import'],
  ['production', 'Solar and other production'],
  ['discharge', 'Storage discharge'],
  ['export', 'Export'],
  ['charge', 'Storage charge'],
  ['flexible', 'Flexible load'],
  ['inflexible', 'Inflexible load'],
];

/** What a page shows of a balance. @param moreNotes sentences beside those of the balance */
export function balanceContent(
  { days, currency, parts, notes, zone }: Balance,
  moreNotes: readonly string[] = [],
) {
  return {
    ...{
      zone,
      notes: [...notes, ...moreNotes],
      has_parts: parts.length > 0,
      flow_names: FLOW_NAMES.map(([, name]) => name),
    },
    has_money: currency !== null,
    days: days.map((day) => ({
      date: day.date,
      energies: FLOW_NAMES.map(([flow]) => day.energyKwh[flow].toFixed(2)),
      cost: money(day.cost, currency),
      revenue: money(day.revenue, currency),
      net: money(netOf(day), currency),
      unknown: day.unknownHours === 0 ? '' : `${shownNumber(day.unknownHours)} h`,
    })),
  };
}

/**
 * A day of a site in a sentence: "Bought 8.1 kWh for 1.62 EUR, sold 2 kWh for 0.16 EUR." What a part of a site exchanges is not
 * bought and sold, because it may come from, and go to, other parts: "Charged 8.1 kWh, discharged 2 kWh."
 * @param isPart whether it is of an asset within a site
 * @returns undefined for a part of which nothing flowed
 */
export function dayInWords(
  { energyKwh, cost, revenue, unknownHours }: BalanceDay,
  currency: string | null,
  isPart = false,
): string | undefined {
  if (unknownHours > 0 && Object.values(energyKwh).every((kwh) => kwh === 0)) return undefined;
  const priced = (what: string, kwh: number, amount: number | null): string =>
    `${what} ${shownKwh(kwh)}${amount === null ? '' : ` for ${money(amount, currency)}`}`;
  const flow = (what: string, kwh: number): string[] => (kwh > 0 ? [priced(what, kwh, null)] : []);
  const exchange = isPart
    ? [
        ...flow('charged', energyKwh.charge),
        ...flow('discharged', energyKwh.discharge),
        ...flow('consumed', energyKwh.flexible + energyKwh.inflexible),
      ]
    : [priced('bought', energyKwh.import, cost), priced('sold', energyKwh.export, revenue)];
  const unknown = unknownHours > 0 ? [`${shownNumber(unknownHours)} hours are not known`] : [];
  const all = [...exchange, ...flow('produced', energyKwh.production), ...unknown].join(', ');
  return all === '' ? undefined : `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
}

const netOf = ({ cost, revenue }: BalanceDay): number | null =>
  cost === null || revenue === null ? null : cost - revenue;

const money = (amount: number | null, currency: string | null): string =>
  amount === null || currency === null ? '' : `${amount.toFixed(2)} ${currency}`;
