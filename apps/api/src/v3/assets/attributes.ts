import type { Attributes } from '#lib/assets';

/** Parses attributes from a validated JSON string; undefined if none were sent. */
export const parseAttributes = (text: string | undefined): Attributes | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Attributes);
