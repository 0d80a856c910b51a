import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { EVENT_NAMES, type Plugin } from '#lib/plugin-api';
import { controllerProblems } from './controller-routes';

const NAME = /^[a-z][\w-]{0,62}$/i;
const SETTING = /^[A-Z][A-Z\d_]*$/i;
/** Segments are texts or `:parameters`; the last one can be a wildcard `*rest`. */
const PATH = /^\/(?:(?:[\w.~-]+|:[a-z_]\w*)(?:\/(?:[\w.~-]+|:[a-z_]\w*))*(?:\/\*[a-z_]\w*)?)?$/i;

const ACCESS = ['visitors', 'login', 'permission', 'roles', 'devices'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const FIELD_TYPES = [
  ...['text', 'number', 'integer', 'id', 'flag', 'datetime', 'date', 'duration'],
  ...['timezone', 'choice', 'json', 'own'],
];

const FIELDS = [
  ...['isPlugin', 'name', 'version', 'description', 'templates', 'static', 'settings', 'configure'],
  ...['views', 'api', 'controllers', 'cli', 'schedulers', 'forecasters', 'reporters', 'onEvent'],
];

/**
 * Finds what is wrong with the definition of a plugin, which may be written in JavaScript.
 * @param folder folder of its entry
 * @returns one sentence per problem
 */
export function findProblems(plugin: Plugin, folder: string): string[] {
  const unknown = Object.keys(plugin).filter((field) => !FIELDS.includes(field));
  return [
    ...(typeof plugin.name === 'string' && NAME.test(plugin.name)
      ? []
      : ['name: letters, digits, "-" and "_" are expected.']),
    ...unknown.map((field) => `${field}: unknown; did you mean ${closest(field, FIELDS)}?`),
    ...textProblems('version', plugin.version),
    ...textProblems('description', plugin.description),
    ...folderProblems('templates', plugin.templates, folder),
    ...folderProblems('static', plugin.static, folder),
    ...functionProblems('configure', (plugin as { configure?: unknown }).configure, false),
    ...listProblems('views', plugin.views),
    ...listProblems('api', plugin.api),
    ...listProblems('cli.commands', plugin.cli?.commands, plugin.cli !== undefined),
    ...listProblems('schedulers', plugin.schedulers),
    ...listProblems('forecasters', plugin.forecasters),
    ...listOf(plugin.views, 'views').flatMap(({ item, at }) => [
      ...listed(item['path']).flatMap((path) => pathProblems(`${at}.path`, path)),
      ...routeProblems(at, item),
      ...menuProblems(at, item['menu']),
    ]),
    ...listOf(plugin.api, 'api').flatMap(({ item, at }) => [
      ...pathProblems(`${at}.path`, item['path']),
      ...routeProblems(at, item),
      ...fieldProblems(`${at}.query`, item['query']),
      ...fieldProblems(`${at}.body`, item['body']),
    ]),
    ...listed(plugin.controllers).flatMap((one, i) => controllerProblems(`controllers[${i}]`, one)),
    ...listOf(plugin.cli?.commands, 'cli.commands').flatMap(({ item, at }) => [
      ...(typeof item['name'] === 'string' && NAME.test(item['name'])
        ? []
        : [`${at}.name: letters, digits, "-" and "_" are expected.`]),
      ...functionProblems(`${at}.run`, item['run']),
      ...fieldProblems(`${at}.options`, item['options']),
    ]),
    ...repeatedNames(listed(plugin.cli?.commands)),
    ...listed(plugin.schedulers).flatMap((one, i) =>
      methodProblems(`schedulers[${i}]`, one, 'computeSchedule'),
    ),
    ...listed(plugin.forecasters).flatMap((one, i) =>
      methodProblems(`forecasters[${i}]`, one, 'computeForecast'),
    ),
    ...listed(plugin.reporters).flatMap((one, i) => methodProblems(`reporters[${i}]`, one, 'computeReport')),
    ...Object.keys(plugin.settings ?? {})
      .filter((name) => !SETTING.test(name))
      .map((name) => `settings.${name}: capital letters, digits and "_" are expected.`),
    ...Object.entries(plugin.onEvent ?? {}).flatMap(([name, handle]) => [
      ...eventProblems(name),
      ...functionProblems(`onEvent["${name}"]`, handle),
    ]),
  ];
}

/** Problems of what views and routes have in common. */
const routeProblems = (at: string, item: Record<string, unknown>): string[] => [
  ...functionProblems(`${at}.handle`, item['handle']),
  ...(item['method'] === undefined || METHODS.includes(item['method'] as string)
    ? []
    : [`${at}.method: one of ${METHODS.join(', ')} is expected.`]),
  ...(listed(item['access']).every((one) => ACCESS.includes(kindOf(one)))
    ? []
    : [`${at}.access: functions such as accountRolesRequired() make requirements.`]),
];

const kindOf = (access: unknown): string => String((access as { kind?: unknown } | null)?.kind);

function fieldProblems(at: string, fields: unknown): string[] {
  if (fields === undefined) return [];
  if (typeof fields !== 'object' || fields === null) return [`${at}: an object of fields is expected.`];
  return Object.entries(fields)
    .filter(([, one]) => !FIELD_TYPES.includes(String((one as { type?: unknown } | null)?.type)))
    .map(([name]) => `${at}.${name}: a field such as field.text() is expected.`);
}

function repeatedNames(commands: unknown[]): string[] {
  const names = commands.map((one) => (one as { name?: unknown } | null)?.name);
  return names.length === new Set(names).size ? [] : ['cli.commands: two commands have the same name.'];
}

/** The items of a list that have fields; what is no list or no object becomes an item without fields. */
function listOf(given: unknown, name: string): { item: Record<string, unknown>; at: string }[] {
  return listed(given).map((item, i) => ({
    item: typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {},
    at: `${name}[${i}]`,
  }));
}

function listed(given: unknown): unknown[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given];
}

