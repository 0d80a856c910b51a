import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DomainError, errorMessage, shown } from '#lib/errors';
import type { ClassReference, ExtensionClass } from '#lib/extensions';
import { findPlugins, versionOf, type Plugin } from './find-plugins';
import { registerPluginImports } from './plugin-imports';

/**
 * Loads plugin classes.
 *
 * References come from attributes, which users can change. They can therefore only name a plugin of the host and a class that
 * the entry of this plugin exports. No text of a reference becomes a path.
 */
export class PluginLoader {
  /** Sentences about settings that name no plugin. */
  readonly problems: readonly string[];
  private readonly plugins: readonly Plugin[];
  private readonly require: NodeJS.Require;

  /** @param named folders, files and names of packages, from FLEXMEASURES_PLUGINS */
  constructor(named: readonly string[], workingFolder = process.cwd()) {
    const { plugins, problems } = findPlugins(named, workingFolder);
    this.plugins = plugins;
    this.problems = problems;
    this.require = createRequire(join(workingFolder, 'plugins.js'));
    registerPluginImports();
  }

  /** The plugins that the host has named, with the versions in their package.json. */
  list(): { name: string; version?: string }[] {
    return this.plugins.map((plugin) => ({ name: plugin.name, version: versionOf(plugin) }));
  }

  /**
   * Loads a class. The entry of its plugin is loaded on first use.
   * @param method method that the class must have
   * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, or PLUGIN_FAILED if the entry throws
   */
  load(reference: ClassReference, method: string): ExtensionClass {
    const plugin = this.getPlugin(reference.module);
    const classes = classesWith(this.loadEntry(plugin), method);
    const found = classes.get(reference.class);
    if (found) return found;
    const others =
      classes.size > 0
        ? `It exports ${[...classes.keys()].join(', ')}.`
        : `The entry of the plugin must export it.`;
    const message = `Plugin ${plugin.name} exports no class ${shown(reference.class)} with a method ${method}. ${others}`;
    throw new DomainError('PLUGIN_CLASS_NOT_FOUND', message, 'class');
  }

  private getPlugin(module: string): Plugin {
    const found = this.plugins.find(({ name, path }) => module === name || module === path);
    if (found) return found;
    const names = this.plugins.map(({ name }) => name).join(', ');
    const message = `There is no plugin ${shown(module)}. Plugins of this process (FLEXMEASURES_PLUGINS): ${names || 'none'}.`;
    throw new DomainError('PLUGIN_NOT_FOUND', message, 'module');
  }

  private loadEntry({ name, entry }: Plugin): Exports {
    try {
      return (this.require(entry) ?? {}) as Exports;
    } catch (error) {
      const [reason] = errorMessage(error).split('\n');
      throw new DomainError('PLUGIN_FAILED', `Plugin ${name} could not be loaded: ${reason}`, 'module');
    }
  }
}

type Exports = Record<string, unknown>;

/** The exported classes that have a method, by name; also those of a default export that is an object. */
function classesWith(exported: Exports, method: string): Map<string, ExtensionClass> {
  const { default: main } = exported;
  const all = { ...(typeof main === 'object' ? main : {}), ...exported };
  const classes = Object.entries(all).filter(([, value]) => hasMethod(value, method));
  return new Map(classes as [string, ExtensionClass][]);
}

function hasMethod(value: unknown, method: string): boolean {
  if (typeof value !== 'function') return false;
  const { prototype } = value as { prototype?: Record<string, unknown> };
  return typeof prototype?.[method] === 'function';
}
