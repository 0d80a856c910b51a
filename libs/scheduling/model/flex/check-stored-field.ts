import { parseDuration } from '#lib/time';
import { parseQuantity, sameDimension } from '#lib/units';
import { errorMessage } from '#lib/errors';
import { findFlexField, type FlexField, type FlexGroup, UNIT_OF_MEASURE } from './fields';
import { flexError, withDevicePath } from './flex-error';
import { parseGroupKey } from './relations/groups';
import { isPowerSensorField, sensorIdOf } from './power-sensor';
import { currencyOf } from './readers/context/price-reader';
import { parseModes } from './readers/modes-reader';
import { toNumber, toRange } from './readers/quantity-number';
import { SOURCE_FILTERS } from './values/source-filter';
import { isRecord, parseTimes, parseVariableQuantity } from './values/variable-quantity';

/** The unit of a sensor. @throws DomainError if there is no such sensor */
type UnitOf = (sensorId: number, field: string) => string;

/** Checks that values of a sensor can be read in a unit. @throws DomainError */
type CheckUnit = (sensorId: number, unit: string, field: string) => void;

/** What is known of the sensors that stored flexibility refers to. */
export interface KnownSensors {
  unitOf: UnitOf;
  checkUnit: CheckUnit;
}

/** Keys with which a reference to a sensor selects sources, or says what holds without data. */
const SELECTION: readonly string[] = [...SOURCE_FILTERS, 'default'];

/**
 * Checks a field of a stored flex-model or flex-context: its name, form, unit and range. Values that may be sensors in
 * FlexMeasures of 2026 may be stored as sensors, also if schedules cannot use them yet.
 * @throws DomainError naming the field
 */
export function checkStoredField(group: FlexGroup, name: string, value: unknown, known: KnownSensors): void {
  if (value === null) throw flexError(name, 'Field may not be null.');
  checkReferences(name, value);
  const field = findFlexField(group, name);
  if (group === 'flex-model' && isPowerSensorField(name)) checkPowerSensor(name, value, known);
  else if (field) checkValue(name, value, field, known);
  else throw flexError(name, 'Unknown field.');
}

/** Checks that `sensor` in references is an id, and that other keys are known. */
function checkReferences(path: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (isRecord(value) && Object.hasOwn(value, 'sensor') && sensorIdOf(value['sensor']) === undefined)
    throw flexError(`${path}.sensor`, 'the id of a sensor is needed.');
  for (const [name, part] of Object.entries(value)) checkReferences(`${path}.${name}`, part);
}

function checkPowerSensor(name: string, value: unknown, { checkUnit }: KnownSensors): void {
  const isBareId = !isRecord(value);
  const id = sensorIdOf(value);
  if (id === undefined || (isBareId && name !== 'sensor'))
    throw flexError(name, 'a sensor is needed, such as {"sensor": 5}.');
  checkUnit(id, 'MW', name);
}

function checkValue(name: string, value: unknown, field: FlexField, known: KnownSensors): void {
  switch (field.type) {
    case 'flag':
      if (typeof value !== 'boolean') throw flexError(name, 'true or false is needed.');
      return;
    case 'choice':
      if (!field.choices?.some((one) => one === value))
        throw flexError(name, `Must be one of: ${field.choices?.join(', ')}.`);
      return;
    case 'duration':
      checkDuration(name, value);
      return;
    case 'intervals':
      for (const [path, item] of itemsOf(name, value)) checkInterval(path, item);
      return;
    case 'sensor-id':
      checkSensor(name, value, field, known);
      return;
    case 'sensor-reference':
      checkReference(name, value, field, known);
      return;
    case 'sensor-references':
      for (const [path, item] of itemsOf(name, value)) checkReference(path, item, field, known);
      return;
    case 'text':
      checkText(name, value);
      return;
    case 'group':
      parseGroupKey(value, name);
      return;
    case 'operation-modes':
      parseModes(value);
      return;
    case 'commitments':
      for (const [path, item] of itemsOf(name, value)) checkCommitment(path, item, known);
      return;
    case 'commodities':
      for (const [path, item] of itemsOf(name, value)) checkCommodity(path, item, known);
      return;
    case 'sensor-ids':
      for (const [path, item] of itemsOf(name, value)) checkSensor(path, item, field, known);
      return;
    case 'output-sensor':
      checkPowerSensor(name, value, known);
      return;
    case 'state-of-charge': {
      const id = isRecord(value) ? sensorIdOf(value) : undefined;
      if (id === undefined || known.unitOf(id, name) !== '%') checkQuantity(name, value, field, known);
      return;
    }
    case 'power-sum': {
      const parts: [string, unknown][] = Array.isArray(value) ? itemsOf(name, value) : [[name, value]];
      for (const [path, part] of parts) checkQuantity(path, part, field, known);
      return;
    }
    default:
      checkQuantity(name, value, field, known);
  }
}

function checkText(path: string, value: unknown): void {
  if (typeof value !== 'string' || value.trim() === '') throw flexError(path, 'a name is needed.');
}

/** A reference with source filters. */
function checkReference(path: string, value: unknown, field: FlexField, known: KnownSensors): void {
  if (!isRecord(value)) throw flexError(path, 'a sensor is needed, such as {"sensor": 5}.');
  checkQuantity(path, value, field, known);
}

const BASELINE: FlexField = { type: 'variable-quantity', measure: 'power', description: '', example: '' };

