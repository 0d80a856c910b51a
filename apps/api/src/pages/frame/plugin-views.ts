import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listOf, type LoadedPlugin, type PluginLoader } from '#lib/plugins';
import type { PluginView } from './menu';

/** The views of plugins that add themselves to the menu. */
export const pluginViewsOf = (plugins: PluginLoader): PluginView[] =>
  plugins.defined.flatMap(({ definition }) =>
    (definition.views ?? []).flatMap(({ menu, path, access }) => {
      const [first] = listOf(path);
      if (!menu || first === undefined) return [];
      const requirements = listOf(access).flatMap((one) => (one.kind === 'roles' ? [one] : []));
      return [{ path: first, title: menu.title, icon: menu.icon, requirements }];
    }),
  );

/** The first plugin that has a template. */
export const findTemplate = (plugins: PluginLoader, template: string): LoadedPlugin | undefined =>
  plugins.defined.find(
    ({ folder, definition }) =>
      definition.templates !== undefined && existsSync(join(folder, definition.templates, template)),
  );
