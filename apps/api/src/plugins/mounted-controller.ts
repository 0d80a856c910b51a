import { Controller, Inject, Req, type Type } from '@nestjs/common';
import { PARAMTYPES_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import type { ControllerClass } from '#lib/plugin-api';
import { routesOfController, type ControllerRoute, type LoadedPlugin } from '#lib/plugins';
import { ApiExcludeController } from '../http/contract/metadata';
import type { PageRequest } from '../pages/sessions/page-request';
import { decoratorsOf } from './access-decorators';
import { PluginDispatcher } from './plugin-dispatcher.service';

/**
 * The controller with the routes of a controller of a plugin, to which all guards of the server apply. The controller itself is
 * created by the dispatcher, so that one that fails does not end the server.
 */
export function mountedControllerOf(plugin: LoadedPlugin, original: ControllerClass): Type {
  class MountedController {
    constructor(@Inject(PluginDispatcher) readonly dispatcher: PluginDispatcher) {}
  }
  for (const route of routesOfController(plugin.name, original))
    addRoute(MountedController, plugin, original, route);
  ApiExcludeController()(MountedController);
  Controller()(MountedController);
  Object.defineProperty(MountedController, 'name', { value: `plugin ${plugin.name}` });
  return MountedController;
}

function addRoute(
  mounted: Type<{ dispatcher: PluginDispatcher }>,
  plugin: LoadedPlugin,
  original: ControllerClass,
  { name, paths, access }: ControllerRoute,
): void {
  const prototype = mounted.prototype as object;
  const handler = (original.prototype as Record<string, object>)[name]!;
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, original, name) ?? {}) as Record<
    string,
    { index: number }
  >;
  const requestAt = 1 + Math.max(-1, ...Object.values(parameters).map(({ index }) => index));
  Object.defineProperty(prototype, name, {
    value: function (this: { dispatcher: PluginDispatcher }, ...given: unknown[]) {
      const request = given[requestAt] as PageRequest;
      return this.dispatcher.answerController(plugin, { controller: original, name, access }, request, given);
    },
    ...{ writable: true, configurable: true },
  });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  const value = descriptor.value as object;
  for (const key of Reflect.getMetadataKeys(handler) as string[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, handler), value);
  Reflect.defineMetadata(PATH_METADATA, paths, value);
  Reflect.defineMetadata(ROUTE_ARGS_METADATA, parameters, mounted, name);
  const types = Reflect.getMetadata(PARAMTYPES_METADATA, original.prototype as object, name) as unknown;
  if (types !== undefined) Reflect.defineMetadata(PARAMTYPES_METADATA, types, prototype, name);
  for (const decorate of access.flatMap(decoratorsOf)) decorate(prototype, name, descriptor);
  Req()(prototype, name, requestAt);
}
