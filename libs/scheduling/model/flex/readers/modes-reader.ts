import type { OperationMode } from '../..';
import { flexError } from '../flex-error';
import { isRecord } from '../values/variable-quantity';
import type { FlexReader } from './flex-reader';
import { toNumber } from './quantity-number';

const FIELD = 'operation-modes';
const RANGES = ['consumption-range', 'production-range'] as const;

/**
 * Reads the ranges of power in which a device can run; undefined if it has none.
 * @throws DomainError FLEX_MODEL_INVALID naming the field
 */
export function readModes(reader: FlexReader<'flex-model'>): OperationMode[] | undefined {
  const raw = reader.raw(FIELD);
  return raw === undefined ? undefined : parseModes(raw);
}

/** The ranges of power of a value of the field. @throws DomainError FLEX_MODEL_INVALID naming the field */
export function parseModes(raw: unknown): OperationMode[] {
  if (!Array.isArray(raw) || raw.length === 0) throw flexError(FIELD, 'a list of ranges is needed.');
  return raw.map((mode: unknown, i) => readMode(mode, `${FIELD}.${i}`));
}

function readMode(raw: unknown, path: string): OperationMode {
  if (!isRecord(raw)) throw flexError(path, 'Not a valid mapping.');
  const unknown = Object.keys(raw).find((name) => !RANGES.some((range) => range === name));
  if (unknown !== undefined) throw flexError(`${path}.${unknown}`, 'Unknown field.');
  const [consumption, production] = RANGES.map((name) => readRange(raw[name], `${path}.${name}`));
  if (consumption && production) {
    if (consumption[0] !== 0 || production[0] !== 0)
      throw flexError(path, 'both ranges must start at 0 if there are two.');
    return { lowestMw: -production[1], highestMw: consumption[1] };
  }
  if (consumption) return { lowestMw: consumption[0], highestMw: consumption[1] };
  if (production) return { lowestMw: -production[1] + 0, highestMw: -production[0] + 0 };
  throw flexError(path, 'a consumption-range or a production-range is needed.');
}

function readRange(raw: unknown, path: string): [number, number] | undefined {
  if (raw === undefined) return undefined;
  if (!Array.isArray(raw) || raw.length !== 2) throw flexError(path, 'a list of two powers is needed.');
  const [lowest, highest] = raw.map((one: unknown, i) => {
    if (typeof one !== 'string' && typeof one !== 'number')
      throw flexError(`${path}.${i}`, 'a power is needed.');
    const mw = toNumber(String(one), `${path}.${i}`, 'MW');
    if (mw < 0) throw flexError(`${path}.${i}`, 'Must be greater than or equal to 0.');
    return mw;
  }) as [number, number];
  if (lowest > highest) throw flexError(path, 'the first power must not be above the second one.');
  return [lowest, highest];
}
