import { DomainError } from '#lib/errors';
import type { SiteDevice, SiteProblem } from '..';
import { type BreachPrices, ContextFields, type UnitOfSensor } from './context-fields';
import { readCurtailable, readProcess, readStorage } from './device-fields';
import { FlexFields, type FlexSources, type ReadSensor } from './flex-fields';
import { checkKind, underPath } from './vocabulary';

/** A device as users describe it. */
export interface DeviceDescription {
  /** Unique within the site. */
  name: string;
  /** What stands before its fields in errors, such as `flex-model.1.`; nothing when not given. */
  path?: string;
  flexModel: Record<string, unknown>;
  /** Of the sensor, its asset and what that is a part of, combined. */
  attributes: Record<string, unknown>;
  /** Unit of states of charge that have none of their own; MWh when not given. */
  socUnit?: string;
  /** Whether devices of its asset's type store energy. */
  isStorageType: boolean;
  /** Reads sensors for it; as for the site when not given. */
  readSensor?: ReadSensor;
  /** MW, consumption positive: what is known of its power, should it turn out that there is nothing to schedule. */
  readPower: () => Promise<Float64Array>;
}

/** A site as users describe it. */
export interface SiteDescription {
  devices: DeviceDescription[];
  flexContext: Record<string, unknown>;
  /** Of the site's asset and what that is a part of, combined. */
  attributes: Record<string, unknown>;
  /** MW, consumption positive: what the context calls inflexible, summed; undefined when it names nothing. */
  inflexiblePowerMw?: Float64Array;
  unitOfSensor: UnitOfSensor;
}

/**
 * Turns the words of users into a problem of numbers.
 *
 * A flex-model with a process-type is a process, one that speaks of a state of charge (or whose asset is of a type that
 * stores energy) a storage, one that only limits its production is production that can be curtailed; a model without
 * any of these is a device that cannot be scheduled.
 *
 * @returns the problem and the currency of its prices
 * @throws DomainError naming the field after the path of its device; UNKNOWN_PRICES, and UNKNOWN_MARKET where nothing
 *   else is wrong
 */
export async function siteProblemOf(
  site: SiteDescription,
  sources: FlexSources,
): Promise<{ problem: SiteProblem; currency: string }> {
  const { window } = sources;
  const context = new ContextFields(
    new FlexFields(site.flexContext, site.attributes, sources, 'flex-context'),
    site.unitOfSensor,
  );
  const prices = await context.energyPrices();
  const surroundings = await context.read();
  const breachPrices = await context.breachPrices();
  const devices: SiteDevice[] = [];
  for (const description of site.devices) {
    try {
      devices.push(await readDevice(description, sources, breachPrices));
    } catch (error) {
      throw underPath(error, description.path ?? '');
    }
  }
  if (site.inflexiblePowerMw) {
    devices.push({ kind: 'inflexible', name: 'inflexible devices', powerMw: site.inflexiblePowerMw });
  }
  if (!prices) throw unknownMarket();
  const { currency, ...series } = prices;
  const problem = {
    steps: window.steps,
    stepHours: window.stepMs / 3_600_000,
    ...series,
    ...surroundings,
    devices,
  };
  return { problem, currency };
}

const unknownMarket = (): DomainError => {
  const field = 'consumption-price-sensor';
  return new DomainError(
    'UNKNOWN_MARKET',
    `${field}: needed, because there is no attribute market_id either.`,
    field,
  );
};

async function readDevice(
  description: DeviceDescription,
  sources: FlexSources,
  breachPrices: BreachPrices,
): Promise<SiteDevice> {
  const { name, flexModel, attributes, readSensor = sources.readSensor } = description;
  const fields = new FlexFields(flexModel, attributes, { ...sources, readSensor }, 'flex-model');
  const kind = kindOf(description);
  checkKind(flexModel, kind);
  switch (kind) {
    case 'process':
      return readProcess(name, fields);
    case 'storage':
      return readStorage(name, fields, breachPrices, description.socUnit);
    case 'curtailable':
      return readCurtailable(name, fields);
    case 'inflexible':
      return { kind: 'inflexible', name, powerMw: await description.readPower() };
  }
}

/** What a flex-model describes. */
export function kindOf({
  flexModel,
  isStorageType,
}: Pick<DeviceDescription, 'flexModel' | 'isStorageType'>): SiteDevice['kind'] {
  if ('process-type' in flexModel) return 'process';
  const speaksOfSoc = Object.keys(flexModel).some((field) => field.startsWith('soc-'));
  if (isStorageType || speaksOfSoc) return 'storage';
  return 'production-capacity' in flexModel ? 'curtailable' : 'inflexible';
}
