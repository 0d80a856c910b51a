import type { Response } from 'express';
import { unauthenticated, unauthorized } from '../../http/errors/api-error';
import { html, page } from '../html/html';
import { sendPage } from '../html/send-page';
import type { PageRequest } from '../sessions/page-request';

/**
 * Whether a page that only admins may see may be shown. Otherwise answers a person's request with a page: strangers
 * log in first.
 * @throws ApiError 401 or 403 for requests that do not come from a person's browser
 */
export function isForAdmin(request: PageRequest, response: Response): boolean {
  const { user } = request;
  if (user?.roles.includes('admin')) return true;
  const isPerson = request.accepts(['json', 'html']) === 'html';
  if (!isPerson) throw user ? unauthorized() : unauthenticated();
  if (user) sendPage(response, 403, page('Admins only', html`<p>Only admins may see this page.</p>`));
  else response.redirect(303, `/login?next=${encodeURIComponent(request.originalUrl)}`);
  return false;
}
