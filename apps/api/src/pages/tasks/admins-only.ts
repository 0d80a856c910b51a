import type { Response } from 'express';
import { unauthenticated, unauthorized } from '../../http/errors/api-error';
import { html, page } from '../html/html';
import { sendPage } from '../html/send-page';
import type { PageRequest } from '../sessions/page-request';

/**
 * Whether the user is an admin. Otherwise answers the request of a browser: with an error page, or with a redirect to the
 * login page for visitors without a user.
 * @throws ApiError 401 or 403 for requests that do not accept HTML
 */
export function requireAdmin(request: PageRequest, response: Response): boolean {
  const { user } = request;
  if (user?.roles.includes('admin')) return true;
  const acceptsHtml = request.accepts(['json', 'html']) === 'html';
  if (!acceptsHtml) throw user ? unauthorized() : unauthenticated();
  if (user) sendPage(response, 403, page('Admins only', html`<p>Only admins may see this page.</p>`));
  else response.redirect(303, `/login?next=${encodeURIComponent(request.originalUrl)}`);
  return false;
}
