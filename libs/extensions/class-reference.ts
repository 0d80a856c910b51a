import { DomainError } from '#lib/errors';

/** Reference to a plugin class in an attribute of a sensor or an asset. */
export interface ClassReference {
  /** Name of a plugin, or the path of its folder or file as the host has named it; undefined: any plugin. */
  module?: string;
  /** Name of a class that the plugin offers. */
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
  if (isText(raw)) return { class: raw };
  const { module, class: className } = raw as Partial<Record<keyof ClassReference, unknown>>;
  if (isText(module) && isText(className)) return { module, class: className };
  const message = `Attribute ${name} must have a module and a class: {"module": "my_plugin", "class": "MyClass"}, or be the name of a class.`;
  throw new DomainError('ATTRIBUTE_INVALID', message, name);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
