/** Limits of forms with many fields, or with JSON: of assets and their flexibility. */
export const LARGE_FORM = { extended: false, inflate: false, limit: '512kb', parameterLimit: 500 };