/** What one could write without its brackets. */
const listProblems = (name: string, given: unknown, isNeeded = false): string[] =>
  Array.isArray(given) || (given === undefined && !isNeeded) ? [] : [`${name}: a list is expected.`];

function menuProblems(at: string, menu: unknown): string[] {
  const { title } = (menu ?? {}) as { title?: unknown };
  return menu === undefined || typeof title === 'string'
    ? []
    : [`${at}.menu: an object with a title is expected.`];
}

const textProblems = (name: string, given: unknown): string[] =>
  given === undefined || typeof given === 'string' ? [] : [`${name}: a text is expected.`];

const functionProblems = (name: string, given: unknown, isNeeded = true): string[] =>
  typeof given === 'function' || (given === undefined && !isNeeded)
    ? []
    : [`${name}: a function is expected.`];

const pathProblems = (name: string, given: unknown): string[] =>
  typeof given === 'string' && PATH.test(given)
    ? []
    : [`${name}: a path such as /my-page or /sites/:id is expected.`];

const methodProblems = (name: string, given: unknown, method: string): string[] =>
  typeof given === 'function' &&
  typeof (given.prototype as Record<string, unknown> | undefined)?.[method] === 'function'
    ? []
    : [`${name}: a class with a method ${method} is expected.`];

function folderProblems(name: string, given: unknown, folder: string): string[] {
  if (given === undefined) return [];
  if (typeof given !== 'string') return [`${name}: the path of a folder is expected.`];
  const path = join(folder, given);
  return existsSync(path) && statSync(path).isDirectory() ? [] : [`${name}: there is no folder ${path}.`];
}

function eventProblems(name: string): string[] {
  const names: readonly string[] = EVENT_NAMES;
  return names.includes(name)
    ? []
    : [`onEvent: there is no event ${name}; did you mean ${closest(name, [...names])}?`];
}
