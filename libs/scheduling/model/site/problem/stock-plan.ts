import { stockLimits } from '../../problem/step-limits';
import { stockPerMwCharged, stockPerMwDischarged, type StockDevice } from '../../problem/stock';
import type { FlexiblePlan } from './flexible-plan';
import type { FlexibleDevice, SharedStock, SiteProblem, Stock, StockLink } from './site-problem';
import { withHardBounds } from './storage-view';

/** A shared stock, with its limits per step and the devices that change it. */
export interface StockPlan {
  stock: SharedStock;
  /** Indices among the prepared flexible devices. */
  flexibles: number[];
  /** MWh after k steps; both are the stock at start for k = 0. */
  socMin: Float64Array;
  socMax: Float64Array;
  /** MWh that count as 1 in linear programs. */
  unitMwh: number;
}

export function prepareStocks(problem: SiteProblem, flexibles: readonly FlexiblePlan[]): StockPlan[] {
  return (problem.stocks ?? []).map((stock) => {
    const own = flexibles.flatMap(({ device }, k) => (device.stock?.id === stock.id ? [k] : []));
    const { socMin, socMax } = stockLimits(
      { ...stock, ...withHardBounds(stock, problem.steps) },
      problem.steps,
    );
    let unitMwh = 0;
    for (const k of own) {
      const { device, powerMin, powerMax } = flexibles[k]!;
      const link = stockDeviceOf(problem, stock, device.stock!);
      for (let t = 0; t < problem.steps; t++) {
        unitMwh = Math.max(
          unitMwh,
          powerMax[t]! * stockPerMwCharged(link, t),
          -powerMin[t]! * stockPerMwDischarged(link, t),
        );
      }
    }
    return { stock, flexibles: own, socMin, socMax, unitMwh: unitMwh || 1 };
  });
}

/** Stocks of storages, and shared ones. */
export const stocksOf = ({ devices, stocks = [] }: SiteProblem): Stock[] => [
  ...devices.filter((device) => device.kind === 'storage'),
  ...stocks,
];

/** How the power of one device changes a shared stock. */
export const stockDeviceOf = (
  { stepHours }: Pick<SiteProblem, 'stepHours'>,
  { storageEfficiency, stockInflowMw }: SharedStock,
  { roundtripEfficiency, chargingEfficiency, dischargingEfficiency }: StockLink,
): StockDevice => ({
  ...{ stepHours, roundtripEfficiency, chargingEfficiency, dischargingEfficiency },
  ...{ storageEfficiency, stockInflowMw },
});

/** A shared stock without the devices that change it: only losses, gain and usage. */
export const idleStockDevice = (problem: Pick<SiteProblem, 'stepHours'>, stock: SharedStock): StockDevice =>
  stockDeviceOf(problem, stock, { id: stock.id, roundtripEfficiency: 1 });

/** The devices of a problem that change a shared stock, with their indices. */
export const feedersOf = (
  { devices }: SiteProblem,
  stockId: string,
): { device: FlexibleDevice & { stock: StockLink }; index: number }[] =>
  devices.flatMap((device, index) =>
    device.kind === 'flexible' && device.stock?.id === stockId
      ? [{ device: device as FlexibleDevice & { stock: StockLink }, index }]
      : [],
  );
