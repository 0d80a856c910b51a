import { FLOWS, type Balance, type Flow } from '#lib/balance';
import { formatDuration, formatInstant } from '#lib/time';
import { toSixDecimals } from '#lib/units';
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
        Array.from(flows[flow], (power) => (Number.isNaN(power) ? null : toSixDecimals(power))),
      ]),
    ) as unknown as EnergyFlows,
    days: days.map(toDay),
    notes,
  };
}

const toDay = ({ date, energyKwh, cost, revenue, unknownHours }: Balance['days'][number]): BalanceDay => ({
  date,
  ...(Object.fromEntries(FLOWS.map((flow) => [flow, toSixDecimals(energyKwh[flow])])) as Record<
    Flow,
    number
  >),
  cost: cost === null ? null : toSixDecimals(cost),
  revenue: revenue === null ? null : toSixDecimals(revenue),
  unknown_hours: unknownHours,
});
