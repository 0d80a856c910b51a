import { FLOWS, type Balance, type Flow } from '#lib/balance';
import { formatDuration, formatInstant } from '#lib/time';
import type { BalanceDay, EnergyBalance, EnergyFlows } from './balance.dto';

/** A balance as the API answers it. Energy and money are rounded to six decimals. */
export function toEnergyBalance(balance: Balance): EnergyBalance {
  const { startMs, stepMs, nowMs, zone, currency, parts, flows, days, notes } = balance;
  return {
    start: formatInstant(startMs, zone),
    resolution: formatDuration(stepMs),
    now: formatInstant(Math.floor(nowMs / 1000) * 1000, zone),
    timezone: zone,
    currency,
    parts: parts.map(({ sensor, kind }) => ({
      sensor: sensor.id,
      name: `${sensor.name} (${sensor.asset.name})`,
      kind,
    })),
    flows: Object.fromEntries(
      FLOWS.map((flow) => [
        flow,
        Array.from(flows[flow], (power) => (Number.isNaN(power) ? null : rounded(power))),
      ]),
    ) as unknown as EnergyFlows,
    days: days.map(toDay),
    notes,
  };
}

const toDay = ({ date, energyKwh, cost, revenue, unknownHours }: Balance['days'][number]): BalanceDay => ({
  date,
  ...(Object.fromEntries(FLOWS.map((flow) => [flow, rounded(energyKwh[flow])])) as Record<Flow, number>),
  cost: cost === null ? null : rounded(cost),
  revenue: revenue === null ? null : rounded(revenue),
  unknown_hours: unknownHours,
});

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;
