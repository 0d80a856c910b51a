import { FLEX_FIELDS, type FlexField, type FlexGroup, type ValueType } from '#lib/scheduling';
import { Field, ListField, type Presence } from '../../http/schema/field';
import { choice, duration, flag, instant, integer, list, type Kind } from '../../http/schema/kinds';
import { sensorReference } from '../sensors/sensor-reference';
import {
  efficiency,
  powerSum,
  intervals,
  outputSensor,
  quantity,
  sensorInList,
  signedQuantity,
  socSeries,
  textQuantity,
  variableQuantity,
} from './flex-values';
import {
  commitments,
  commodities,
  groupReference,
  nameText,
  operationModes,
  sensorObject,
  sensorObjects,
} from './relation-values';

/** A state of charge to reach at an instant. */
export class SocTarget {
  @Field(quantity)
  value!: string | number;

  @Field(instant())
  datetime!: string;
}

/** Kinds by value type. */
const KINDS: Record<
  Exclude<ValueType, 'choice' | 'commodities' | 'energies-at-instants'>,
  Kind | (() => typeof SocTarget)
> = {
  energy: quantity,
  quantity: signedQuantity,
  share: efficiency,
  price: textQuantity,
  'variable-quantity': variableQuantity(signedQuantity),
  'variable-price': variableQuantity(textQuantity),
  'energy-series': socSeries(),
  'state-of-charge': socSeries(),
  'output-sensor': outputSensor(),
  'power-sum': powerSum(),
  flag: flag(),
  duration: duration(),
  intervals: intervals(),
  'sensor-id': sensorReference(),
  'sensor-ids': list(sensorInList()),
  'sensor-reference': sensorObject(),
  'sensor-references': sensorObjects(),
  text: nameText(),
  group: groupReference(),
  'operation-modes': operationModes(),
  commitments: commitments(),
  'energy-at-instant': () => SocTarget,
};

/** The kind of a field, or the class of its value. */
function kindOf(type: ValueType, choices: readonly string[]): Kind | (() => typeof SocTarget) {
  if (type === 'choice') return choice(...choices);
  if (type === 'commodities') return commodities(commodityFields);
  return KINDS[type as keyof typeof KINDS];
}

/** The fields of the flex-context of one commodity: all but those of a list of them. */
const commodityFields = (): Record<string, Kind> =>
  Object.fromEntries(
    Object.entries(FLEX_FIELDS['flex-context']).flatMap(([name, { type, choices = [] }]): [string, Kind][] =>
      type === 'commodities' ? [] : [[name, kindOf(type, choices) as Kind]],
    ),
  );

/** Declares a property for a field of FLEX_FIELDS. */
function declareProperty(
  target: object,
  name: string,
  type: ValueType,
  { choices = [] }: FlexField,
  presence: Presence,
): void {
  // @nestjs/swagger requires the metadata that TypeScript emits for declared properties. The schema gives the type.
  Reflect.defineMetadata('design:type', Object, target, name);
  const decorate =
    type === 'energies-at-instants'
      ? ListField(() => SocTarget, presence)
      : Field(kindOf(type, choices), presence);
  decorate(target, name);
}

/** Class decorator: declares all fields of a group as properties, also under their singular names. */
const FlexFields =
  (group: FlexGroup): ClassDecorator =>
  ({ prototype }) => {
    for (const [name, field] of Object.entries(FLEX_FIELDS[group])) {
      const { type, singular, defaultValue } = field;
      declareProperty(prototype as object, name, type, field, { optional: true, default: defaultValue });
      if (singular)
        declareProperty(prototype as object, singular.name, singular.type, field, { optional: true });
    }
  };

/** A field that is also accepted at the top level of a request, and the group that it belongs to. */
interface TopLevelField {
  name: string;
  group: FlexGroup;
}

/** The fields of flex-model and flex-context that are also accepted at the top level of a request. */
export const TOP_LEVEL_FIELDS: readonly TopLevelField[] = (Object.keys(FLEX_FIELDS) as FlexGroup[]).flatMap(
  (group) =>
    Object.entries(FLEX_FIELDS[group]).flatMap(([name, { topLevelType }]) =>
      topLevelType ? [{ name, group }] : [],
    ),
);

/** Class decorator: declares the fields of flex-model and flex-context that are also accepted at the top level. */
export const TopLevelFlexFields =
  (): ClassDecorator =>
  ({ prototype }) => {
    for (const { name, group } of TOP_LEVEL_FIELDS) {
      const field = FLEX_FIELDS[group][name]!;
      const presence = { optional: true, deprecated: true };
      declareProperty(prototype as object, name, field.topLevelType!, field, presence);
    }
  };

/** Singular names of list fields, with the name of the list field. */
export const SINGULAR_FIELDS: ReadonlyMap<string, string> = new Map(
  Object.values(FLEX_FIELDS)
    .flatMap((table) => Object.entries(table))
    .flatMap(([name, { singular }]) => (singular ? [[singular.name, name]] : [])),
);

/** State and limits of a device. The built-in schedulers accept no other fields. */
@FlexFields('flex-model')
export class FlexModel {}

/** A device of a site, by its power sensor or by its asset. */
export class SiteFlexModel extends FlexModel {
  @Field(sensorReference(), { plural: 'sensors', optional: true })
  sensor?: number;

  @Field(integer({ minimum: 1 }), { optional: true })
  asset?: number;
}

/** Prices and limits of the site. The built-in schedulers accept no other fields. */
@FlexFields('flex-context')
export class FlexContext {}
