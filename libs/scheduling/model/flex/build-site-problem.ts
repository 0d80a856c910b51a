import { DomainError } from '#lib/errors';
import type { SiteDevice, SiteProblem } from '..';
import { assertFieldsOfKind, deviceKind, type DeviceTraits } from './check-fields';
import { withDevicePath } from './flex-error';
import { type BreachPrices, ContextReader, type UnitOfSensor } from './readers/context-reader';
import { readCurtailable } from './readers/curtailable-reader';
import { FlexReader, type FlexSources, type ReadSensor, type ReadState } from './readers/flex-reader';
import { readProcess } from './readers/process-reader';
import { readStorage } from './readers/storage-reader';

/** A device as its flex-model and attributes describe it. */
export interface DeviceDescription extends DeviceTraits {
  /** Unique within the site. */
  id: string;
  /** For users. */
  name: string;
  /** Path of the device in errors, such as `flex-model.1.`; empty if not given. */
  path?: string;
  /** Of the sensor, its asset and parent assets, combined. */
  attributes: Record<string, unknown>;
  /** Unit of states of charge that have none of their own; MWh if not given. */
  socUnit?: string;
  /** Whether assets of its type only ever consume. */
  neverProduces?: boolean;
  /** Reads sensors for the device; as for the site if not given. */
  readSensor?: ReadSensor;
  /** Reads the state of charge at the start, if a sensor records it. */
  readState?: ReadState;
  /** MW, consumption positive: the known power of the device. Used if it is inflexible. */
  readPower: () => Promise<Float64Array>;
}

/** A site as its flex-models, flex-context and attributes describe it. */
export interface SiteDescription {
  devices: DeviceDescription[];
  flexContext: Record<string, unknown>;
  /** Of the asset of the site and its parent assets, combined. */
  attributes: Record<string, unknown>;
  /** MW, consumption positive: sum of the sensors in `inflexible-device-sensors`; undefined if there are none. */
  inflexiblePowerMw?: Float64Array;
  unitOfSensor: UnitOfSensor;
}

/**
 * Reads flex-models and a flex-context into an optimisation problem.
 *
 * @returns the problem and the currency of its prices
 * @throws DomainError naming the field, with the path of its device; UNKNOWN_PRICES; UNKNOWN_MARKET if nothing else is
 *   wrong
 */
export async function buildSiteProblem(
  site: SiteDescription,
  sources: FlexSources,
): Promise<{ problem: SiteProblem; currency: string }> {
  const { window } = sources;
  const context = new ContextReader(
    new FlexReader(site.flexContext, site.attributes, sources, 'flex-context'),
    site.unitOfSensor,
  );
  const prices = await context.energyPrices();
  const limits = await context.limits();
  const breachPrices = await context.breachPrices();
  const devices: SiteDevice[] = [];
  for (const description of site.devices) {
    try {
      devices.push(await readDevice(description, sources, breachPrices));
    } catch (error) {
      throw withDevicePath(error, description.path ?? '');
    }
  }
  if (site.inflexiblePowerMw) {
    devices.push({ kind: 'inflexible', id: 'inflexible devices', powerMw: site.inflexiblePowerMw });
  }
  if (!prices) throw unknownMarket();
  const { currency, ...series } = prices;
  const problem = {
    steps: window.steps,
    stepHours: window.stepMs / 3_600_000,
    ...series,
    ...limits,
    devices,
  };
  return { problem, currency };
}

const unknownMarket = (): DomainError => {
  const field = 'consumption-price-sensor';
  const message = `${field}: needed, because there is neither a consumption-price nor an attribute market_id.`;
  return new DomainError('UNKNOWN_MARKET', message, field);
};

async function readDevice(
  description: DeviceDescription,
  sources: FlexSources,
  breachPrices: BreachPrices,
): Promise<SiteDevice> {
  const { id, flexModel, attributes } = description;
  const { readState = sources.readState, readSensor = sources.readSensor } = description;
  const reader = new FlexReader(flexModel, attributes, { ...sources, readSensor, readState }, 'flex-model');
  const kind = deviceKind(description);
  assertFieldsOfKind(flexModel, kind);
  switch (kind) {
    case 'process':
      return readProcess(description, reader);
    case 'storage':
      return readStorage(description, reader, breachPrices);
    case 'curtailable':
      return readCurtailable(description, reader);
    case 'inflexible':
      return { kind: 'inflexible', id, powerMw: await description.readPower() };
  }
}
