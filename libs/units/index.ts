export { MAX_NUMBER_LENGTH, parseDecimal } from './decimal';
export { UnitError } from './unit-error';
export type { UnitErrorCode } from './unit-error';
export {
  assertValidUnit,
  isCurrency,
  isEnergyPriceUnit,
  isEnergyUnit,
  isPowerUnit,
  isPriceUnit,
  isValidUnit,
  sameDimension,
} from './unit-kinds';
export { conversionFactor, converter, convertValues, isConvertible } from './convert';
export type { ConversionOptions } from './convert';
export { toSixDecimals } from './six-decimals';
export { flowUnitOf, stockUnitOf } from './flow-stock';
export { MAX_QUANTITY_LENGTH, parseQuantity, quantityTo } from './quantity';
export type { Quantity } from './quantity';
