/** Most characters of a datetime, a duration or the name of a time zone. */
export const MAX_TIME_LENGTH = 100;

/** The sentence to add to the message about a text that is too long; empty when it is not. */
export const tooLong = (text: string): string =>
  text.length > MAX_TIME_LENGTH ? ` It has more than ${MAX_TIME_LENGTH} characters.` : '';
