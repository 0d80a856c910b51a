import { Injectable } from '@nestjs/common';
import { DomainError } from '#lib/errors';
import type { ClassReference } from './class-reference';

/** A class that a plugin brings. Which methods it has is known only as far as it was checked. */
export type ExtensionClass = (new (...given: never[]) => unknown) & { prototype: object };

/**
 * Finds a class that has a method.
 * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, PLUGIN_FAILED
 */
export type ExtensionSource = (reference: ClassReference, method: string) => ExtensionClass;

/** The classes that plugins bring, for the domains that run them. Who loads plugins registers where they come from. */
@Injectable()
export class ExtensionRegistry {
  private source?: ExtensionSource;

  /** Sets where classes come from: once in each process. */
  register(source: ExtensionSource): void {
    this.source = source;
  }

  /**
   * @param method that the class must have
   * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, PLUGIN_FAILED
   */
  get(reference: ClassReference, method: string): ExtensionClass {
    if (this.source) return this.source(reference, method);
    throw new DomainError('PLUGIN_NOT_FOUND', 'This process loads no plugins.', 'module');
  }
}
