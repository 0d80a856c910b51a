import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { notesOn, type Access, type ControllerClass, type ControllerNotes } from '#lib/plugin-api';
import { apiPathOf } from './paths';

/** A route of a controller of a plugin. */
export interface ControllerRoute extends Omit<ControllerNotes, 'access'> {
  /** Name of the method of the controller. */
  name: string;
  /** Below `/api/<plugin>`, unless they start with `/api/`. */
  paths: string[];
  method: string;
  access: readonly Access[];
}

type Method = (...args: unknown[]) => unknown;

/** The routes of a controller, as the decorators of Nest and of the plugin API describe them. */
export function routesOfController(plugin: string, controller: ControllerClass): ControllerRoute[] {
  const { access = [] } = notesOn(controller);
  return methodsOf(controller).map(([name, handle]) => {
    const { access: own = [], ...notes } = notesOn(handle);
    const paths = pathsIn(controller).flatMap((base) => pathsIn(handle).map((path) => joined(base, path)));
    return {
      ...notes,
      ...{ name, paths: paths.map((path) => apiPathOf(plugin, path)), access: [...access, ...own] },
      method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handle) as RequestMethod],
    };
  });
}

/** The methods of a controller that answer requests. */
function methodsOf({ prototype }: ControllerClass): [string, Method][] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype as object)).flatMap(([name, { value }]) =>
    typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value as object)
      ? [[name, value as Method]]
      : [],
  );
}

const pathsIn = (place: object): string[] =>
  [(Reflect.getMetadata(PATH_METADATA, place) ?? '') as string | string[]].flat();

const joined = (...parts: string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;

const ENHANCERS = {
  __guards__: '@UseGuards',
  __interceptors__: '@UseInterceptors',
  __pipes__: '@UsePipes',
  __exceptionFilters__: '@UseFilters',
};

/**
 * What is wrong with a controller: it needs routes, and no guards and the like of its own, which Nest would create with the server.
 * @param at place in the definition
 */
export function controllerProblems(at: string, given: unknown): string[] {
  if (typeof given !== 'function' || !Reflect.hasMetadata(PATH_METADATA, given))
    return [`${at}: a class with @Controller() of Nest is expected.`];
  const controller = given as ControllerClass;
  const methods = methodsOf(controller);
  const enhancers = Object.entries(ENHANCERS).filter(([key]) =>
    [controller, ...methods.map(([, method]) => method)].some((place) => Reflect.hasMetadata(key, place)),
  );
  const pipes = methods
    .flatMap(([name]) => pipesOf(controller, name))
    .filter((pipe) => typeof pipe === 'function');
  return [
    ...(methods.length === 0 ? [`${at}: no method has a decorator such as @Get().`] : []),
    ...enhancers.map(([, name]) => `${at}: ${name}() is not possible; use @Requires() for access.`),
    ...(pipes.length > 0
      ? [`${at}: give instances of pipes, such as new ParseIntPipe(), and no classes.`]
      : []),
  ];
}

/** The pipes of the parameters of a method. */
function pipesOf(controller: ControllerClass, name: string): unknown[] {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    { pipes?: unknown[] }
  >;
  return Object.values(parameters).flatMap(({ pipes = [] }) => pipes);
}
