import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DomainError, errorMessage } from '#lib/errors';
import type { ClassReference, ExtensionClass } from '#lib/extensions';
import { registerPluginImports } from './plugin-imports';
import { findModule, isInPackages, findPluginPlaces, type PluginPlaces } from './plugin-places';

/**
 * Loads plugin classes.
 *
 * References come from attributes, which users can change. Therefore, modules are loaded only from configured folders and
 * packages.
 */
export class PluginLoader {
  readonly places: PluginPlaces;
  private readonly require: NodeJS.Require;

  /** @param plugins folders and names of packages, from FLEXMEASURES_PLUGINS */
  constructor(plugins: readonly string[], workingFolder = process.cwd()) {
    this.places = findPluginPlaces(plugins, workingFolder);
    this.require = createRequire(join(workingFolder, 'plugins.js'));
    registerPluginImports();
  }

  /**
   * Loads a class.
   * @param method method that the class must have
   * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, or PLUGIN_FAILED if the module throws
   */
  load(reference: ClassReference, method: string): ExtensionClass {
    const exported = this.loadModule(this.findFile(reference.module), reference.module);
    const found =
      exported[reference.class] ?? (exported['default'] as Exports | undefined)?.[reference.class];
    if (found === undefined) {
      const names = Object.keys(exported).join(', ') || 'nothing';
      throw notFoundError(
        'PLUGIN_CLASS_NOT_FOUND',
        `${reference.module} does not export ${reference.class}. It exports ${names}.`,
      );
    }
    if (typeof found !== 'function' || typeof getMethods(found)[method] !== 'function') {
      throw notFoundError(
        'PLUGIN_CLASS_NOT_FOUND',
        `${reference.class} of ${reference.module} is not a class with a method ${method}.`,
      );
    }
    return found as ExtensionClass;
  }

  private findFile(module: string): string {
    const { folders, packages } = this.places;
    const file =
      findModule(module, folders) ?? (isInPackages(module, packages) ? this.resolve(module) : undefined);
    if (file !== undefined) return file;
    throw notFoundError(
      'PLUGIN_NOT_FOUND',
      `There is no module ${module} in the configured plugins (FLEXMEASURES_PLUGINS).`,
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
      const reason = errorMessage(error);
      throw new DomainError(
        'PLUGIN_FAILED',
        `${module} could not be loaded: ${reason.split('\n')[0]}`,
        'module',
      );
    }
  }
}

type Exports = Record<string, unknown>;

const getMethods = (found: unknown): Record<string, unknown> =>
  ((found as { prototype?: unknown }).prototype ?? {}) as Record<string, unknown>;

const notFoundError = (code: string, message: string): DomainError =>
  new DomainError(code, message, 'module');
