import { isDeepStrictEqual } from 'node:util';
import { classesOf, isMapping, namesOf } from './field';

/** Fields by their names without the difference between hyphens and underscores; by prototype of the class. */
const folded = new WeakMap<object, Map<string, string>>();

const fold = (name: string): string => name.replaceAll('-', '_');

function foldedNames(target: object): Map<string, string> {
  let names = folded.get(target);
  if (!names) {
    names = new Map(Object.entries(namesOf(target)).map(([name, field]) => [fold(name), field]));
    folded.set(target, names);
  }
  return names;
}

/** The fields that were sent under another name than that of their declaration, with this name. */
export function namesSent(given: object, target: object): Map<string, string> {
  const names = Object.keys(given).map((name): [string, string] => [fieldNamed(name, target), name]);
  return new Map(names.filter(([field, name]) => field !== name));
}

/** The field that a name stands for; the name itself if the class has no such field. */
function fieldNamed(name: string, target: object): string {
  const declared = namesOf(target);
  return Object.hasOwn(declared, name) ? declared[name]! : (foldedNames(target).get(fold(name)) ?? name);
}

/** Rejects a field, by its path. */
type Reject = (path: string, reason: string) => never;

/**
 * The given fields under the names that a class declares. Fields may be sent with hyphens or underscores, and under the other
 * names of their declarations. Unknown fields stay. Nested objects are treated in the same way.
 * @param target prototype of the class
 * @param reject called if one field is sent twice with different values
 */
export function withFieldNames(given: object, target: object, reject: Reject, prefix = ''): object {
  const fields = new Map<string, { name: string; value: unknown }>();
  for (const [name, sent] of Object.entries(given) as [string, unknown][]) {
    const field = fieldNamed(name, target);
    const value = withNestedNames(sent, target, field, reject, `${prefix}${name}.`);
    const other = fields.get(field);
    if (other && !isDeepStrictEqual(other.value, value))
      reject(prefix + name, `Differs from ${other.name}, which is the same field. Send one of them.`);
    fields.set(field, { name, value });
  }
  return Object.fromEntries(Array.from(fields, ([field, { value }]) => [field, value]));
}

/** The value of a field, with the fields of its objects under the names of their class. */
function withNestedNames(
  value: unknown,
  target: object,
  field: string,
  reject: Reject,
  prefix: string,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const classes = classesOf(target);
  if (!Object.hasOwn(classes, field)) return value;
  const inner = classes[field]!().prototype as object;
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      isMapping(item) ? withFieldNames(item, inner, reject, `${prefix}${index}.`) : item,
    );
  return withFieldNames(value, inner, reject, prefix);
}
