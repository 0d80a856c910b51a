import { Field, OpenFields } from '../../http/schema/field';
import { choice, duration, flag, instant, list } from '../../http/schema/kinds';
import { sensorReference } from '../sensors/sensor-reference';
import {
  efficiency,
  flows,
  intervals,
  quantity,
  signedQuantity,
  socSeries,
  textQuantity,
  variableQuantity,
} from './flex-kinds';

export const socUnit = choice('kWh', 'MWh');
const OPTIONAL = { optional: true };

/** A state of charge to reach at some moment. */
export class SocTarget {
  @Field(quantity)
  value!: string | number;

  @Field(instant())
  datetime!: string;
}

/** State and limits of a device. The built-in schedulers know no other fields. */
@OpenFields()
export class FlexModel {
  @Field(quantity, OPTIONAL)
  'soc-at-start'?: string | number;

  @Field(socUnit, OPTIONAL)
  'soc-unit'?: string;

  @Field(quantity, OPTIONAL)
  'soc-min'?: string | number;

  @Field(quantity, OPTIONAL)
  'soc-max'?: string | number;

  @Field(socSeries(), OPTIONAL)
  'soc-targets'?: unknown;

  @Field(() => SocTarget, OPTIONAL)
  'soc-target'?: SocTarget;

  @Field(socSeries(), OPTIONAL)
  'soc-minima'?: unknown;

  @Field(socSeries(), OPTIONAL)
  'soc-maxima'?: unknown;

  @Field(flows(), OPTIONAL)
  'soc-usage'?: unknown;

  @Field(flows(), OPTIONAL)
  'soc-gain'?: unknown;

  @Field(efficiency, OPTIONAL)
  'roundtrip-efficiency'?: string | number;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'charging-efficiency'?: unknown;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'discharging-efficiency'?: unknown;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'storage-efficiency'?: unknown;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'power-capacity'?: unknown;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'consumption-capacity'?: unknown;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'production-capacity'?: unknown;

  @Field(flag(), { default: true })
  'prefer-charging-sooner'?: boolean;

  @Field(choice('INFLEXIBLE', 'SHIFTABLE', 'BREAKABLE'), OPTIONAL)
  'process-type'?: string;

  @Field(signedQuantity, OPTIONAL)
  power?: string | number;

  @Field(duration(), OPTIONAL)
  duration?: string;

  @Field(intervals(), OPTIONAL)
  'time-restrictions'?: unknown;
}

/** A device of a site, by its power sensor. */
@OpenFields()
export class SiteFlexModel extends FlexModel {
  @Field(sensorReference())
  sensor!: number;
}

/** The site of devices. The built-in schedulers know no other fields. */
@OpenFields()
export class FlexContext {
  @Field(variableQuantity(textQuantity), OPTIONAL)
  'consumption-price'?: unknown;

  @Field(variableQuantity(textQuantity), OPTIONAL)
  'production-price'?: unknown;

  @Field(sensorReference(), OPTIONAL)
  'consumption-price-sensor'?: number;

  @Field(sensorReference(), OPTIONAL)
  'production-price-sensor'?: number;

  @Field(list(sensorReference()), OPTIONAL)
  'inflexible-device-sensors'?: number[];

  @Field(sensorReference(), OPTIONAL)
  'inflexible-device-sensor'?: number;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'site-power-capacity'?: unknown;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'site-consumption-capacity'?: unknown;

  @Field(variableQuantity(signedQuantity), OPTIONAL)
  'site-production-capacity'?: unknown;

  @Field(textQuantity, OPTIONAL)
  'site-consumption-breach-price'?: string;

  @Field(textQuantity, OPTIONAL)
  'site-production-breach-price'?: string;

  @Field(signedQuantity, OPTIONAL)
  'site-peak-consumption'?: string | number;

  @Field(signedQuantity, OPTIONAL)
  'site-peak-production'?: string | number;

  @Field(textQuantity, OPTIONAL)
  'site-peak-consumption-price'?: string;

  @Field(textQuantity, OPTIONAL)
  'site-peak-production-price'?: string;

  @Field(textQuantity, OPTIONAL)
  'consumption-breach-price'?: string;

  @Field(textQuantity, OPTIONAL)
  'production-breach-price'?: string;

  @Field(textQuantity, OPTIONAL)
  'soc-minima-breach-price'?: string;

  @Field(textQuantity, OPTIONAL)
  'soc-maxima-breach-price'?: string;
}
