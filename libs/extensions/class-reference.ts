import { DomainError } from '#lib/errors';

/** Where to find a class of a plugin: as attributes of sensors and assets name it. */
export interface ClassReference {
  /** Path of a file or folder in a plugin's folder, or the name of an installed package. */
  module: string;
  /** Name under which the module exports it. */
  class: string;
}

/**
 * Reads a reference from an attribute.
 * @param name of the attribute, for errors
 * @returns undefined when there is no such attribute
 * @throws DomainError ATTRIBUTE_INVALID
 */
export function parseClassReference(raw: unknown, name: string): ClassReference | undefined {
  if (raw === undefined || raw === null) return undefined;
  const { module, class: className } = raw as Partial<Record<keyof ClassReference, unknown>>;
  if (isText(module) && isText(className)) return { module, class: className };
  const message = `Attribute ${name} should name a module and a class: {"module": "my_plugin/my_file.js", "class": "MyClass"}.`;
  throw new DomainError('ATTRIBUTE_INVALID', message, name);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
