import { join } from 'node:path';
import type { Environment } from 'nunjucks';
import { staticPathOf, type LoadedPlugin, type PluginLoader } from '#lib/plugins';
import { readBuiltWeb, webFilePath, webPartPaths } from './built-web';

/** Renders templates; the template engine is known only here. */
export interface Templates {
  /**
   * @param plugin name of the plugin that has the template
   * @returns HTML, in which all values of the context are escaped
   */
  render: (name: string, context: object, plugin?: string) => string;
}

/**
 * Loads the template engine, which is needed only by servers whose pages are used. Templates of the server come before those of
 * plugins, so that theirs can extend `base.html`.
 */
export async function loadTemplates({ defined }: Pick<PluginLoader, 'defined'>): Promise<Templates> {
  const { default: nunjucks } = await import('nunjucks');
  const environments = new Map<string | undefined, Environment>();
  const create = (plugin: LoadedPlugin | undefined): Environment => {
    const folders = [readBuiltWeb().templates, ...(plugin ? foldersOf(plugin) : [])];
    const loader = new nunjucks.FileSystemLoader(folders);
    const environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true });
    environment.addGlobal('file', webFilePath);
    environment.addGlobal('parts', webPartPaths);
    if (plugin) environment.addGlobal('static', (path: string) => `${staticPathOf(plugin.name)}/${path}`);
    environments.set(plugin?.name, environment);
    return environment;
  };
  return {
    render: (name, context, plugin) => {
      const found = defined.find((one) => one.name === plugin);
      return (environments.get(plugin) ?? create(found)).render(name, context);
    },
  };
}

const foldersOf = ({ folder, definition }: LoadedPlugin): string[] =>
  definition?.templates === undefined ? [] : [join(folder, definition.templates)];
