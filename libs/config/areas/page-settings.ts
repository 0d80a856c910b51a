import { ConfigError } from '../source/config-error';
import type { SettingSource } from '../source/setting-source';
import type { SettingValue } from '../source/settings-file';

/** A value for users whose account has one of the roles; without roles for all. */
export interface ValueForRoles {
  value: string;
  accountRoles?: string[];
}

/** Settings of the web pages. */
export interface PageSettings {
  /** The name of the platform: the first one that fits the user. */
  platformNames: ValueForRoles[];
  /** URL, path on this server, or file of the logo; empty: none. */
  menuLogo: string;
  /** URL, path on this server, or file of a style sheet for all pages; empty: none. */
  extraCss: string;
  /** The page at `/`: the first one that fits the user; none: the dashboard. */
  rootViews: ValueForRoles[];
  /** The views in the menu. */
  menuViews: ValueForRoles[];
  /** Names of Font Awesome icons by view. */
  menuIcons: Record<string, string>;
  /** Titles by view. */
  menuTitles: Record<string, string>;
  /** Names of asset types by name of the group in which the dashboard counts them. */
  assetTypeGroups: Record<string, string[]>;
  /** Token for map tiles of Mapbox; undefined: maps show outlines of countries. */
  mapboxToken: string | undefined;
  /** Whether all users see the queues of jobs, and the types of all assets: in demo mode. */
  isDemo: boolean;
  /** In demo mode, the year that pages take for the current one. */
  demoYear: number | undefined;
  /** Template of a plugin for the login page; undefined: that of the server. */
  loginTemplate: string | undefined;
  /** E-mail address and password that the login page shows in demo mode. */
  demoCredentials: { email: string; password: string } | undefined;
}

const DEFAULT_VIEWS = ['dashboard', 'assets', 'users', 'accounts', 'tasks'];

const DEFAULT_GROUPS = { renewables: ['solar', 'wind'], EVSE: ['one-way_evse', 'two-way_evse'] };

/** @throws ConfigError */
export const pageSettings = (source: SettingSource, mode: string): PageSettings => ({
  platformNames: valuesForRoles(source, 'FLEXMEASURES_PLATFORM_NAME') ?? [{ value: 'FlexMeasures' }],
  menuLogo: source.text('FLEXMEASURES_MENU_LOGO_PATH') ?? '',
  extraCss: source.text('FLEXMEASURES_EXTRA_CSS_PATH') ?? '',
  rootViews: valuesForRoles(source, 'FLEXMEASURES_ROOT_VIEW') ?? [],
  menuViews:
    valuesForRoles(source, 'FLEXMEASURES_MENU_LISTED_VIEWS') ?? DEFAULT_VIEWS.map((value) => ({ value })),
  menuIcons: textsByName(source, 'FLEXMEASURES_MENU_LISTED_VIEW_ICONS'),
  menuTitles: textsByName(source, 'FLEXMEASURES_MENU_LISTED_VIEW_TITLES'),
  assetTypeGroups: assetTypeGroups(source),
  mapboxToken: source.text('MAPBOX_ACCESS_TOKEN'),
  isDemo: mode === 'demo',
  demoYear: demoYear(source, mode),
  loginTemplate: source.text('SECURITY_LOGIN_USER_TEMPLATE'),
  demoCredentials: demoCredentials(source),
});

/** A text, or a list whose entries are texts or pairs of a text and a list of account roles. */
function valuesForRoles(source: SettingSource, name: string): ValueForRoles[] | undefined {
  const setting = source.literal(name);
  if (setting === undefined) return undefined;
  const entries = isPair(setting) || !Array.isArray(setting) ? [setting] : setting;
  return entries.map((entry) => {
    const [given, roles] = isPair(entry) ? entry : [entry, undefined];
    const value = Array.isArray(given) && given.length === 1 ? given[0] : given;
    if (typeof value !== 'string')
      throw new ConfigError(
        name,
        'a text, or a list of texts and of pairs (text, [account roles]) is expected',
      );
    return roles === undefined ? { value } : { value, accountRoles: roles };
  });
}

/** Whether a value is a text, alone or as a list, with a list of roles. A list of two texts in lists is a pair, too. */
const isPair = (value: SettingValue): value is [SettingValue, string[]] =>
  Array.isArray(value) &&
  value.length === 2 &&
  (typeof value[0] === 'string' || isTexts(value[0]!)) &&
  isTexts(value[1]!);

const isTexts = (value: SettingValue): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

function textsByName(source: SettingSource, name: string): Record<string, string> {
  const setting = source.literal(name) ?? {};
  if (typeof setting === 'object' && !Array.isArray(setting)) {
    const entries = Object.entries(setting);
    if (entries.every(([, value]) => typeof value === 'string')) return setting as Record<string, string>;
  }
  throw new ConfigError(name, 'a dictionary of texts is expected');
}

function assetTypeGroups(source: SettingSource): Record<string, string[]> {
  const name = 'FLEXMEASURES_ASSET_TYPE_GROUPS';
  const setting = source.literal(name) ?? DEFAULT_GROUPS;
  if (typeof setting === 'object' && !Array.isArray(setting) && Object.values(setting).every(isTexts))
    return setting as Record<string, string[]>;
  throw new ConfigError(name, 'a dictionary of lists of asset types is expected');
}

/** A year, which is ignored in other modes. */
function demoYear(source: SettingSource, mode: string): number | undefined {
  const name = 'FLEXMEASURES_DEMO_YEAR';
  const year = source.number(name);
  if (year !== undefined && !(Number.isInteger(year) && year >= 1970 && year <= 2200))
    throw new ConfigError(name, 'a year such as 2015 is expected');
  return mode === 'demo' ? year : undefined;
}

function demoCredentials(source: SettingSource): PageSettings['demoCredentials'] {
  const name = 'FLEXMEASURES_PUBLIC_DEMO_CREDENTIALS';
  const setting = source.texts(name);
  if (setting === undefined) return undefined;
  const [email, password, ...rest] = setting;
  if (email === undefined || password === undefined || rest.length > 0)
    throw new ConfigError(name, 'a pair of an e-mail address and a password is expected');
  return { email, password };
}
