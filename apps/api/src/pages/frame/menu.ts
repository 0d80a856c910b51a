import type { PageSettings, ValueForRoles } from '#lib/config';
import { meetsRequirement, type RoleRequirement } from '../../http/auth/permissions/role-requirements';

/** Who sees a page. */
export interface Viewer {
  roles: readonly string[];
  accountRoles: readonly string[];
}

/** An entry of the menu. */
export interface MenuItem {
  path: string;
  title: string;
  /** Name of a Font Awesome icon. */
  icon?: string;
  /** Whether the page belongs to this entry. */
  isActive: boolean;
}

/** A view of a plugin that adds itself to the menu. */
export interface PluginView {
  path: string;
  title: string;
  icon?: string;
  /** What users need to see it. */
  requirements: readonly RoleRequirement[];
}

/** Icons of the own views, unless settings name others. */
const ICONS: Record<string, string> = {
  dashboard: 'map-location-dot',
  assets: 'plug-circle-bolt',
  users: 'users',
  accounts: 'building',
  tasks: 'list-check',
};

/** Views that only admins can see, except in demo mode. */
const FOR_ADMINS = ['tasks'];

/** The values of a setting that fit the account roles of a user, in their order. */
export const valuesFor = (values: readonly ValueForRoles[], accountRoles: readonly string[]): string[] =>
  values
    .filter((entry) => entry.accountRoles?.some((role) => accountRoles.includes(role)) ?? true)
    .map(({ value }) => value);

/**
 * The menu of a user: the views of the settings, then those of plugins that the settings do not name.
 * @param path of the page that is shown
 */
export function menuOf(
  settings: PageSettings,
  viewer: Viewer,
  path: string,
  pluginViews: readonly PluginView[] = [],
): MenuItem[] {
  const views = valuesFor(settings.menuViews, viewer.accountRoles).filter(
    (view) => !FOR_ADMINS.includes(view) || settings.isDemo || viewer.roles.includes('admin'),
  );
  const added = pluginViews.filter(
    (view) =>
      view.requirements.every((requirement) => meetsRequirement(viewer, requirement)) &&
      !settings.menuViews.some(({ value }) => `/${value}` === view.path),
  );
  return [...views, ...added.map((view) => view.path.slice(1))].map((view) => {
    const ofPlugin = pluginViews.find((one) => one.path === `/${view}`);
    return {
      path: `/${view}`,
      title: settings.menuTitles[view] ?? ofPlugin?.title ?? titleOf(view),
      icon: settings.menuIcons[view] ?? ofPlugin?.icon ?? ICONS[view],
      isActive: path === `/${view}` || (view !== '' && path.startsWith(`/${view}/`)),
    };
  });
}

/** The path to which the settings send a user from `/`; undefined: the page at `/` is shown. */
export function rootPathFor(
  { rootViews }: Pick<PageSettings, 'rootViews'>,
  user: (Viewer & { session?: unknown }) | undefined,
): string | undefined {
  if (!user?.session) return undefined;
  const [root = ''] = valuesFor(rootViews, user.accountRoles);
  const path = `/${root.replace(/^\/+/, '')}`;
  return path === '/' ? undefined : path;
}

/** "freezer-view" becomes "Freezer view". */
const titleOf = (view: string): string =>
  view.charAt(0).toUpperCase() + view.slice(1).replaceAll(/[-_]/g, ' ');
