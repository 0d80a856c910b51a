import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { AccountsService } from '#lib/accounts';
import { SETTINGS, type Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { PluginLoader } from '#lib/plugins';
import { CLOCK, type Clock } from '#lib/time';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import type { PageRequest } from '../sessions/page-request';
import { colourSheetPath } from './account-colours';
import type { PageFrame } from './page-frame';
import { findTemplate } from './plugin-views';

/** What a page shows, besides its frame. */
export interface PageContent {
  title: string;
  [name: string]: unknown;
}

/** How a page is sent. */
export interface PageOptions {
  /** Default: 200. */
  status?: number;
  /** Whether the page has a form also for visitors, which needs a cookie. */
  hasForm?: boolean;
  /** Name of the plugin that has the template. */
  plugin?: string;
}

/** Renders pages inside the frame with menu and footer, and sends them. */
@Injectable()
export class Pages {
  private readonly logger = new Logger('Pages');
  private frame: Promise<PageFrame> | undefined;

  constructor(
    private readonly csrf: CsrfTokens,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly plugins: PluginLoader,
    private readonly accounts: AccountsService,
  ) {}

  /** Sends a page without caching and without referrer, because its URL may contain a token. */
  async send(
    request: PageRequest,
    response: Response,
    template: string,
    content: PageContent,
    { status = 200, hasForm = false, plugin }: PageOptions = {},
  ): Promise<void> {
    const csrf = request.user?.session || hasForm ? this.csrf.tokenFor(request, response) : undefined;
    const frame = await (this.frame ??= this.load());
    const colour_sheet = await this.findColourSheet(request);
    const html = frame.render(template, { ...content, csrf, colour_sheet }, request, plugin);
    response
      .status(status)
      .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
      .type('html')
      .send(html);
  }

  /** Sends the login page, with the template of the settings if it works. */
  async sendLogin(
    request: PageRequest,
    response: Response,
    content: PageContent,
    status: number,
  ): Promise<void> {
    const options = { status, hasForm: true };
    const custom = this.settings.pages.loginTemplate;
    if (custom !== undefined) {
      const plugin = findTemplate(this.plugins, custom)?.name;
      try {
        await this.send(request, response, custom, content, { ...options, plugin });
        return;
      } catch (error) {
        this.logger.error(`SECURITY_LOGIN_USER_TEMPLATE: ${custom} cannot be shown: ${errorMessage(error)}`);
      }
    }
    await this.send(request, response, 'login.html', content, options);
  }

  /** Sends a page with one sentence. */
  sendNotice(
    request: PageRequest,
    response: Response,
    content: PageContent & { text: string; is_problem?: boolean; link?: { path: string; text: string } },
    status = 200,
  ): Promise<void> {
    return this.send(request, response, 'notice.html', content, { status });
  }

  /** The style sheet with the colours of the user's account. Without the database, pages have the usual colours. */
  private async findColourSheet({ user }: PageRequest): Promise<string | undefined> {
    if (!user?.session) return undefined;
    const colours = await this.accounts.findColours(user.accountId).catch((error: unknown) => {
      this.logger.warn(`The colours of the account are not known: ${errorMessage(error)}`);
      return undefined;
    });
    return colours && colourSheetPath(colours);
  }

  private async load(): Promise<PageFrame> {
    const { PageFrame } = await import('./page-frame.js');
    return PageFrame.load(this.settings.pages, this.plugins, this.clock);
  }
}
