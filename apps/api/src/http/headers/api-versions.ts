import type { NextFunction, Request, Response } from 'express';

/** The release of FlexMeasures whose operations and fields this API has. Clients compare it with what they need. */
export const REFERENCE_VERSION = '0.33.1';

/** The version of the API, as in its paths. */
export const API_VERSION = 'v3_0';

const API = /^\/api(?:\/|$)/i;
const VERSIONED = new RegExp(String.raw`^/api/${API_VERSION}(?:/|$)`, 'i');

/** Names both versions in the headers of all answers of the API. */
export function nameVersions({ path }: Request, response: Response, next: NextFunction): void {
  if (API.test(path)) {
    response.setHeader('FlexMeasures-Version', REFERENCE_VERSION);
    if (VERSIONED.test(path)) response.setHeader('API-Version', API_VERSION);
  }
  next();
}
