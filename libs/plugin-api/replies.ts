/** A page: a template of the plugin, in the frame of the platform if it extends `base.html`. */
export interface RenderedPage {
  readonly kind: 'page';
  readonly template: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly status: number;
}

/** Sends the browser to another path. */
export interface Redirection {
  readonly kind: 'redirect';
  readonly path: string;
}

/** A file of the static folder of the plugin. */
export interface SentFile {
  readonly kind: 'file';
  /** Relative to the static folder. */
  readonly path: string;
  /** Media type; by default the one of the ending. */
  readonly type?: string;
}

/** What a view answers. A text is sent as HTML as it is. */
export type ViewReply = RenderedPage | Redirection | SentFile | string;

/** An answer of the API with a status; handlers that return anything else answer 200 with it as JSON. */
export interface ApiReply {
  readonly kind: 'answer';
  readonly status: number;
  readonly body: unknown;
}

/**
 * Renders a template of the plugin with Nunjucks. All values are escaped.
 * @param content values for the template; `title` is the title of the page
 */
export const render = (
  template: string,
  content: Record<string, unknown> = {},
  status = 200,
): RenderedPage => ({ kind: 'page', template, content, status });

/** Sends the browser to another path of this server, with status 303. */
export const redirect = (path: string): Redirection => ({ kind: 'redirect', path });

/** Sends a file of the static folder of the plugin. */
export const sendFile = (path: string, type?: string): SentFile => ({ kind: 'file', path, type });

/** Answers with another status than 200. */
export const answer = (status: number, body: unknown): ApiReply => ({ kind: 'answer', status, body });

/** A request that is refused: the user gets the status and the message. */
export class Refusal extends Error {
  readonly isRefusal = true;

  constructor(
    /** HTTP status from 400 to 499. */
    readonly status: number,
    message: string,
    /** The field that is wrong. */
    readonly field?: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** An error to throw in a handler when a request is refused. @param status from 400 to 499 */
export const refuse = (status: number, message: string, field?: string): Refusal =>
  new Refusal(status, message, field);
