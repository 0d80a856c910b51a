import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ConfigError, type SettingSource } from '#lib/config';
import { DomainError, errorMessage, shown } from '#lib/errors';
import type { ClassReference, ExtensionClass } from '#lib/extensions';
import type { Plugin } from '#lib/plugin-api';
import { findProblems } from './check-definition';
import { findPlugins, type FoundPlugin, versionOf } from './find-plugins';
import { registerPluginImports } from './plugin-imports';
import { readPluginSettings, type SettingNote } from './plugin-settings';

type Exports = Record<string, unknown>;

/** A plugin of this process. */
export interface LoadedPlugin {
  /** Name in class references: of its folder, file or package. */
  module: string;
  /** Path of its folder or file; undefined for packages. */
  path?: string;
  /** As its definition says; of plugins that only export classes, the same as `module`. */
  name: string;
  version?: string;
  /** Folder of its entry. */
  folder: string;
  /** What `definePlugin` was given; undefined for plugins that only export classes. */
  definition?: Plugin;
  exports: Exports;
  /** Its settings that are set, by name. */
  settings: ReadonlyMap<string, unknown>;
  /** Sentences about its settings. */
  notes: SettingNote[];
  /** Why it is not used. */
  failure?: string;
}

/** A class that a plugin offers. */
export interface OfferedClass {
  name: string;
  plugin: LoadedPlugin;
  class: ExtensionClass;
}

/**
 * Loads plugins, and classes of plugins. A plugin that cannot be loaded is kept with its failure; the others are not concerned.
 *
 * References come from attributes, which users can change. They can therefore only name a plugin of the host and a class that
 * this plugin offers. No text of a reference becomes a path.
 */
export class PluginLoader {
  /** All plugins, also those that failed, in the order of the setting. */
  readonly plugins: readonly LoadedPlugin[];
  /** Sentences about settings that name no plugin. */
  readonly missing: readonly string[];
  /** Sentences about plugins that are not used. */
  readonly problems: readonly string[];

  /**
   * @param named folders, files and names of packages, from FLEXMEASURES_PLUGINS
   * @param source the settings, also those of plugins; without it, no plugin has settings
   */
  constructor(named: readonly string[], workingFolder = process.cwd(), source?: SettingSource) {
    const found = findPlugins(named, workingFolder);
    this.missing = found.missing;
    this.problems = found.problems;
    if (found.plugins.length > 0) registerPluginImports();
    const require = createRequire(join(workingFolder, 'plugins.js'));
    const names = new Set<string>();
    this.plugins = found.plugins.map((plugin) => {
      const loaded = loadPlugin(plugin, require, source);
      if (loaded.failure === undefined && names.has(loaded.name))
        loaded.failure = `another plugin has the name ${loaded.name}.`;
      names.add(loaded.name);
      return loaded;
    });
  }

  /** The plugins that work and have a definition. */
  get defined(): (LoadedPlugin & { definition: Plugin })[] {
    return this.plugins.filter(
      (plugin): plugin is LoadedPlugin & { definition: Plugin } =>
        plugin.failure === undefined && plugin.definition !== undefined,
    );
  }

  /** @throws ConfigError if the setting names something that is no plugin */
  requireAll(): void {
    if (this.missing.length > 0) throw new ConfigError('FLEXMEASURES_PLUGINS', this.missing.join(' '));
  }

  /**
   * Finds a class.
   * @param method method that the class must have
   * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, or PLUGIN_FAILED if the plugin could not be loaded
   */
  load(reference: ClassReference, method: string): ExtensionClass {
    if (reference.module === undefined) return this.loadByName(reference.class, method);
    const plugin = this.getPlugin(reference.module);
    if (plugin.failure !== undefined) throw failed(plugin);
    const classes = classesOf(plugin, method);
    const found = classes.get(reference.class);
    if (found) return found;
    const others =
      classes.size > 0
        ? `It exports ${[...classes.keys()].join(', ')}.`
        : `The entry of the plugin must export it.`;
    const message = `Plugin ${plugin.module} exports no class ${shown(reference.class)} with a method ${method}. ${others}`;
    throw new DomainError('PLUGIN_CLASS_NOT_FOUND', message, 'class');
  }

