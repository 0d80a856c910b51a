import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { PluginLoader } from '#lib/plugins';
import { CLOCK, type Clock } from '#lib/time';
import { CsrfTokens } from '../../http/auth/authentication/csrf-tokens';
import type { PageRequest } from '../sessions/page-request';
import type { PageFrame } from './page-frame';

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
}

/** Renders pages inside the frame with menu and footer, and sends them. */
@Injectable()
export class Pages {
  private frame: Promise<PageFrame> | undefined;

  constructor(
    private readonly csrf: CsrfTokens,
    private readonly plugins: PluginLoader,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Sends a page without caching and without referrer, because its URL may contain a token. */
  async send(
    request: PageRequest,
    response: Response,
    template: string,
    content: PageContent,
    { status = 200, hasForm = false }: PageOptions = {},
  ): Promise<void> {
    const csrf = request.user?.session || hasForm ? this.csrf.tokenFor(request, response) : undefined;
    const frame = await (this.frame ??= this.load());
    const html = frame.render(template, { ...content, csrf }, request);
    response
      .status(status)
      .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
      .type('html')
      .send(html);
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

  private async load(): Promise<PageFrame> {
    const { PageFrame } = await import('./page-frame.js');
    return PageFrame.load(this.settings.pages, this.plugins.list(), this.clock.now());
  }
}
