import { applyDecorators } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsObject, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { ApiExtension, ApiProperty } from '../contract/metadata';
import { list, type Kind } from './kinds';

/** Whether a field is required, and its default. */
export interface Presence {
  optional?: boolean;
  nullable?: boolean;
  /** Value of a field that is not sent; makes the field optional. */
  default?: unknown;
  deprecated?: boolean;
  /** Another name under which the field can be sent, with the value or a list of it. */
  plural?: string;
  /** Other names of the field in the contract. Hyphens instead of underscores, or the reverse, need no entry. */
  also?: readonly string[];
}

type ClassReference = () => new () => object;

/**
 * Declares a field of a request or a response. One declaration gives both the validation rule and the schema in the
 * served OpenAPI document.
 */
export function Field(kind: Kind | ClassReference, presence: Presence = {}): PropertyDecorator {
  if (typeof kind === 'function') {
    return declare({ type: asTypeFunction(kind) }, presence, [
      IsObject({ message: 'Not a valid mapping.' }),
      ValidateNested(),
      Type(kind),
      rememberClass(kind),
    ]);
  }
  const { schema, read } = kind;
  const reading = read ? [Transform(({ value }) => read(value))] : [];
  return declare(schema as ApiPropertyOptions, presence, [...ruleOf(kind), ...reading]);
}

/** The validation rule of a kind. Stores the kind as metadata of the property. */
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

/** Declares a field whose value is a list of objects of one class. */
export function ListField(item: ClassReference, presence: Presence = {}): PropertyDecorator {
  return declare({ type: asTypeFunction(item), isArray: true }, presence, [
    // Without this rule, a list inside the list would pass as an object with no fields.
    ValidateBy({
      name: LIST_OF_OBJECTS,
      validator: { validate: isListOfObjects, defaultMessage: () => 'Not a valid list.' },
    }),
    ValidateNested({ each: true }),
    Type(item),
    rememberClass(item),
  ]);
}

/** Declares a field whose value is an object that a service validates later, because the class depends on the request. */
export function DeferredObjectField(item: ClassReference, presence: Presence = {}): PropertyDecorator {
  const kind: Kind = {
    schema: {},
    explain: (value) => (isMapping(value) ? undefined : 'Not a valid mapping.'),
    readWhole: (value) => value,
  };
  return declare({ type: asTypeFunction(item) }, presence, ruleOf(kind));
}

/** As DeferredObjectField, for a list of such objects. */
export function DeferredListField(
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
      type: asTypeFunction(item),
      isArray: true,
      ...(minItems !== undefined && { minItems }),
      ...(maxItems !== undefined && { maxItems }),
    },
    presence,
    ruleOf(kind),
  );
}

/** Name of the validation rule for lists of objects. */
export const LIST_OF_OBJECTS = 'listOfObjects';

/** Whether a value is an object, but not a list. */
export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfObjects = (value: unknown): boolean => Array.isArray(value) && value.every(isMapping);

/** @nestjs/swagger takes a function for a class reference only if the function is named `type`. */
function asTypeFunction(reference: ClassReference): ClassReference {
  const type: ClassReference = () => reference();
  return type;
}

const PLURALS = 'contract:plurals';

/** Names of fields by their plurals. */
export const pluralsOf = (target: object): Record<string, string> =>
  (Reflect.getMetadata(PLURALS, target) as Record<string, string> | undefined) ?? {};

function pluralOf({ plural }: Presence): PropertyDecorator[] {
  if (plural === undefined) return [];
  return [
    (target, property) => {
      const plurals = { ...pluralsOf(target), [plural]: String(property) };
      Reflect.defineMetadata(PLURALS, plurals, target);
    },
  ];
}

const CLASSES = 'contract:classes';

/** Classes of the fields that are objects, or lists of objects. */
export const classesOf = (target: object): Record<string, ClassReference> =>
  (Reflect.getMetadata(CLASSES, target) as Record<string, ClassReference> | undefined) ?? {};

const rememberClass =
  (reference: ClassReference): PropertyDecorator =>
  (target, property) =>
    Reflect.defineMetadata(CLASSES, { ...classesOf(target), [property]: reference }, target);

const NAMES = 'contract:names';

/** The field of each documented name: its own one, and others that `also` lists. */
export const namesOf = (target: object): Record<string, string> =>
  (Reflect.getMetadata(NAMES, target) as Record<string, string> | undefined) ?? {};

/** Declares the names of a field; in the served document, its other names are fields as well. */
function declareNames(schema: ApiPropertyOptions, { also = [] }: Presence): PropertyDecorator {
  return (target, property) => {
    const field = String(property);
    const names = {
      ...namesOf(target),
      ...Object.fromEntries([field, ...also].map((name) => [name, field])),
    };
    Reflect.defineMetadata(NAMES, names, target);
    for (const name of also) {
      Reflect.defineMetadata('design:type', Object, target, name);
      ApiProperty({ ...schema, required: false } as ApiPropertyOptions)(target, name);
    }
  };
}

const KIND = 'contract:kind';

/** The kind that a field was declared with, if any. */
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
    // The required fields of an object are those of its schema; whether the object is required is another option then.
    ...(Array.isArray(schema.required) ? { selfRequired: !optional } : { required: !optional }),
    ...(presence.nullable && { nullable: true }),
    ...(presence.deprecated && { deprecated: true }),
    ...(presence.default !== undefined && { default: presence.default }),
  } as ApiPropertyOptions;
  const isChecked = (_object: unknown, value: unknown): boolean =>
    !(optional && value === undefined) && !(presence.nullable && value === null);
  return applyDecorators(
    ApiProperty(options),
    ValidateIf(isChecked),
    ...rules,
    ...pluralOf(presence),
    declareNames(options, presence),
  );
}

/** OpenAPI extension that marks classes whose objects may have additional fields. */
export const X_OPEN = 'x-open';

/** Allows fields that the class does not declare. */
export const OpenFields = (): ClassDecorator => ApiExtension(X_OPEN, true);
