import type { Commitment } from '../../..';
import { fillPrices } from '../../..';
import { flexError } from '../../flex-error';
import { parseGroupKey } from '../../relations/groups';
import { isRecord, parseSensorId, parseVariableQuantity } from '../../values/variable-quantity';
import { commodityIn } from './commodities-reader';
import type { ContextReader } from './context-reader';
import type { FlexReader } from '../flex-reader';

const FIELD = 'commitments';
const NAMES = ['name', 'baseline', 'up-price', 'down-price', 'sensors', 'group', 'commodity'];

/** Which devices a commitment can be about. */
export interface CommitmentScopes {
  /** The commodity of the flex-context; undefined for electricity. */
  commodity: string | undefined;
  /** Id of the device with a power sensor; undefined if it is no device of the schedule. */
  deviceOfSensor: (sensorId: number) => string | undefined;
  /** Ids of the devices of a group, by what identifies it. */
  membersOf: (groupKey: string) => readonly string[] | undefined;
  /** The commodity of a device; undefined for electricity. */
  commodityOf: (device: string) => string | undefined;
}

/**
 * Reads the commitments of a flex-context.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export async function readCommitments(
  reader: FlexReader<'flex-context'>,
  context: ContextReader,
  scopes: CommitmentScopes,
): Promise<Commitment[]> {
  const raw = reader.raw(FIELD);
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) throw flexError(FIELD, 'Not a valid list.');
  const commitments: Commitment[] = [];
  for (const [i, one] of raw.entries()) {
    const path = `${FIELD}.${i}`;
    if (!isRecord(one)) throw flexError(path, 'Not a valid mapping.');
    const unknown = Object.keys(one).find((name) => !NAMES.includes(name));
    if (unknown !== undefined) throw flexError(`${path}.${unknown}`, 'Unknown field.');
    const commitment = await readCommitment(reader, context, scopes, one, path);
    if (commitment) commitments.push(commitment);
  }
  return commitments;
}

async function readCommitment(
  reader: FlexReader<'flex-context'>,
  context: ContextReader,
  scopes: CommitmentScopes,
  raw: Record<string, unknown>,
  path: string,
): Promise<Commitment | undefined> {
  const { name, baseline } = raw;
  if (typeof name !== 'string' || name.trim() === '') throw flexError(`${path}.name`, 'a name is needed.');
  if (baseline === undefined) throw flexError(`${path}.baseline`, 'a baseline is needed.');
  if (raw['up-price'] === undefined && raw['down-price'] === undefined)
    throw flexError(`${path}.up-price`, 'an up-price or a down-price is needed.');
  const { window, warn, isCheck } = reader.sources;
  const quantity = parseVariableQuantity(baseline, `${path}.baseline`, window.timezone);
  const baselineMw = await reader.seriesOf(quantity, `${path}.baseline`, 'MW');
  const unknown = baselineMw.filter(Number.isNaN).length;
  if (quantity.kind === 'sensor' && unknown > 0 && !isCheck)
    warn(
      `${path}.baseline (sensor ${quantity.sensorId}) has ${unknown} unknown value(s): ${name} does not apply there.`,
    );
  const prices = {
    upPrices: await readPrice(reader, context, raw['up-price'], `${path}.up-price`),
    downPrices: await readPrice(reader, context, raw['down-price'], `${path}.down-price`),
  };
  const members = membersIn(raw, path, scopes);
  if (members?.length === 0) {
    warn(`${path}: ${name} is about no device of this schedule, so that it has no effect.`);
    return undefined;
  }
  const commodities = new Set((members ?? []).map(scopes.commodityOf));
  if (commodities.size > 1) throw flexError(path, 'all devices must have the same commodity.');
  const commodity = members ? [...commodities][0] : (scopes.commodity ?? commodityIn(raw));
  return { name, members, commodity, baselineMw, ...prices };
}

/** Ids of the devices that a commitment is about; undefined if it is about all of them. */
function membersIn(
  raw: Record<string, unknown>,
  path: string,
  { deviceOfSensor, membersOf }: CommitmentScopes,
): string[] | undefined {
  const { sensors, group } = raw;
  if (sensors !== undefined && group !== undefined)
    throw flexError(`${path}.sensors`, 'either sensors or a group is possible, not both.');
  if (group !== undefined) {
    const members = membersOf(parseGroupKey(group, `${path}.group`));
    return members ? [...members] : [];
  }
  if (sensors === undefined) return undefined;
  if (!Array.isArray(sensors)) throw flexError(`${path}.sensors`, 'a list of sensors is needed.');
  const ids = sensors.map((sensor: unknown, i) => {
    const id = parseSensorId(isRecord(sensor) ? sensor['sensor'] : sensor);
    if (id === undefined) throw flexError(`${path}.sensors.${i}`, 'the id of a sensor is needed.');
    return deviceOfSensor(id);
  });
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** Currency per MWh in each step; 0 where there is no price. A price per MW counts in each step. */
async function readPrice(
  reader: FlexReader<'flex-context'>,
  context: ContextReader,
  raw: unknown,
  path: string,
): Promise<Float64Array> {
  const { window, warn } = reader.sources;
  if (raw === undefined) return new Float64Array(window.steps);
  const quantity = parseVariableQuantity(raw, path, window.timezone);
  const { unit, per } = await context.priceUnitOfDeviation(quantity, path);
  const known = await reader.seriesOf(quantity, path, unit);
  const factor = per === 'MW' ? 3_600_000 / window.stepMs : 1;
  let prices = known;
  if (quantity.kind === 'sensor' && !reader.isUnreadQuantity(quantity)) {
    const filled = fillPrices(known, path);
    if (filled.status === 'known') {
      for (const warning of filled.warnings) warn(warning);
      prices = filled.prices;
    } else warn(`No prices of ${path} (sensor ${quantity.sensorId}) known: 0 was assumed.`);
  }
  return prices.map((price) => (Number.isNaN(price) ? 0 : price * factor));
}
