import type { SiteDevice, SiteProblem } from '../problem/site-problem';

/**
 * Divides devices into units that can be scheduled one after another, in their order. A unit has all devices that need each
 * other: ports of a converter, devices of a shared stock, and those of a commodity that the site must balance.
 */
export function unitsOf(problem: SiteProblem): SiteDevice[][] {
  const units: { keys: Set<string>; devices: SiteDevice[] }[] = [];
  for (const device of problem.devices) {
    if (device.kind === 'inflexible') {
      units.push({ keys: new Set(), devices: [device] });
      continue;
    }
    const keys = needsOf(problem, device);
    const joined = units.filter((unit) => keys.some((key) => unit.keys.has(key)));
    const [first, ...others] = joined;
    const unit = first ?? { keys: new Set<string>(), devices: [] };
    if (!first) units.push(unit);
    for (const other of others) {
      for (const key of other.keys) unit.keys.add(key);
      unit.devices.push(...other.devices);
      units.splice(units.indexOf(other), 1);
    }
    for (const key of keys) unit.keys.add(key);
    unit.devices.push(device);
  }
  return units.map(({ devices }) => devices);
}

/** What a device shares with the devices that it needs. */
function needsOf({ couplings = [], commodities = [] }: SiteProblem, device: SiteDevice): string[] {
  const coupling = couplings.find(({ ports }) => ports.some((port) => port.device === device.id));
  const commodity = commodities.find(({ name, isInternal }) => isInternal && name === device.commodity);
  return [
    ...(coupling ? [`coupling ${coupling.name}`] : []),
    ...(commodity ? [`commodity ${commodity.name}`] : []),
    ...(device.kind === 'flexible' && device.stock ? [`stock ${device.stock.id}`] : []),
  ];
}

/** The problem with only some devices. Those that were flexible may have a given power. */
export function partOfSite(problem: SiteProblem, devices: readonly SiteDevice[]): SiteProblem {
  const kinds = new Map(devices.map(({ id, kind }) => [id, kind]));
  const isPresent = (id: string) => kinds.has(id);
  const stocks = new Set(
    devices.flatMap((one) => (one.kind === 'flexible' && one.stock ? [one.stock.id] : [])),
  );
  const isComplete = ({ ports }: { ports: readonly { device: string }[] }) =>
    ports.every(({ device }) => kinds.get(device) === 'flexible');
  return {
    ...problem,
    devices,
    groups: problem.groups?.map((group) => ({ ...group, members: group.members.filter(isPresent) })),
    commitments: problem.commitments?.map((one) => ({ ...one, members: one.members?.filter(isPresent) })),
    couplings: problem.couplings?.filter(isComplete),
    stocks: problem.stocks?.filter(({ id }) => stocks.has(id)),
    // A commodity that none of the devices balances yet is left out.
    commodities: problem.commodities?.map((commodity) =>
      commodity.isInternal &&
      !devices.some((one) => one.kind !== 'inflexible' && one.commodity === commodity.name)
        ? { ...commodity, consumptionCapacity: undefined, productionCapacity: undefined }
        : commodity,
    ),
  };
}
