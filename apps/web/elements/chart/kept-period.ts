import { readPeriod, type Period } from './model/period';

const STORED = 'chart-period';

/** The period of the address, or the one that was chosen last in this session. */
export function keptPeriod(): Period | undefined {
  const query = new URLSearchParams(location.search);
  const stored = readStored().split('/');
  return readPeriod(query.get('first'), query.get('last')) ?? readPeriod(stored[0], stored[1]);
}

function readStored(): string {
  try {
    return sessionStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}

/** Keeps a period for the session and in the address. */
export function keepPeriod({ first, last }: Period): void {
  try {
    sessionStorage.setItem(STORED, `${first}/${last}`);
  } catch {
    // Without storage, only the address keeps it.
  }
  const address = new URL(location.href);
  address.searchParams.set('first', first);
  address.searchParams.set('last', last);
  history.replaceState(undefined, '', address);
}
