import type { Fields, RouteDefinition } from '#lib/plugin-api';
import {
  apiPathOf,
  listOf,
  routesOfController,
  schemaOf,
  type LoadedPlugin,
  type PluginLoader,
} from '#lib/plugins';
import type { Contract } from './contract-file';

const FAILURE = {
  description: 'The request was not carried out.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
};

/** Adds the routes of plugins to the contract, each under the tag of its plugin. */
export function addPluginOperations(contract: Contract, { defined }: Pick<PluginLoader, 'defined'>): void {
  for (const plugin of defined) {
    const { description } = plugin.definition;
    const api = routesOf(plugin);
    if (api.length === 0) continue;
    contract.tags.push({
      name: plugin.name,
      description: description ?? `Routes of the plugin ${plugin.name}.`,
    });
    for (const route of api) {
      const path = route.path.replaceAll(/[:*](\w+)/g, '{$1}');
      const method = (route.method ?? 'GET').toLowerCase();
      contract.paths[path] = { ...contract.paths[path], [method]: operationOf(plugin, route, path, method) };
    }
  }
}

/** A route of `api` or of a controller, with its whole path. */
type DescribedRoute = Omit<RouteDefinition, 'handle'>;

function routesOf({ name, definition }: PluginLoader['defined'][number]): DescribedRoute[] {
  const { api = [], controllers = [] } = definition;
  return [
    ...api.map((route) => ({ ...route, path: apiPathOf(name, route.path) })),
    ...controllers
      .flatMap((one) => routesOfController(name, one))
      .flatMap(({ paths, method, ...route }) =>
        paths.map((path) => ({ ...route, path, method: method as RouteDefinition['method'] })),
      ),
  ];
}

function operationOf(plugin: LoadedPlugin, route: DescribedRoute, path: string, method: string) {
  const words = `${plugin.name} ${method} ${path}`.split(/[^A-Za-z\d]+/).filter((word) => word !== '');
  const isPublic = listOf(route.access).some(({ kind }) => kind === 'visitors');
  return {
    operationId: words.map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join(''),
    tags: [plugin.name],
    summary: route.summary ?? '',
    ...(route.description !== undefined && { description: route.description }),
    ...(isPublic && { security: [] }),
    parameters: [
      ...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
        ...{ name, in: 'path', required: true },
        schema: { type: 'string' },
      })),
      ...parametersOf(route.query ?? {}),
    ],
    ...(route.body && { requestBody: bodyOf(route.body) }),
    responses: {
      '200': {
        description: 'The request was carried out.',
        content: { 'application/json': { schema: route.answer ?? {} } },
      },
      default: FAILURE,
    },
  };
}

const parametersOf = (fields: Fields) =>
  Object.entries(fields).map(([name, field]) => ({
    ...{ name, in: 'query', required: field.required },
    schema: schemaOf(field),
  }));

const bodyOf = (fields: Fields) => ({
  required: true,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        additionalProperties: false,
        required: Object.keys(fields).filter((name) => fields[name]!.required),
        properties: Object.fromEntries(
          Object.entries(fields).map(([name, field]) => [name, schemaOf(field)]),
        ),
      },
    },
  },
});