function checkCommitment(path: string, value: unknown, known: KnownSensors): void {
  if (!isRecord(value)) throw flexError(path, 'Not a valid mapping.');
  checkText(`${path}.name`, value['name']);
  checkQuantity(`${path}.baseline`, value['baseline'], BASELINE, known);
  for (const [name, part] of Object.entries(value)) {
    const field = `${path}.${name}`;
    if (name === 'up-price' || name === 'down-price') checkDeviationPrice(field, part, known);
    else if (name === 'group') parseGroupKey(part, field);
    else if (name === 'sensors') itemsOf(field, part).forEach(([item, id]) => checkId(item, id));
    else if (!['name', 'baseline', 'commodity'].includes(name)) throw flexError(field, 'Unknown field.');
  }
  if (value['up-price'] === undefined && value['down-price'] === undefined)
    throw flexError(`${path}.up-price`, 'an up-price or a down-price is needed.');
}

function checkId(path: string, value: unknown): void {
  if (sensorIdOf(value) === undefined) throw flexError(path, 'the id of a sensor is needed.');
}

/** A price of a deviation is per MWh or per MW. */
function checkDeviationPrice(path: string, value: unknown, known: KnownSensors): void {
  const quantity = parseVariableQuantity(value, path, 'UTC');
  if (quantity.kind === 'series')
    throw flexError(
      path,
      'A series cannot be stored: use a fixed quantity or a sensor, such as {"sensor": 5}.',
    );
  const unit =
    quantity.kind === 'sensor' ? known.unitOf(quantity.sensorId, path) : unitIn(quantity.text, path);
  const currency = currencyOf(unit);
  if (currency === undefined || !sameDimension(unit, `${currency}/MW`)) checkPriceUnit(path, unit, 'MWh');
}

/** The flex-context of one commodity. */
function checkCommodity(path: string, value: unknown, known: KnownSensors): void {
  if (!isRecord(value)) throw flexError(path, 'Not a valid mapping.');
  for (const [name, part] of Object.entries(value)) {
    if (name === 'commodities') throw flexError(`${path}.${name}`, 'Unknown field.');
    try {
      checkStoredField('flex-context', name, part, known);
    } catch (error) {
      throw withDevicePath(error, `${path}.`);
    }
  }
}

function checkInterval(path: string, value: unknown): void {
  if (!isRecord(value)) throw flexError(path, 'Not a valid mapping.');
  parseTimes(value, path, 'UTC');
}

function checkDuration(name: string, value: unknown): void {
  try {
    parseDuration(String(value));
  } catch (error) {
    throw flexError(name, errorMessage(error));
  }
}

/** The items of a list with their paths. */
function itemsOf(name: string, value: unknown): [string, unknown][] {
  if (!Array.isArray(value)) throw flexError(name, 'Not a valid list.');
  return value.map((item: unknown, i) => [`${name}.${i}`, item]);
}

function checkSensor(path: string, value: unknown, { measure }: FlexField, known: KnownSensors): void {
  const id = sensorIdOf(value);
  if (id === undefined) throw flexError(path, 'the id of a sensor is needed.');
  if (measure === 'power') known.checkUnit(id, 'MW', path);
  else checkPriceUnit(path, known.unitOf(id, path), 'MWh');
}

/** A series holds for certain days, so that it is refused. */
function checkQuantity(path: string, value: unknown, field: FlexField, known: KnownSensors): void {
  if (Array.isArray(value) || (isRecord(value) && !Object.hasOwn(value, 'sensor')))
    throw flexError(
      path,
      'A series cannot be stored: use a fixed quantity or a sensor, such as {"sensor": 5}.',
    );
  if (isRecord(value)) {
    const unknown = Object.keys(value).find((key) => key !== 'sensor' && !SELECTION.includes(key));
    if (unknown !== undefined) throw flexError(`${path}.${unknown}`, 'Unknown field.');
  }
  const quantity = parseVariableQuantity(
    isRecord(value) ? { ...value, sensor: sensorIdOf(value) } : value,
    path,
    'UTC',
  );
  if (quantity.kind === 'series') return;
  const { measure } = field;
  const unit = measure ? UNIT_OF_MEASURE[measure] : '';
  if (measure === 'price of energy' || measure === 'price of power') {
    const given =
      quantity.kind === 'sensor' ? known.unitOf(quantity.sensorId, path) : unitIn(quantity.text, path);
    checkPriceUnit(path, given, unit);
  } else if (quantity.kind === 'sensor') known.checkUnit(quantity.sensorId, unit, path);
  else {
    const defaultUnit = measure === 'energy' ? 'MWh' : undefined;
    const number = toNumber(quantity.text, path, unit, { capacity: null, defaultUnit });
    toRange(Float64Array.of(number), path, field.range);
  }
}

function unitIn(text: string, path: string): string {
  try {
    return parseQuantity(text).unit;
  } catch (error) {
    throw flexError(path, errorMessage(error));
  }
}

/** @param per unit that the price is per; breach prices may also be per hour */
function checkPriceUnit(path: string, unit: string, per: string): void {
  const currency = currencyOf(unit);
  const isPrice =
    currency !== undefined &&
    (sameDimension(unit, `${currency}/${per}`) || sameDimension(unit, `${currency}/(${per}*h)`));
  if (!isPrice) throw flexError(path, `${unit || 'no unit'} is not a price per ${per}.`);
}
