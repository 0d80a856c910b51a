import type { Access } from './access';
import type { PluginContext, PluginRequest } from './context';
import type { ControllerClass } from './controllers';
import type { EventName, PluginDomainEvent } from './events';
import type { Fields, ValuesOf } from './fields';
import type { Forecaster } from './forecasting';
import type { ViewReply } from './replies';
import type { Reporter } from './reporting';
import type { Scheduler } from './scheduling';

/** Requirements of a view or a route: one, or several that must all be met. */
export type AccessRequirements = Access | readonly Access[];

/** A page. Views come before those of the server, so that a view for `/`, `/favicon.ico` or `/login` replaces it. */
export interface ViewDefinition {
  /** One or more paths, such as `/my-page` or `/sites/:id`. */
  path: string | readonly string[];
  /** Default: GET. Forms need a field `csrf`: `{{ forms.csrf(csrf) }}` in the template. */
  method?: 'GET' | 'POST';
  /** By default, a user who is logged in. Visitors are sent to the login page. */
  access?: AccessRequirements;
  /** Adds the first path to the menu of users who meet the requirements about roles. */
  menu?: { title: string; /** Name of a Font Awesome icon. */ icon?: string };
  handle(
    request: PluginRequest<Readonly<Record<string, string>>, Readonly<Record<string, string>>>,
  ): ViewReply | Promise<ViewReply>;
}

/** A route of the API. */
export interface RouteDefinition<Query extends Fields = Fields, Body extends Fields = Fields> {
  /** Below `/api/<name of the plugin>`, unless it starts with `/api/`. */
  path: string;
  /** Default: GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** One line for the documentation of the API. */
  summary?: string;
  description?: string;
  /** By default, a user who is logged in or sends a token. */
  access?: AccessRequirements;
  /** Parameters of the query. Others are refused. */
  query?: Query;
  /** Fields of the JSON body. Others are refused. Without it, the handler gets the body as sent. */
  body?: Body;
  /** JSON schema of the answer, for the documentation of the API. */
  answer?: Readonly<Record<string, unknown>>;
  handle(request: PluginRequest<ValuesOf<Query>, ValuesOf<Body>>): unknown;
}

/** A command: `flexmeasures <name of the plugin> <name>`. */
export interface CommandDefinition<Options extends Fields = Fields> {
  name: string;
  description?: string;
  /** Options by name: `maxPower` is `--max-power`. */
  options?: Options;
  /** Prints with `console.log`. If it throws, the command ends with code 1 and the message. */
  run(options: ValuesOf<Options>, context: PluginContext): unknown;
}

/** A setting of a plugin, in the config file or the environment. */
export interface SettingDefinition {
  description: string;
  /**
   * What happens if it is missing. `error`: the plugin is not loaded, and the log says so; `warning` and `info`: the log says so
   * at this level. Default: `info`.
   */
  level?: 'error' | 'warning' | 'info';
  /** Added to the message. */
  message_if_missing?: string;
  /** How the value is read: `String`, `Number`, `Boolean`, or a function of the text. By default as in the config file. */
  parse_as?: StringConstructor | NumberConstructor | BooleanConstructor | ((text: string) => unknown);
}

/** The settings of the server, for `configure`. Values are those of the config file: texts, numbers, lists, dictionaries. */
export interface ServerConfig {
  /** Undefined if it is not set. */
  get(name: string): unknown;
  /** Sets a setting, whatever the host has set. */
  set(name: string, value: unknown): void;
  /** Sets a setting that the host has not set. */
  setDefault(name: string, value: unknown): void;
}

type SchedulerClass = new (...given: ConstructorParameters<typeof Scheduler>) => Scheduler;
type ForecasterClass = new (...given: ConstructorParameters<typeof Forecaster>) => Forecaster;

type ReporterClass = new (...given: ConstructorParameters<typeof Reporter>) => Reporter;

/** A plugin. Everything but the name is optional. */
export interface PluginDefinition {
  /** Letters, digits, `-` and `_`. Name of the command group, and part of the paths of the API and of static files. */
  name: string;
  /** Shown at the bottom of the pages. */
  version?: string;
  description?: string;
  /** Folder of templates, relative to the file of the plugin. */
  templates?: string;
  /** Folder of files for browsers, relative to the file of the plugin: `{{ static("css/style.css") }}` in templates. */
  static?: string;
  settings?: Readonly<Record<string, SettingDefinition>>;
  /** Changes settings of the server, once at the start. */
  configure?(config: ServerConfig): void;
  views?: readonly ViewDefinition[];
  api?: readonly RouteDefinition[];
  /** Controllers of Nest, for authors who prefer them to `api`. */
  controllers?: readonly ControllerClass[];
  cli?: { description?: string; commands: readonly CommandDefinition[] };
  /** Schedulers, whose names are those of their classes. */
  schedulers?: readonly SchedulerClass[];
  forecasters?: readonly ForecasterClass[];
  reporters?: readonly ReporterClass[];
  /** Handlers by event. Each event is handled once, by one process. If a handler throws, it is tried again later. */
  onEvent?: Partial<Record<EventName, (event: PluginDomainEvent, context: PluginContext) => unknown>>;
}

/** Marks what `definePlugin` returns. */
export type Plugin = PluginDefinition & { readonly isPlugin: true };

/** Describes a plugin: the default export of its entry. The server checks it when it loads it. */
export const definePlugin = (definition: PluginDefinition): Plugin => ({ ...definition, isPlugin: true });

/** Describes a view; for its types. */
export const view = (definition: ViewDefinition): ViewDefinition => definition;

/** Describes a route of the API, with types of its query and body. */
export const route = <Query extends Fields = Record<string, never>, Body extends Fields = Fields>(
  definition: RouteDefinition<Query, Body>,
): RouteDefinition => definition;

/** Describes a command, with types of its options. */
export const command = <Options extends Fields = Record<string, never>>(
  definition: CommandDefinition<Options>,
): CommandDefinition => definition;
