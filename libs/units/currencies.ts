/** Codes of ISO 4217 that Intl does not list: funds, units of account, metals and a second code for one currency. */
const extraCodes =
  'BOV CHE CHW CLF COU MXV USN UYI UYW VED XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX';

/** The codes of every ISO 4217 currency. */
export function listCurrencies(): string[] {
  return [...new Set([...Intl.supportedValuesOf('currency'), ...extraCodes.split(' ')])];
}
