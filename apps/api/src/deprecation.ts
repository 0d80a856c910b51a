import type { Response } from 'express';

/** When something was deprecated and will go, and where that is explained; RFC 8594 and the draft on Deprecation. */
export interface Deprecation {
  /** IMF-fixdate. */
  deprecated: string;
  sunset: string;
  link: string;
}

/** Says in the headers of an answer that something deprecated was used. */
export function markDeprecated(response: Response, { deprecated, sunset, link }: Deprecation): void {
  response.setHeader('Deprecation', deprecated);
  response.setHeader('Sunset', sunset);
  response.append('Link', [
    `<${link}>; rel="deprecation"; type="text/html"`,
    `<${link}>; rel="sunset"; type="text/html"`,
  ]);
}
