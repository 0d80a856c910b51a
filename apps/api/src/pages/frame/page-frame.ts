import { REFERENCE_VERSION } from '../../http/headers/api-versions';
import type { PageSettings } from '#lib/config';
import type { PageRequest } from '../sessions/page-request';
import { CUSTOM_CSS, CUSTOM_LOGO, customUrl } from './custom-files';
import { menuOf, valuesFor } from './menu';
import { loadTemplates, type Templates } from './templates';

/** A plugin in the footer. */
interface NamedPlugin {
  name: string;
  version?: string;
}

/** The frame of all pages: name, logo, menu and footer, as the settings say for the account of the user. */
export class PageFrame {
  private constructor(
    private readonly templates: Templates,
    private readonly settings: PageSettings,
    private readonly plugins: readonly NamedPlugin[],
    private readonly startedMs: number,
  ) {}

  /** @param nowMs the time, epoch milliseconds */
  static async load(
    settings: PageSettings,
    plugins: readonly NamedPlugin[],
    nowMs: number,
  ): Promise<PageFrame> {
    return new PageFrame(await loadTemplates(), settings, plugins, nowMs - process.uptime() * 1000);
  }

  /** A page as HTML. */
  render(template: string, content: object, { user, path }: PageRequest): string {
    const accountRoles = user?.accountRoles ?? [];
    return this.templates.render(template, {
      platform_name: valuesFor(this.settings.platformNames, accountRoles)[0] ?? 'FlexMeasures',
      logo: customUrl(this.settings.menuLogo, CUSTOM_LOGO),
      extra_css: customUrl(this.settings.extraCss, CUSTOM_CSS),
      menu: user ? menuOf(this.settings, user, path) : [],
      user: user?.session && user,
      plugins: this.plugins,
      version: REFERENCE_VERSION,
      running_since: new Date(this.startedMs).toISOString(),
      ...content,
    });
  }
}
