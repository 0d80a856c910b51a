import type { Attributes } from '#lib/assets';

/** Attributes from the text of a JSON object, which has been checked; undefined when none were sent. */
export const parsedAttributes = (text: string | undefined): Attributes | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Attributes);
