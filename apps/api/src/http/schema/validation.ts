import {
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
  type Type,
  type ValidationError,
} from '@nestjs/common';
import { instanceToPlain, plainToInstance, type ClassTransformOptions } from 'class-transformer';
import * as classValidator from 'class-validator';
import {
  ApiError,
  MAX_REASONS,
  unprocessable,
  type FieldPlace,
  type FieldReasons,
} from '../errors/api-error';
import { isMapping, kindOf, LIST_OF_OBJECTS, pluralsOf } from './field';
import type { Kind } from './kinds';
import { keepRulesOfClasses } from './known-rules';
import { namesSent, withFieldNames } from './other-names';

keepRulesOfClasses();

/**
 * A pipe that validates the fields of a request with the rules of a class. Unknown fields are rejected in a body, and
 * ignored in a query, which may also carry the authentication token.
 *
 * @param path prefix of the field paths in errors
 */
export function validationPipe(place: FieldPlace, path = ''): ValidationPipe {
  return new FieldsPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: place !== 'query' && place !== 'args_and_json',
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: true, value: true },
    // Given here, because Nest would load it with import(), which parses all its files once more.
    validatorPackage: classValidator,
    transformerPackage: { plainToInstance: toInstance, classToPlain: instanceToPlain },
    exceptionFactory: (errors) => unprocessable(place, reasonsOf(errors, path)),
  });
}

/** Makes the JSON body of a request optional: without one, all fields are missing. Put it before `validationPipe`. */
export const EMPTY_IF_MISSING: PipeTransform<unknown, unknown> = {
  transform: (body) => (body === undefined ? {} : body),
};

/**
 * Validates an object within a body with the rules of a class.
 * @param path prefix of the field paths in errors
 * @throws ApiError 422 with the reasons by field path
 */
export const validateFields = async <T>(type: Type<T>, value: object, path = ''): Promise<T> =>
  (await validationPipe('json', path).transform(value, { type: 'body', metatype: type })) as T;

/** Reads fields with many values first, because class-transformer and class-validator visit every value. */
class FieldsPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype, type } = metadata;
    if (Array.isArray(value)) throw unprocessable('json', { _schema: ['Invalid input type.'] });
    if (!metatype || !isMapping(value)) return super.transform(value, metadata);
    const property = type === 'body' ? fieldNamedAsInherited(value) : undefined;
    if (property !== undefined)
      throw this.exceptionFactory([{ property, constraints: { whitelistValidation: 'is unknown' } }]);
    const named = withFieldNames(value, metatype.prototype as object, (name, reason) => {
      throw this.exceptionFactory([{ property: name, value: reason, constraints: { names: reason } }]);
    });
    const given = this.inSingular(named, pluralsOf(metatype.prototype as object));
    const fields = Object.entries(given).map(([name, field]): [string, unknown] => [
      name,
      wholeKind(metatype, name)?.(field) ?? field,
    ]);
    this.checkCount(metatype, fields);
    const sent = namesSent(value, metatype.prototype as object);
    return super.transform(Object.fromEntries(fields), metadata).catch((error: unknown) => {
      throw error instanceof ApiError ? withSentNames(error, sent) : error;
    });
  }

  /** The fields with plural names under their own names. @throws ApiError for a list that has not exactly one item */
  private inSingular(value: object, plurals: Record<string, string>): object {
    const fields = new Map(Object.entries(value) as [string, unknown][]);
    for (const [plural, name] of Object.entries(plurals)) {
      if (!fields.has(plural) || fields.has(name)) continue;
      const given = fields.get(plural);
      fields.delete(plural);
      if (Array.isArray(given) && given.length !== 1)
        throw this.exceptionFactory([{ property: plural, value: given, constraints: { one: ONE_ITEM } }]);
      fields.set(name, Array.isArray(given) ? (given as unknown[])[0] : given);
    }
    return Object.fromEntries(fields);
  }

  /** @throws ApiError 422 for more than MAX_FIELDS fields */
  private checkCount(metatype: Type<unknown>, fields: [string, unknown][]): void {
    const visited = fields.filter(([name]) => !wholeKind(metatype, name));
    const tooMany =
      visited.length > MAX_FIELDS
        ? '_schema'
        : visited.find(([, value]) => fieldCount(value) > MAX_FIELDS)?.[0];
    if (tooMany !== undefined)
      throw unprocessable('json', { [tooMany]: [`Must not have more than ${MAX_FIELDS} fields.`] });
  }
}

/** The error with the names that the client has sent. */
function withSentNames({ httpStatus, body, headers }: ApiError, sent: Map<string, string>): ApiError {
  const reasons = Object.entries(body.message as Record<string, Record<string, unknown>>).map(
    ([place, fields]) => {
      const named = Object.entries(fields).map(([field, reason]): [string, unknown] => [
        sent.get(field) ?? field,
        reason,
      ]);
      return [place, Object.fromEntries(named)] as const;
    },
  );
  return new ApiError(httpStatus, { ...body, message: Object.fromEntries(reasons) }, headers);
}

export const ONE_ITEM = 'Must have exactly one item: each has its own request.';

/** Maximum number of fields that are validated one by one. The deprecated list of SoC targets has 2000 for a week. */
const MAX_FIELDS = 5000;

/** Number of fields of a value, including nested ones; stops counting above MAX_FIELDS. */
function fieldCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values(value) as unknown[]) {
    if (count > MAX_FIELDS) break;
    count += fieldCount(inner);
  }
  return count;
}

/** `plainToInstance` of class-transformer, but fields with many values are copied as they are. */
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
 * Finds a field whose name is a property of Object.prototype, such as `constructor`, in an object or in a nested one.
 * Such fields are unknown, but class-transformer and class-validator do not report them.
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

/** Skips items that are not objects, such as numbers, as there may be many. */
function fieldOfItems(items: unknown[], prefix: string): string | undefined {
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (typeof item !== 'object' || item === null) continue;
    const found = fieldNamedAsInherited(item, `${prefix}${index}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Groups that are left out of the field paths in errors, as clients expect it. */
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
