/** Start of every device token. It tells them from login tokens, and lets scanners find leaked ones. */
export const SECRET_PREFIX = 'fmdt_';

/** The prefix and 32 random bytes. */
const SECRET = /^fmdt_[\w-]{43}$/;

/** Whether a text has the form of a device token. */
export const isDeviceSecret = (text: string): boolean => SECRET.test(text);
