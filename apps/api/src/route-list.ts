import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { MetadataScanner, ModulesContainer, NestFactory } from '@nestjs/core';
import type { Host } from '#lib/plugins';
import { ApiModule } from './api.module';

/** A route of the server. */
export interface ListedRoute {
  method: string;
  path: string;
  /** Name of the controller. */
  controller: string;
}

/** All routes in the order in which they are tried, without connecting to a database. */
export async function listRoutes(host: Host): Promise<ListedRoute[]> {
  const app = await NestFactory.create(ApiModule.forRoot(host), {
    ...{ preview: true, logger: false, abortOnError: false },
  });
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => routesOf(metatype as new () => object));
}

function routesOf(controller: new () => object): ListedRoute[] {
  const prototype = controller.prototype as Record<string, object>;
  const bases = pathsIn(controller);
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name]!;
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    return bases.flatMap((base) =>
      pathsIn(handler).map((path) => ({
        method: RequestMethod[method],
        path: `/${[base, path]
          .flatMap((part) => part.split('/'))
          .filter((part) => part !== '')
          .join('/')}`,
        controller: controller.name,
      })),
    );
  });
}

const pathsIn = (place: object): string[] =>
  [(Reflect.getMetadata(PATH_METADATA, place) ?? '') as string | string[]].flat();
