import { REFERENCE_VERSION } from '../../http/headers/api-versions';
import { productVersion, type PageSettings } from '#lib/config';
import type { PageRequest } from '../sessions/page-request';
import { CUSTOM_CSS, CUSTOM_LOGO, customUrl } from './custom-files';
import { listOf, type PluginLoader } from '#lib/plugins';
import type { Clock } from '#lib/time';
import { pageOffsetMs } from './page-clock';
import { menuOf, valuesFor, type PluginView } from './menu';
import { pluginViewsOf } from './plugin-views';
import { loadTemplates, type Templates } from './templates';

/** The frame of all pages: name, logo, menu and footer, as the settings say for the account of the user. */
export class PageFrame {
  private readonly startedMs: number;
  private readonly version = productVersion();
  private readonly pluginViews: readonly PluginView[];
  private readonly pluginVersions: readonly { name: string; version?: string }[];
  /** Path of the icon of a plugin. */
  private readonly favicon: string | undefined;

  private constructor(
    private readonly templates: Templates,
    private readonly settings: PageSettings,
    plugins: PluginLoader,
    private readonly clock: Clock,
  ) {
    this.startedMs = clock.now() - process.uptime() * 1000;
    this.pluginViews = pluginViewsOf(plugins);
    this.pluginVersions = plugins.plugins
      .filter(({ failure }) => failure === undefined)
      .map(({ name, version }) => ({ name, version }));
    this.favicon = plugins.defined.some(({ definition }) =>
      definition.views?.some(({ path }) => listOf(path).includes('/favicon.ico')),
    )
      ? '/favicon.ico'
      : undefined;
  }

  static async load(settings: PageSettings, plugins: PluginLoader, clock: Clock): Promise<PageFrame> {
    const templates = await loadTemplates(plugins);
    return new PageFrame(templates, settings, plugins, clock);
  }

  /** A page as HTML. @param plugin name of the plugin of the template */
  render(template: string, content: object, { user, path }: PageRequest, plugin?: string): string {
    const accountRoles = user?.accountRoles ?? [];
    const shown = {
      platform_name: valuesFor(this.settings.platformNames, accountRoles)[0] ?? 'FlexMeasures',
      logo: customUrl(this.settings.menuLogo, CUSTOM_LOGO),
      extra_css: customUrl(this.settings.extraCss, CUSTOM_CSS),
      favicon: this.favicon,
      menu: user ? menuOf(this.settings, user, path, this.pluginViews) : [],
      user: user?.session && user,
      version: this.version,
      compatible_version: REFERENCE_VERSION,
      running_since: new Date(this.startedMs).toISOString(),
      year: new Date(this.clock.now()).getUTCFullYear(),
      time_offset: pageOffsetMs(this.clock.now(), this.settings),
      plugins: this.pluginVersions,
      ...content,
    };
    return this.templates.render(template, shown, plugin);
  }
}
