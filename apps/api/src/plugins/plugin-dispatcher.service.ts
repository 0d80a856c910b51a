import { HttpException, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Response } from 'express';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError, errorMessage } from '#lib/errors';
import type {
  Access,
  ControllerClass,
  PluginRequest,
  RouteDefinition,
  ViewDefinition,
  ViewReply,
} from '#lib/plugin-api';
import { listOf, PluginContexts, PluginLoader, readFields, type LoadedPlugin } from '#lib/plugins';
import { CsrfTokens, csrfTokenNeeded } from '../http/auth/authentication/csrf-tokens';
import { SAFE_METHODS } from '../http/auth/authentication/safe-methods';
import { ApiError, rejected, unprocessable } from '../http/errors/api-error';
import { rootPathFor } from '../pages/frame/menu';
import { Pages } from '../pages/frame/pages.service';
import type { PageRequest } from '../pages/sessions/page-request';
import { apiReplyIn, refusalIn, resourceOf, textsOf } from './plugin-values';
import { sendStatic } from './plugin-files';

/** Lets plugins answer requests, after all guards of the server. A plugin that fails fails only the request. */
@Injectable()
export class PluginDispatcher implements OnApplicationBootstrap {
  private readonly logger = new Logger('Plugins');
  private readonly controllers = new Map<ControllerClass, Record<string, (...given: unknown[]) => unknown>>();

  constructor(
    private readonly loader: PluginLoader,
    private readonly contexts: PluginContexts,
    private readonly pages: Pages,
    private readonly csrf: CsrfTokens,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'pages'>,
  ) {}

  /** Creates the controllers of plugins. Those that fail are tried again by each of their requests. */
  onApplicationBootstrap(): void {
    for (const plugin of this.loader.defined) {
      for (const controller of plugin.definition.controllers ?? []) {
        try {
          this.controllerOf(plugin, controller);
        } catch (error) {
          this.logger.error(
            `Plugin ${plugin.name}: controller ${controller.name} failed: ${errorMessage(error)}`,
          );
        }
      }
    }
  }

  async answerView(
    plugin: LoadedPlugin,
    view: ViewDefinition,
    request: PageRequest,
    response: Response,
  ): Promise<void> {
    const isForVisitors = listOf(view.access).some(({ kind }) => kind === 'visitors');
    // The guard has checked the forms of all other views.
    if (isForVisitors) this.checkForm(request);
    const root = request.path === '/' ? rootPathFor(this.settings.pages, request.user) : undefined;
    if (root !== undefined) {
      response.redirect(303, root);
      return;
    }
    const { query, body } = request as { query: object; body?: object };
    const given = this.requestOf(plugin, request, textsOf(query), textsOf(body ?? {}));
    await this.run(plugin, request, async () => {
      const reply = await view.handle(given);
      await this.send(plugin, reply, request, response, isForVisitors);
    });
  }

  async answerApi(
    plugin: LoadedPlugin,
    route: RouteDefinition,
    request: PageRequest,
    response: Response,
  ): Promise<void> {
    if (listOf(route.access).some(({ kind }) => kind === 'visitors')) this.checkForm(request);
    const query = route.query ? valuesOf('query', route.query, request.query) : textsOf(request.query);
    const body = route.body ? valuesOf('json', route.body, request.body) : (request.body as unknown);
    const given = this.requestOf(plugin, request, query, body);
    await this.run(plugin, request, async () => {
      const { status, body: sent } = apiReplyIn(await route.handle(given as never));
      if (sent === undefined) response.status(status === 200 ? 204 : status).end();
      else response.status(status).json(sent);
    });
  }

  /** Calls a method of a controller. Nest sends what it returns. */
  answerController(
    plugin: LoadedPlugin,
    { controller, name, access }: { controller: ControllerClass; name: string; access: readonly Access[] },
    request: PageRequest,
    given: readonly unknown[],
  ): Promise<unknown> {
    if (access.some(({ kind }) => kind === 'visitors')) this.checkForm(request);
    const context = this.requestOf(plugin, request, textsOf(request.query), request.body as unknown);
    Object.assign(request, { plugin: context });
    return this.run(
      plugin,
      request,
      async () => await this.controllerOf(plugin, controller)[name]!(...given),
    );
  }

  private controllerOf(plugin: LoadedPlugin, controller: ControllerClass) {
    let found = this.controllers.get(controller);
    if (!found) {
      found = new controller(this.contexts.contextOf(plugin)) as NonNullable<typeof found>;
      this.controllers.set(controller, found);
    }
    return found;
  }

  private async send(
    plugin: LoadedPlugin,
    reply: ViewReply,
    request: PageRequest,
    response: Response,
    hasForm: boolean,
  ): Promise<void> {
    if (typeof reply === 'string') response.set('Cache-Control', 'no-store').type('html').send(reply);
    else if (reply.kind === 'redirect') response.redirect(303, reply.path);
    else if (reply.kind === 'file') await sendStatic(plugin, reply, response);
    else {
      const { template, content, status } = reply;
      const page = { title: plugin.name, ...content };
      await this.pages.send(request, response, template, page, { status, hasForm, plugin: plugin.name });
    }
  }

  /** Requests with a session cookie that change something need the token of a form. */
  private checkForm(request: PageRequest): void {
    if (!SAFE_METHODS.includes(request.method) && request.user?.session && !this.csrf.isValid(request))
      throw csrfTokenNeeded();
  }

  private requestOf<Query, Body>(
    plugin: LoadedPlugin,
    request: PageRequest & { resource?: unknown },
    query: Query,
    body: Body,
  ): PluginRequest<Query, Body> {
    const { user, method, path, params } = request;
    const { id, username, accountId, roles, accountRoles } = user ?? {};
    return {
      ...this.contexts.contextOf(plugin, user ?? VISITOR),
      ...{ method, path, query, body, params: textsOf(params) },
      user: user && {
        id: id!,
        username: username!,
        accountId: accountId!,
        roles: roles!,
        accountRoles: accountRoles!,
      },
      resource: resourceOf(request.resource),
    };
  }

  /** Runs code of a plugin. @throws ApiError of a refusal; a DomainError; ApiError 500 for anything else */
  private async run<T>(plugin: LoadedPlugin, request: PageRequest, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal) throw refusal;
      if (error instanceof DomainError || error instanceof ApiError || isRefused(error)) throw error;
      const what = `Plugin ${plugin.name} failed in ${request.method} ${request.path}`;
      this.logger.error(`${what}: ${errorMessage(error)}`, error instanceof Error ? error.stack : undefined);
      throw rejected(
        500,
        'PLUGIN_FAILED',
        `The plugin ${plugin.name} failed. The request was not carried out.`,
      );
    }
  }
}

/** Whether a controller refuses a request with an error of Nest, such as `NotFoundException`. */
const isRefused = (error: unknown): boolean => error instanceof HttpException && error.getStatus() < 500;

/** Who has no user can read what every user can read. */
const VISITOR = { id: 0, accountId: 0, roles: [] };

/** @throws ApiError 422 */
function valuesOf(
  place: 'query' | 'json',
  fields: NonNullable<RouteDefinition['query']>,
  given: unknown,
): object {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (!isObject && given !== undefined) throw unprocessable(place, { _schema: ['Invalid input type.'] });
  const read = readFields(fields, (given ?? {}) as Record<string, unknown>);
  if (read.values) return read.values;
  throw unprocessable(place, read.problems);
}
