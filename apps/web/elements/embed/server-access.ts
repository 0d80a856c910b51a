import { accessWith, FetchProblem, type Access } from '../chart/fetching';

/** Address of the server: that of this script. */
const SERVER = new URL(import.meta.url).origin;

/** A server, by its origin, and how it is asked. */
export interface ServerAccess {
  server: string;
  access: Access;
}

/** The server that an element shows, and how it is asked: each element with its own token. */
export function serverOf(element: HTMLElement): ServerAccess {
  const server = new URL(element.getAttribute('server') ?? SERVER).origin;
  return { server, access: accessWith(element.getAttribute('token') ?? undefined) };
}

/** Says in an element why it shows nothing. @param text for errors that are not about an answer of the server */
export function tell(element: HTMLElement, error: unknown, text: string): void {
  const paragraph = document.createElement('p');
  paragraph.setAttribute('role', 'alert');
  paragraph.textContent = error instanceof FetchProblem ? error.message : text;
  element.replaceChildren(paragraph);
  element.dataset['state'] = 'failed';
}
