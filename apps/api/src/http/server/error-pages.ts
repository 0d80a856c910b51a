import type { Request, Response } from 'express';
import type { ApiError } from '../errors/api-error';

/** Injection token of the pages that show errors to people. */
export const ERROR_PAGES = Symbol('ERROR_PAGES');

/** Shows errors to people, who get JSON otherwise. */
export interface ErrorPages {
  /** Answers with a page, or sends a visitor to the login page. */
  answer: (request: Request, response: Response, error: ApiError) => Promise<void>;
}

/** Whether a browser asks for a page: it prefers HTML, and the path is not that of the API. */
export const wantsPage = (request: Request): boolean =>
  !/^\/(?:api|openapi\.json|static)(?:\/|$)/.test(request.path) &&
  request.accepts(['json', 'html']) === 'html';
