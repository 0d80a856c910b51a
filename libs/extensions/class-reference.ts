import { DomainError } from '#lib/errors';

/** Reference to a plugin class in an attribute of a sensor or an asset. */
export interface ClassReference {
  /** Path of a file or folder in a plugin folder, or the name of an installed package. */
  module: string;
  /** Name of the exported class. */
  class: string;
}

/**
 * Reads a reference from an attribute.
 * @param name name of the attribute, for errors
 * @returns undefined if the attribute is not set
 * @throws DomainError ATTRIBUTE_INVALID
 */
export function parseClassReference(raw: unknown, name: string): ClassReference | undefined {
  if (raw === undefined || raw === null) return undefined;
  const { module, class: className } = raw as Partial<Record<keyof ClassReference, unknown>>;
  if (isText(module) && isText(className)) return { module, class: className };
  const message = `Attribute ${name} must have a module and a class: {"module": "my_plugin/my_file.js", "class": "MyClass"}.`;
  throw new DomainError('ATTRIBUTE_INVALID', message, name);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
