import type { Response } from 'express';

/** Dates of deprecation and removal, with links; see RFC 8594 and the draft of the Deprecation header. */
export interface Deprecation {
  /** IMF-fixdate. */
  deprecated: string;
  sunset: string;
  link: string;
  /** Path of the replacement. */
  successor?: string;
}

/** Adds deprecation headers to a response. */
export function markDeprecated(response: Response, deprecation: Deprecation): void {
  const { deprecated, sunset, link, successor } = deprecation;
  response.setHeader('Deprecation', deprecated);
  response.setHeader('Sunset', sunset);
  response.append('Link', [
    `<${link}>; rel="deprecation"; type="text/html"`,
    `<${link}>; rel="sunset"; type="text/html"`,
    ...(successor === undefined ? [] : [`<${successor}>; rel="successor-version"`]),
  ]);
}
