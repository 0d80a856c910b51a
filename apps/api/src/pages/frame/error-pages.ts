import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ErrorPages } from '../../http/server/error-pages';
import { rejected, unauthorized, type ApiError } from '../../http/errors/api-error';
import { csrfTokenNeeded } from '../../http/auth/authentication/csrf-tokens';
import { SAFE_METHODS } from '../../http/auth/authentication/safe-methods';
import type { PageRequest } from '../sessions/page-request';
import { Pages } from './pages.service';

const TITLES: Record<number, string> = {
  403: 'You may not see this page',
  404: 'There is no such page',
  405: 'This page cannot do this',
  413: 'This is too large',
  422: 'This is not valid',
  429: 'Too many requests',
  503: 'The server is not ready',
};

/** Messages of the API that say less to people than these. */
const TEXTS: Record<string, string> = {
  [unauthorized().message]:
    'Your account or role does not include it. Ask an admin of your account if you need it.',
  'There is nothing at this path.': 'There is nothing at this address, or it was deleted.',
};

const EXPIRED_FORM = {
  title: 'This form has expired',
  text: 'Nothing was changed. Go back, load the page again, and send the form once more.',
  is_expired_form: true,
};

const NOT_FOUND = rejected(404, 'NOT_FOUND', 'There is nothing at this path.');

/** Whether the id in the path names nothing, for which the API has another status. */
const isAboutPath = ({ httpStatus, body: { message } }: ApiError): boolean =>
  httpStatus === 422 && typeof message === 'object' && message !== null && 'path' in message;

/** Shows errors as pages inside the frame. */
@Injectable()
export class FramedErrorPages implements ErrorPages {
  constructor(private readonly pages: Pages) {}

  async answer(request: Request, response: Response, error: ApiError): Promise<void> {
    const { httpStatus, headers, message } = isAboutPath(error) ? NOT_FOUND : error;
    if (httpStatus === 401) {
      const next = SAFE_METHODS.includes(request.method) ? request.originalUrl : '/';
      response.redirect(303, `/login?next=${encodeURIComponent(next)}`);
      return;
    }
    const content =
      message === csrfTokenNeeded().message
        ? EXPIRED_FORM
        : { title: TITLES[httpStatus] ?? 'Something went wrong', text: TEXTS[message] ?? message };
    response.set(headers);
    await this.pages.send(request as PageRequest, response, 'error.html', content, { status: httpStatus });
  }
}
