/** The server does not know the user any more. */
export class SessionEnded extends Error {}

/**
 * The page of an address of this server.
 * @throws SessionEnded if the server answers with its login page; Error for other answers without the page
 */
export async function fetchPage(address: string, options: RequestInit = {}): Promise<Document> {
  const response = await fetch(address, { ...options, headers: { Accept: 'text/html' } });
  if (isLogin(response)) throw new SessionEnded();
  if (!response.ok) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Whether a request was led to the login page. */
export const isLogin = ({ redirected, url }: Response): boolean =>
  redirected && new URL(url).pathname === '/login';

/** Why a page could not be fetched, for people; with a link to the login page, which leads back here. */
export function problemOf(error: unknown): Node[] {
  if (!(error instanceof SessionEnded)) return [new Text('This cannot be loaded.')];
  const link = document.createElement('a');
  link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = 'Log in again';
  return [new Text('Your session has ended. '), link];
}
