import type { Balance, BalanceDay, Flow } from '#lib/balance';
import { shownNumber } from '../graphs/latest-values.service';

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

/** What a page shows of a balance. */
export function balanceContent({ days, currency, parts, notes, zone }: Balance) {
  return {
    ...{ zone, notes, has_parts: parts.length > 0, flow_names: FLOW_NAMES.map(([, name]) => name) },
    has_money: currency !== null,
    days: days.map((day) => ({
      date: day.date,
      energies: FLOW_NAMES.map(([flow]) => shownNumber(day.energyKwh[flow])),
      cost: money(day.cost, currency),
      revenue: money(day.revenue, currency),
      net: money(netOf(day), currency),
      unknown: day.unknownHours === 0 ? '' : `${shownNumber(day.unknownHours)} h`,
    })),
  };
}

/** A day in a sentence: "Bought 8.1 kWh for 1.62 EUR, sold 2 kWh for 0.16 EUR". Undefined if nothing is known of it. */
export function dayInWords(
  { energyKwh, cost, revenue, unknownHours }: BalanceDay,
  currency: string | null,
): string | undefined {
  if (unknownHours > 0 && Object.values(energyKwh).every((kwh) => kwh === 0)) return undefined;
  const priced = (what: string, kwh: number, amount: number | null): string =>
    `${what} ${shownNumber(kwh)} kWh${amount === null ? '' : ` for ${money(amount, currency)}`}`;
  const produced = energyKwh.production > 0 ? [`produced ${shownNumber(energyKwh.production)} kWh`] : [];
  const unknown = unknownHours > 0 ? [`${shownNumber(unknownHours)} hours are not known`] : [];
  const all = [
    priced('bought', energyKwh.import, cost),
    priced('sold', energyKwh.export, revenue),
    ...produced,
    ...unknown,
  ].join(', ');
  return `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
}

const netOf = ({ cost, revenue }: BalanceDay): number | null =>
  cost === null || revenue === null ? null : cost - revenue;

const money = (amount: number | null, currency: string | null): string =>
  amount === null || currency === null ? '' : `${amount.toFixed(2)} ${currency}`;