  /** The classes of all plugins that have a method. */
  listClasses(method: string): OfferedClass[] {
    return this.plugins
      .filter(({ failure }) => failure === undefined)
      .flatMap((plugin) =>
        [...classesOf(plugin, method)].map(([name, found]) => ({ name, plugin, class: found })),
      );
  }

  private loadByName(name: string, method: string): ExtensionClass {
    const offered = this.listClasses(method);
    const [found, ...others] = offered.filter((one) => one.name === name);
    if (found && others.length === 0) return found.class;
    const message = found
      ? `Several plugins offer ${shown(name)}: ${[found, ...others].map(({ plugin }) => plugin.module).join(', ')}. Name the plugin, too.`
      : `No plugin offers a class ${shown(name)} with a method ${method}. There are: ${offered.map((one) => one.name).join(', ') || 'none'}.`;
    throw new DomainError('PLUGIN_CLASS_NOT_FOUND', message, 'class');
  }

  private getPlugin(module: string): LoadedPlugin {
    const found = this.plugins.find(({ module: name, path }) => module === name || module === path);
    if (found) return found;
    const names = this.plugins.map((plugin) => plugin.module).join(', ');
    const message = `There is no plugin ${shown(module)}. Plugins of this process (FLEXMEASURES_PLUGINS): ${names || 'none'}.`;
    throw new DomainError('PLUGIN_NOT_FOUND', message, 'module');
  }
}

function loadPlugin(
  found: FoundPlugin,
  require: NodeJS.Require,
  source: SettingSource | undefined,
): LoadedPlugin {
  const { name: module, path, entry } = found;
  const folder = dirname(entry);
  const plugin: LoadedPlugin = {
    ...{ module, path, folder, name: module, version: versionOf(found) },
    ...{ exports: {}, settings: new Map(), notes: [] },
  };
  try {
    plugin.exports = (require(entry) ?? {}) as Exports;
    const definition = findDefinition(plugin.exports);
    if (!definition) return plugin;
    const problems = findProblems(definition, folder);
    if (problems.length > 0) return { ...plugin, failure: problems.join(' ') };
    const { values, notes } = source
      ? readPluginSettings(definition.settings ?? {}, source)
      : { values: plugin.settings, notes: plugin.notes };
    const errors = notes.filter(({ level }) => level === 'error').map(({ text }) => text);
    return {
      ...plugin,
      ...{ name: definition.name, version: definition.version ?? plugin.version, definition },
      ...{ settings: values, notes },
      failure: errors.length > 0 ? errors.join(' ') : undefined,
    };
  } catch (error) {
    return { ...plugin, failure: errorMessage(error).split('\n')[0] };
  }
}

/** What `definePlugin` returned, among the exports of a CommonJS or an ES module. */
function findDefinition(exported: unknown): Plugin | undefined {
  const { default: main } = exported as { default?: unknown };
  const inner = (main as { default?: unknown } | undefined)?.default;
  const candidates: unknown[] = [exported, main, inner, ...(Object.values(exported as object) as unknown[])];
  return candidates.find(
    (one): one is Plugin =>
      typeof one === 'object' && one !== null && (one as Partial<Plugin>).isPlugin === true,
  );
}

const failed = ({ module, failure }: LoadedPlugin): DomainError =>
  new DomainError('PLUGIN_FAILED', `Plugin ${module} could not be loaded: ${failure}`, 'module');

/** The classes of a plugin that have a method, by name: those of its definition, and those that it exports. */
function classesOf(
  { exports: exported, definition }: LoadedPlugin,
  method: string,
): Map<string, ExtensionClass> {
  const { default: main } = exported;
  const { schedulers = [], forecasters = [], reporters = [] } = definition ?? {};
  const registered = [...schedulers, ...forecasters, ...reporters];
  const all: Exports = {
    ...Object.fromEntries(registered.map((one) => [one.name, one])),
    ...(typeof main === 'object' ? main : {}),
    ...exported,
  };
  const classes = Object.entries(all).filter(([, value]) => hasMethod(value, method));
  return new Map(classes as [string, ExtensionClass][]);
}

function hasMethod(value: unknown, method: string): boolean {
  if (typeof value !== 'function') return false;
  const { prototype } = value as { prototype?: Record<string, unknown> };
  return typeof prototype?.[method] === 'function';
}
