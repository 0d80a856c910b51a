import { ValidationPipe, type ArgumentMetadata, type Type, type ValidationError } from '@nestjs/common';
import { instanceToPlain, plainToInstance, type ClassTransformOptions } from 'class-transformer';
import { MAX_REASONS, unprocessable, type FieldPlace, type FieldReasons } from '../errors/api-error';
import { isMapping, kindOf, LIST_OF_OBJECTS } from './field';
import type { Kind } from './kinds';

/**
 * Checks a request's fields by the rules of its class. Fields that the class does not know are refused in a body and
 * left out of a query, where a token may stand beside them.
 *
 * @param path that stands before the names of fields in errors
 */
export function validated(place: FieldPlace, path = ''): ValidationPipe {
  return new FieldsPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: place !== 'query' && place !== 'args_and_json',
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: true, value: true },
    transformerPackage: { plainToInstance: toInstance, classToPlain: instanceToPlain },
    exceptionFactory: (errors) => unprocessable(place, reasonsOf(errors, path)),
  });
}

/**
 * Checks an object in a body by the rules of a class, as `validated` does the body.
 * @param path that stands before the names of its fields in errors
 * @throws ApiError 422 naming the fields
 */
export const checkedFields = async <T>(type: Type<T>, value: object, path = ''): Promise<T> =>
  (await validated('json', path).transform(value, { type: 'body', metatype: type })) as T;

/** Reads fields that may hold many values first, because everything else here walks through them one by one. */
class FieldsPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype, type } = metadata;
    if (Array.isArray(value)) throw unprocessable('json', { _schema: ['Invalid input type.'] });
    if (!metatype || !isMapping(value)) return super.transform(value, metadata);
    const property = type === 'body' ? fieldNamedAsInherited(value) : undefined;
    if (property !== undefined)
      throw this.exceptionFactory([{ property, constraints: { whitelistValidation: 'is not known' } }]);
    const fields = Object.entries(value).map(([name, field]): [string, unknown] => [
      name,
      wholeKind(metatype, name)?.(field) ?? field,
    ]);
    this.checkCount(metatype, fields);
    return super.transform(Object.fromEntries(fields), metadata);
  }

  /** @throws ApiError 422 for more fields than checking one by one is fit for */
  private checkCount(metatype: Type<unknown>, fields: [string, unknown][]): void {
    const walked = fields.filter(([name]) => !wholeKind(metatype, name));
    const tooMany =
      walked.length > MAX_FIELDS
        ? '_schema'
        : walked.find(([, value]) => fieldCount(value) > MAX_FIELDS)?.[0];
    if (tooMany !== undefined)
      throw unprocessable('json', { [tooMany]: [`Holds more than ${MAX_FIELDS} fields.`] });
  }
}

/** Fields that are walked through one by one. A schedule's deprecated list of targets for a week has about 2000. */
const MAX_FIELDS = 5000;

/** Number of fields of a value and of what is nested in it, up to just beyond the most. */
function fieldCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values(value) as unknown[]) {
    if (count > MAX_FIELDS) break;
    count += fieldCount(inner);
  }
  return count;
}

/** As class-transformer, but leaves fields that may hold many values as they are. */
function toInstance<T>(type: Type<T>, plain: unknown, options?: ClassTransformOptions): T | T[] {
  const fields = isMapping(plain) ? Object.entries(plain) : [];
  const whole = fields.filter(([name]) => wholeKind(type, name));
  if (whole.length === 0) return plainToInstance(type, plain, options);
  const rest = Object.fromEntries(fields.filter(([name]) => !wholeKind(type, name)));
  return Object.assign(plainToInstance(type, rest, options) as object, Object.fromEntries(whole)) as T;
}

const wholeKind = (type: Type<unknown>, field: string): Kind['readWhole'] =>
  kindOf(type.prototype as object, field)?.readWhole;

/**
 * A field whose name every object inherits, such as `constructor`, in an object or what is nested in it. No class
 * declares one, but the libraries below take them for known, or leave them out.
 */
function fieldNamedAsInherited(value: object, prefix = ''): string | undefined {
  if (Array.isArray(value)) return fieldOfItems(value, prefix);
  for (const [name, field] of Object.entries(value) as [string, unknown][]) {
    if (name in Object.prototype) return prefix + name;
    if (typeof field !== 'object' || field === null) continue;
    const found = fieldNamedAsInherited(field, GROUPS.includes(name) ? prefix : `${prefix}${name}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Numbers, of which there may be many, cost no more than a look. */
function fieldOfItems(items: unknown[], prefix: string): string | undefined {
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (typeof item !== 'object' || item === null) continue;
    const found = fieldNamedAsInherited(item, `${prefix}${index}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Groups whose fields are named without them, as clients know it. */
const GROUPS = ['flex-model', 'flex-context'];

function reasonsOf(errors: ValidationError[], prefix = ''): FieldReasons {
  const reasons = errors.flatMap((error) => {
    const { property, children } = error;
    const field = prefix + property;
    return Object.entries(
      children?.length
        ? reasonsOf(children, GROUPS.includes(field) ? '' : `${field}.`)
        : reasonsOfField(error, field),
    );
  });
  return Object.fromEntries(reasons);
}

function reasonsOfField(
  { property, constraints, value, target }: ValidationError,
  field: string,
): FieldReasons {
  if (constraints?.['whitelistValidation']) return { [field]: ['Unknown field.'] };
  if (value === undefined) return { [field]: ['Missing data for required field.'] };
  if (value === null) return { [field]: ['Field may not be null.'] };
  if (constraints?.['nestedValidation']) return { [field]: ['Not a valid mapping.'] };
  const kind = target && kindOf(target, property);
  if (kind?.reasonsWithin) {
    const within = Object.entries(kind.reasonsWithin(value));
    return Object.fromEntries(
      within.map(([inner, reason]) => [inner === '' ? field : `${field}.${inner}`, [reason]]),
    );
  }
  const explain = constraints?.[LIST_OF_OBJECTS]
    ? (item: unknown) => (isMapping(item) ? undefined : 'Not a valid mapping.')
    : kind?.items?.explain;
  const ofItems: FieldReasons = {};
  if (explain && Array.isArray(value)) {
    let found = 0;
    for (let index = 0; index < value.length && found <= MAX_REASONS; index++) {
      const reason = explain(value[index]);
      if (reason === undefined) continue;
      ofItems[`${field}.${index}`] = [reason];
      found++;
    }
  }
  return Object.keys(ofItems).length > 0 ? ofItems : { [field]: Object.values(constraints ?? {}) };
}
