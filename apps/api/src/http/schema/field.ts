import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsObject, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { list, type Kind } from './kinds';

/** Whether a field must be there, and what it is if not. */
export interface Presence {
  optional?: boolean;
  nullable?: boolean;
  /** What counts when the field is not sent; makes it optional. */
  default?: unknown;
  deprecated?: boolean;
}

type ClassReference = () => new () => object;

/**
 * A field of a request or an answer. One declaration gives both the rule that requests are checked by and the schema
 * that the served document shows.
 */
export function Field(kind: Kind | ClassReference, presence: Presence = {}): PropertyDecorator {
  if (typeof kind === 'function') {
    return declare({ type: named(kind) }, presence, [
      IsObject({ message: 'Not a valid mapping.' }),
      ValidateNested(),
      Type(kind),
    ]);
  }
  const { schema, read } = kind;
  const reading = read ? [Transform(({ value }) => read(value))] : [];
  return declare(schema as ApiPropertyOptions, presence, [...ruleOf(kind), ...reading]);
}

/** The rule of a kind, and the memory of which kind it is. */
function ruleOf(kind: Kind): PropertyDecorator[] {
  const { explain } = kind;
  const rule = ValidateBy({
    name: 'kind',
    validator: {
      validate: (value) => explain(value) === undefined,
      defaultMessage: (given) => explain(given?.value) ?? '',
    },
  });
  const remember: PropertyDecorator = (target, property) =>
    Reflect.defineMetadata(KIND, kind, target, property);
  return [rule, remember];
}

/** A field that holds a list of objects of one class. */
export function ListField(item: ClassReference, presence: Presence = {}): PropertyDecorator {
  return declare({ type: named(item), isArray: true }, presence, [
    // A list in a list would pass as an object without checked fields.
    ValidateBy({
      name: LIST_OF_OBJECTS,
      validator: { validate: isListOfObjects, defaultMessage: () => 'Not a valid list.' },
    }),
    ValidateNested({ each: true }),
    Type(item),
  ]);
}

/** A field that holds an object whose fields are checked by its class later: who checks them is not known before. */
export function ObjectField(item: ClassReference, presence: Presence = {}): PropertyDecorator {
  const kind: Kind = {
    schema: {},
    explain: (value) => (isMapping(value) ? undefined : 'Not a valid mapping.'),
    readWhole: (value) => value,
  };
  return declare({ type: named(item) }, presence, ruleOf(kind));
}

/** As ObjectField, for a list of such objects. */
export function ObjectsField(
  item: ClassReference,
  presence: Presence & { minItems?: number; maxItems?: number } = {},
): PropertyDecorator {
  const { minItems, maxItems } = presence;
  const items: Kind = {
    schema: {},
    explain: (value) => (isMapping(value) ? undefined : 'Not a valid mapping.'),
  };
  const kind: Kind = { ...list(items, { minItems, maxItems }), readWhole: (value) => value };
  return declare(
    {
      type: named(item),
      isArray: true,
      ...(minItems !== undefined && { minItems }),
      ...(maxItems !== undefined && { maxItems }),
    },
    presence,
    ruleOf(kind),
  );
}

/** Name of the rule for fields that hold a list of objects. */
export const LIST_OF_OBJECTS = 'listOfObjects';

/** Whether a value is an object with fields of its own, and no list. */
export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfObjects = (value: unknown): boolean => Array.isArray(value) && value.every(isMapping);

/** The document's builder tells a function that gives a class from a class by its name. */
function named(reference: ClassReference): ClassReference {
  const type: ClassReference = () => reference();
  return type;
}

const KIND = 'contract:kind';

/** Kind of a field that was declared with one. */
export const kindOf = (target: object, property: string): Kind | undefined =>
  Reflect.getMetadata(KIND, target, property) as Kind | undefined;

function declare(
  schema: ApiPropertyOptions,
  presence: Presence,
  rules: PropertyDecorator[],
): PropertyDecorator {
  const optional = presence.optional ?? presence.default !== undefined;
  const options = {
    ...schema,
    required: !optional,
    ...(presence.nullable && { nullable: true }),
    ...(presence.deprecated && { deprecated: true }),
    ...(presence.default !== undefined && { default: presence.default }),
  } as ApiPropertyOptions;
  const isChecked = (_object: unknown, value: unknown): boolean =>
    !(optional && value === undefined) && !(presence.nullable && value === null);
  return applyDecorators(ApiProperty(options), ValidateIf(isChecked), ...rules);
}

/** Marks classes whose objects may hold further fields. */
export const X_OPEN = 'x-open';

/** Says that a request or an answer may carry fields beside those of the class. */
export const OpenFields = (): ClassDecorator => ApiExtension(X_OPEN, true) as ClassDecorator;
