import type { ConstraintName } from '../../conflicts/conflict';
import type { Commitment, Connection, DeviceGroup, SiteProblem } from './site-problem';

/**
 * A place where the power of some devices adds up, with prices and limits: the grid connection of the site, the connection
 * of another commodity, a group of devices, or a commitment, whose zero is its baseline.
 */
export interface Meter extends Connection {
  kind: 'site' | 'commodity' | 'group' | 'commitment';
  /** Name of a commodity or commitment, id of a group; empty for the site. */
  name: string;
  /** Indices of its devices. */
  members: readonly number[];
  /** MW per step that count as 0; none if undefined. */
  baselineMw?: Float64Array;
  /** Whether it is a commodity that the site must balance itself. */
  isInternal?: boolean;
}

const known = new WeakMap<SiteProblem, readonly Meter[]>();

/** All meters of a site. The first one is the grid connection. */
export function metersOf(problem: SiteProblem): readonly Meter[] {
  const before = known.get(problem);
  if (before) return before;
  const { commodities = [], groups = [], commitments = [] } = problem;
  const meters: Meter[] = [
    { ...connectionOf(problem), kind: 'site', name: '', members: membersOf(problem, undefined) },
    ...commodities.map(({ name, isInternal, ...connection }): Meter => ({
      ...connection,
      kind: 'commodity',
      name,
      members: membersOf(problem, name),
      isInternal,
    })),
    ...groups.map((group) => groupMeter(problem, group)),
    ...commitments.map((one) => commitmentMeter(problem, one)),
  ];
  known.set(problem, meters);
  return meters;
}

function connectionOf(problem: SiteProblem): Connection {
  const { consumptionPrices, productionPrices } = problem;
  const { consumptionCapacity, productionCapacity, consumptionPeak, productionPeak } = problem;
  return {
    ...{ consumptionPrices, productionPrices },
    ...{ consumptionCapacity, productionCapacity, consumptionPeak, productionPeak },
  };
}

/** Indices of the devices of a commodity, or of those in a list. */
function membersOf({ devices }: SiteProblem, commodity: string | undefined, ids?: readonly string[]) {
  const wanted = ids && new Set(ids);
  return devices.flatMap((device, index) => {
    const isMember = wanted ? wanted.has(device.id) : device.commodity === commodity;
    return isMember ? [index] : [];
  });
}

function groupMeter(problem: SiteProblem, group: DeviceGroup): Meter {
  const none = new Float64Array(problem.steps);
  return {
    kind: 'group',
    name: group.id,
    members: membersOf(problem, undefined, group.members),
    consumptionPrices: none,
    productionPrices: none,
    consumptionCapacity: group.consumptionCapacity,
    productionCapacity: group.productionCapacity,
  };
}

/** Deviations above the baseline are like consumption, those below it like production. */
function commitmentMeter(problem: SiteProblem, one: Commitment): Meter {
  const isKnown = (t: number) => !Number.isNaN(one.baselineMw[t]!);
  return {
    kind: 'commitment',
    name: one.name,
    members: membersOf(problem, one.commodity, one.members),
    baselineMw: one.baselineMw.map((mw, t) => (isKnown(t) ? mw : 0)),
    consumptionPrices: one.upPrices.map((price, t) => (isKnown(t) ? price : 0)),
    productionPrices: one.downPrices.map((price, t) => (isKnown(t) ? price : 0)),
  };
}

/**
 * MW per step at a meter, consumption positive, above its baseline.
 *
 * @param powers MW per step by device
 */
export function powerAt(meter: Meter, steps: number, powers: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(steps);
  for (const index of meter.members) {
    const power = powers[index]!;
    for (let t = 0; t < steps; t++) sum[t]! += power[t]!;
  }
  if (meter.baselineMw) for (let t = 0; t < steps; t++) sum[t]! -= meter.baselineMw[t]!;
  return sum;
}

/** MW per step of a whole site, consumption positive. @param commodity electricity if undefined */
export function powerOfCommodity(
  problem: SiteProblem,
  commodity: string | undefined,
  powers: readonly Float64Array[],
): Float64Array {
  const isWanted = ({ kind, name }: Meter): boolean =>
    commodity === undefined ? kind === 'site' : kind === 'commodity' && name === commodity;
  return powerAt(metersOf(problem).find(isWanted)!, problem.steps, powers);
}

/** Which limit of a meter it is: the one of consumption (1) or of production (-1). */
export type MeterSign = 1 | -1;

/** The capacity of a meter in one direction. */
export const capacityOf = (meter: Connection, sign: MeterSign) =>
  sign === 1 ? meter.consumptionCapacity : meter.productionCapacity;

/** The field that limits a meter in one direction. */
export function constraintOf({ kind, isInternal }: Meter, sign: MeterSign): ConstraintName {
  if (isInternal) return 'commodity-balance';
  const name = sign === 1 ? 'consumption-capacity' : 'production-capacity';
  return kind === 'group' ? name : `site-${name}`;
}
