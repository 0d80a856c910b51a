/** Maximum length of a datetime, a duration or the name of a time zone. */
export const MAX_TIME_LENGTH = 100;

/** An additional sentence for the message about a text that is too long; otherwise empty. */
export const tooLong = (text: string): string =>
  text.length > MAX_TIME_LENGTH ? ` It has more than ${MAX_TIME_LENGTH} characters.` : '';
