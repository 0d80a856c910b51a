export { isStorageType } from './asset-kinds';
export { deviceKind } from './check-fields';
export { checkStoredField } from './check-stored-field';
export { FLEX_FIELDS, findFlexField, writesSensor, type FlexField, type FlexGroup } from './fields';
export { reasonAtField } from './flex-error';
export { isRecord } from './values/variable-quantity';
export { knownSensors } from './form/known-sensors';
export { FLEX_SECTIONS } from './form/sections';
export { joinRows, splitRows, type SeriesRow } from './form/series-text';
export {
  kindsOf,
  POWER_SENSOR_FIELD,
  readTyped,
  seriesFormOf,
  takesList,
  toTyped,
  type TypedKind,
  type TypedValue,
} from './form/typed-value';
