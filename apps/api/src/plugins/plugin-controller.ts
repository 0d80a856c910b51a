import { Controller, Inject, Req, RequestMapping, RequestMethod, Res, type Type } from '@nestjs/common';
import type { Response } from 'express';
import type { Access, RouteDefinition, ViewDefinition } from '#lib/plugin-api';
import { apiPathOf, listOf, type LoadedPlugin } from '#lib/plugins';
import { ApiExcludeController } from '../http/contract/metadata';
import type { PageRequest } from '../pages/sessions/page-request';
import { decoratorsOf } from './access-decorators';
import { PluginDispatcher } from './plugin-dispatcher.service';

type Handler = (dispatcher: PluginDispatcher, request: PageRequest, response: Response) => Promise<void>;

/** One route of a generated controller. */
interface GeneratedRoute {
  paths: readonly string[];
  method: string;
  access: readonly Access[];
  handle: Handler;
}

/** The controller with the views and the API of a plugin, to which all guards of the server apply. */
export function controllerOf(plugin: LoadedPlugin): Type {
  class PluginController {
    constructor(@Inject(PluginDispatcher) readonly dispatcher: PluginDispatcher) {}
  }
  const { views = [], api = [] } = plugin.definition ?? {};
  const routes = [...views.map((view) => ofView(plugin, view)), ...api.map((route) => ofApi(plugin, route))];
  routes.forEach((route, i) => addRoute(PluginController, `route${i}`, route));
  ApiExcludeController()(PluginController);
  Controller()(PluginController);
  Object.defineProperty(PluginController, 'name', { value: `plugin ${plugin.name}` });
  return PluginController;
}

const ofView = (plugin: LoadedPlugin, view: ViewDefinition): GeneratedRoute => ({
  paths: listOf(view.path),
  method: view.method ?? 'GET',
  access: listOf(view.access),
  handle: (dispatcher, request, response) => dispatcher.answerView(plugin, view, request, response),
});

const ofApi = (plugin: LoadedPlugin, route: RouteDefinition): GeneratedRoute => ({
  paths: [apiPathOf(plugin.name, route.path)],
  method: route.method ?? 'GET',
  access: listOf(route.access),
  handle: (dispatcher, request, response) => dispatcher.answerApi(plugin, route, request, response),
});

function addRoute(
  controller: Type<{ dispatcher: PluginDispatcher }>,
  name: string,
  { paths, method, access, handle }: GeneratedRoute,
): void {
  const prototype = controller.prototype as object;
  Object.defineProperty(prototype, name, {
    value: function (this: { dispatcher: PluginDispatcher }, request: PageRequest, response: Response) {
      return handle(this.dispatcher, request, response);
    },
    ...{ writable: true, configurable: true },
  });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  const decorators = [
    RequestMapping({ path: [...paths], method: RequestMethod[method as keyof typeof RequestMethod] }),
    ...access.flatMap(decoratorsOf),
  ];
  for (const decorate of decorators) decorate(prototype, name, descriptor);
  Req()(prototype, name, 0);
  Res()(prototype, name, 1);
}
