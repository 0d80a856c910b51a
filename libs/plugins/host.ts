import { ConfigError, openSettings, readSettings, type SettingSource, type Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import type { SettingValue } from '#lib/config';
import type { ServerConfig } from '#lib/plugin-api';
import { PluginLoader, type LoadedPlugin } from './plugin-loader';

/** The settings and the plugins of a process. */
export interface Host {
  settings: Settings;
  source: SettingSource;
  plugins: PluginLoader;
}

type OfPlugins = Map<string, { value: SettingValue; plugin: string }>;

/** Settings that say which plugins there are cannot be set by plugins. */
const FIXED = ['FLEXMEASURES_PLUGINS', 'FLEXMEASURES_PLUGIN_PATHS', 'FLEXMEASURES_CONFIG_PATH'];

/**
 * Reads the settings and loads the plugins that they name, which may change settings (`configure`). A plugin that fails, or sets
 * something that is not valid, is left out with its failure.
 * @throws ConfigError if a setting has the wrong type, or if FLEXMEASURES_PLUGINS names something that is no plugin
 */
export function openHost(env: NodeJS.ProcessEnv = process.env, workingFolder = process.cwd()): Host {
  const source = openSettings(env);
  const before = readSettings(source);
  const plugins = new PluginLoader(before.plugins, workingFolder, source);
  plugins.requireAll();
  let host: Omit<Host, 'plugins'> = { settings: before, source };
  let ofPlugins: OfPlugins = new Map();
  for (const plugin of plugins.defined) {
    try {
      const changed = configure(plugin, host.source, ofPlugins);
      if (changed.size === ofPlugins.size && !plugin.definition.configure) continue;
      const changedSource = source.withPlugins(changed);
      host = { settings: readSettings(changedSource), source: changedSource };
      ofPlugins = changed;
    } catch (error) {
      plugin.failure = `its configure failed: ${errorMessage(error)}`;
    }
  }
  return { ...host, plugins };
}

/** The settings of plugins, with those that this plugin sets. */
function configure(
  { name, definition }: LoadedPlugin,
  source: SettingSource,
  ofPlugins: OfPlugins,
): OfPlugins {
  const changed: OfPlugins = new Map(ofPlugins);
  const get = (setting: string) =>
    changed.has(setting) ? changed.get(setting)!.value : source.literal(setting);
  const config: ServerConfig = {
    get,
    set: (setting, value) => {
      if (FIXED.includes(setting)) throw new ConfigError(setting, 'plugins cannot set it');
      changed.set(setting, { value: value as SettingValue, plugin: name });
    },
    setDefault: (setting, value) => {
      if (get(setting) === undefined) config.set(setting, value);
    },
  };
  definition?.configure?.(config);
  return changed;
}
