import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DomainError } from '#lib/errors';
import type { ClassReference } from './class-reference';
import type { ExtensionKind, SensorAttributes } from './extension-kind';

/** A class of a plugin. It has the method of its kind; nothing else has been checked. */
export type ExtensionClass = (new (...given: never[]) => unknown) & { prototype: object };

/**
 * Finds a class that has a method.
 * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, PLUGIN_FAILED
 */
export type ExtensionSource = (reference: ClassReference, method: string) => ExtensionClass;

type Attributes = Record<string, unknown>;

/** The classes of plugins, for the domains that run them. Domains register kinds; the plugin host registers the source. */
@Injectable()
export class ExtensionRegistry {
  private source?: ExtensionSource;
  private readonly kinds = new Set<ExtensionKind>();

  /** Sets where classes come from: once in each process. */
  register(source: ExtensionSource): void {
    this.source = source;
  }

  /** Makes attributes that name a class of this kind known to `checkAttributes`. */
  registerKind(kind: ExtensionKind): void {
    this.kinds.add(kind);
  }

  /**
   * The class that a sensor or its asset names.
   * @returns undefined if they name none
   * @throws DomainError with the attribute as field: ATTRIBUTE_INVALID, PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, PLUGIN_FAILED
   */
  findClass(
    kind: ExtensionKind,
    holder: SensorAttributes,
  ): { name: string; class: ExtensionClass } | undefined {
    const reference = kind.findReference(holder);
    return reference && { name: reference.class, class: this.load(kind, reference, kind.attribute) };
  }

  /**
   * The class that a reference names.
   * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, PLUGIN_FAILED, with the attribute of the kind as field
   */
  getClass(kind: ExtensionKind, reference: ClassReference): ExtensionClass {
    return this.load(kind, reference, kind.attribute);
  }

  /**
   * Checks that the classes exist that new attributes of a sensor or an asset name.
   * @param before the former attributes: a reference that they have already is not checked
   * @throws DomainError as `findClass`, with the path of the attribute as field
   */
  checkAttributes(attributes: Attributes, before: Attributes = {}): void {
    for (const kind of this.kinds) {
      const { attribute } = kind;
      if (isDeepStrictEqual(attributes[attribute], before[attribute])) continue;
      const path = `attributes.${attribute}`;
      const reference = kind.parseReference(attributes[attribute], path);
      if (reference) this.load(kind, reference, path);
    }
  }

  private load({ method }: ExtensionKind, reference: ClassReference, field: string): ExtensionClass {
    if (!this.source) throw new DomainError('PLUGIN_NOT_FOUND', 'This process loads no plugins.', field);
    try {
      return this.source(reference, method);
    } catch (error) {
      throw error instanceof DomainError ? new DomainError(error.code, error.message, field) : error;
    }
  }
}
