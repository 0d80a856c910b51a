import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DomainError } from '#lib/errors';
import type { ClassReference, ExtensionClass } from '#lib/extensions';
import { openEntries } from './own-entries';
import { findModule, isOfPackage, pluginPlaces, type PluginPlaces } from './plugin-places';

/**
 * Loads classes of plugins.
 *
 * References come from attributes, which users may write: nothing is loaded but what lies in folders and packages that
 * the host has named.
 */
export class PluginLoader {
  readonly places: PluginPlaces;
  private readonly require: NodeJS.Require;

  /** @param plugins folders and names of packages, as in FLEXMEASURES_PLUGINS */
  constructor(plugins: readonly string[], workingFolder = process.cwd()) {
    this.places = pluginPlaces(plugins, workingFolder);
    this.require = createRequire(join(workingFolder, 'plugins.js'));
    openEntries();
  }

  /**
   * @param method that the class must have
   * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, or PLUGIN_FAILED when loading it fails
   */
  load(reference: ClassReference, method: string): ExtensionClass {
    const exported = this.loadModule(this.fileOf(reference.module), reference.module);
    const found =
      exported[reference.class] ?? (exported['default'] as Exports | undefined)?.[reference.class];
    if (found === undefined) {
      const names = Object.keys(exported).join(', ') || 'nothing';
      throw notFound(
        'PLUGIN_CLASS_NOT_FOUND',
        `${reference.module} exports no ${reference.class}, but ${names}.`,
      );
    }
    if (typeof found !== 'function' || typeof methodsOf(found)[method] !== 'function') {
      throw notFound(
        'PLUGIN_CLASS_NOT_FOUND',
        `${reference.class} of ${reference.module} is not a class with a method ${method}.`,
      );
    }
    return found as ExtensionClass;
  }

  private fileOf(module: string): string {
    const { folders, packages } = this.places;
    const file =
      findModule(module, folders) ?? (isOfPackage(module, packages) ? this.resolve(module) : undefined);
    if (file !== undefined) return file;
    throw notFound(
      'PLUGIN_NOT_FOUND',
      `There is no module ${module} among the plugins that this host has named (FLEXMEASURES_PLUGINS).`,
    );
  }

  private resolve(module: string): string | undefined {
    try {
      return this.require.resolve(module);
    } catch {
      return undefined;
    }
  }

  private loadModule(file: string, module: string): Exports {
    try {
      return (this.require(file) ?? {}) as Exports;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DomainError(
        'PLUGIN_FAILED',
        `${module} could not be loaded: ${reason.split('\n')[0]}`,
        'module',
      );
    }
  }
}

type Exports = Record<string, unknown>;

const methodsOf = (found: unknown): Record<string, unknown> =>
  ((found as { prototype?: unknown }).prototype ?? {}) as Record<string, unknown>;

const notFound = (code: string, message: string): DomainError => new DomainError(code, message, 'module');
