import type { PageSettings, ValueForRoles } from '#lib/config';

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

/** Icons of the own views, unless settings name others. */
const ICONS: Record<string, string> = {
  dashboard: 'map-location-dot',
  assets: 'plug-circle-bolt',
  users: 'users',
  accounts: 'building',
  tasks: 'list-check',
};

/** Views that only admins can see. */
const FOR_ADMINS = ['tasks'];

/** The values of a setting that fit the account roles of a user, in their order. */
export const valuesFor = (values: readonly ValueForRoles[], accountRoles: readonly string[]): string[] =>
  values
    .filter((entry) => entry.accountRoles?.some((role) => accountRoles.includes(role)) ?? true)
    .map(({ value }) => value);

/** The menu of a user. @param path of the page that is shown */
export function menuOf(settings: PageSettings, viewer: Viewer, path: string): MenuItem[] {
  const views = valuesFor(settings.menuViews, viewer.accountRoles).filter(
    (view) => !FOR_ADMINS.includes(view) || viewer.roles.includes('admin'),
  );
  return views.map((view) => ({
    path: `/${view}`,
    title: settings.menuTitles[view] ?? titleOf(view),
    icon: settings.menuIcons[view] ?? ICONS[view],
    isActive: path === `/${view}` || path.startsWith(`/${view}/`),
  }));
}

/** "freezer-view" becomes "Freezer view". */
const titleOf = (view: string): string =>
  view.charAt(0).toUpperCase() + view.slice(1).replaceAll(/[-_]/g, ' ');
