import type { Access } from './access';
import type { PluginContext, PluginRequest } from './context';

/** A class with `@Controller()` of Nest. One instance is made when the server starts. */
export type ControllerClass = new (context: PluginContext) => object;

/** What `@Req()` gives to handlers of controllers. */
export interface ControllerRequest {
  /** The request as handlers of routes get it: with the user, and with data that the user may see. */
  readonly plugin: PluginRequest;
}

/** What the decorators of this file note on controllers and their methods. */
export interface ControllerNotes {
  access?: readonly Access[];
  summary?: string;
  answer?: Readonly<Record<string, unknown>>;
}

const NOTES = Symbol.for('flexmeasures.plugin.notes');

type Decorator = (target: object, name?: string | symbol, descriptor?: PropertyDescriptor) => void;

/** Requirements of a route of a controller, or of all its routes. Without any, a user who is logged in or sends a token. */
export const Requires = (...access: Access[]): Decorator =>
  note(({ access: others = [] }) => ({ access: [...others, ...access] }));

/** One line, and the JSON schema of the answer, for the documentation of the API. */
export const Describes = (summary: string, answer?: Readonly<Record<string, unknown>>): Decorator =>
  note(() => ({ summary, answer }));

/** What has been noted on a controller, or on a method. */
export const notesOn = (place: object): ControllerNotes =>
  (Object.getOwnPropertyDescriptor(place, NOTES)?.value as ControllerNotes | undefined) ?? {};

const note =
  (change: (before: ControllerNotes) => ControllerNotes): Decorator =>
  (target, _name, descriptor) => {
    const place = (descriptor?.value as object | undefined) ?? target;
    const before = notesOn(place);
    Object.defineProperty(place, NOTES, { value: { ...before, ...change(before) }, configurable: true });
  };
